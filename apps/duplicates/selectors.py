"""Reads of cases, limited to what a person may see."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, QuerySet

from .choices import State, Tier
from .models import CaseDecision, CaseMember, DuplicateCase, SearchRun


def counts(user: Any) -> dict[str, int]:
    """Tier → number of open cases."""
    open_cases = DuplicateCase.objects.visible_to(user).filter(state=State.OPEN)
    by_tier = open_cases.values_list("tier").annotate(number=Count("pk"))
    return dict.fromkeys(Tier.values, 0) | dict(by_tier.order_by())


def last_search() -> SearchRun | None:
    return SearchRun.objects.order_by("-pk").first()


def undoable(user: Any) -> QuerySet[CaseDecision]:
    """Decisions this person may undo, the newest first: their own, with the permission ``undo_duplicatecase`` all."""
    visible = CaseDecision.objects.filter(case__in=DuplicateCase.objects.visible_to(user), undone_at=None)
    decisions = visible.exclude(action__in=["assign", "comment"]).order_by("-pk")
    return decisions if user.has_perm("duplicates.undo_duplicatecase") else decisions.filter(user=user)


def open_cases_of(invoice_ids: Collection[int]) -> dict[int, DuplicateCase]:
    """Invoice id → its open case, of several the one of the surest tier."""
    members = CaseMember.objects.filter(invoice__in=list(invoice_ids), case__state=State.OPEN).select_related("case")
    order = list(Tier.values)
    surest_last = sorted(members, key=lambda member: order.index(member.case.tier), reverse=True)
    return {member.invoice_id: member.case for member in surest_last}


def open_certain_case(invoice_ids: Collection[int]) -> dict[int, DuplicateCase]:
    """Invoice id → its open case of the tier *certain*. Such an invoice may not be put on a bill until it is
    decided."""
    return {pk: case for pk, case in open_cases_of(invoice_ids).items() if case.tier == Tier.CERTAIN}
