"""What a person may see of the cases, and what others ask about them."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, QuerySet

from .choices import State, Tier
from .models import CaseDecision, CaseMember, DuplicateCase, SearchRun


def counts(user: Any) -> dict[str, int]:
    """How many open cases there are of each tier."""
    found = (
        DuplicateCase.objects.visible_to(user).filter(state=State.OPEN).values_list("tier").annotate(number=Count("pk"))
    )
    return dict.fromkeys(Tier.values, 0) | dict(found.order_by())


def open_count(user: Any, most: int) -> int:
    """Open cases, counted no further than ``most`` + 1."""
    return len(DuplicateCase.objects.visible_to(user).filter(state=State.OPEN).values_list("pk")[: most + 1])


def last_search() -> SearchRun | None:
    return SearchRun.objects.order_by("-pk").first()


def undoable(user: Any) -> QuerySet[CaseDecision]:
    """Decisions this person may take back, the newest first: the own ones, with ``undo_duplicatecase`` all."""
    found = CaseDecision.objects.filter(case__in=DuplicateCase.objects.visible_to(user), undone_at=None).exclude(
        action__in=["assign", "comment"]
    )
    return (found if user.has_perm("duplicates.undo_duplicatecase") else found.filter(user=user)).order_by("-pk")


def open_cases_of(invoice_ids: Collection[int]) -> dict[int, DuplicateCase]:
    """Invoice id → its open case, the surest one."""
    members = CaseMember.objects.filter(invoice__in=list(invoice_ids), case__state=State.OPEN).select_related("case")
    order = list(Tier.values)
    found = sorted(members, key=lambda member: order.index(member.case.tier), reverse=True)
    return {member.invoice_id: member.case for member in found}


def open_certain_case(invoice_ids: Collection[int]) -> dict[int, DuplicateCase]:
    """Invoice id → its open case where that is certain: such an invoice belongs on no bill before it is decided."""
    return {pk: case for pk, case in open_cases_of(invoice_ids).items() if case.tier == Tier.CERTAIN}
