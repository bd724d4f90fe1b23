"""Reads of cases, limited to what a person may see."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, QuerySet

from apps.accounts.selectors import visible_company_ids

from .choices import State, Tier
from .models import CaseDecision, CaseMember, DuplicateCase, SearchRun


def cases(user: Any) -> QuerySet[DuplicateCase]:
    """The cases all of whose invoices belong to companies this person may see: half a case cannot be decided."""
    ids = visible_company_ids(user)
    every = DuplicateCase.objects.all()
    if ids is None:
        return every
    return every.filter(company_ids__overlap=ids, company_ids__contained_by=ids)  # an index knows the overlap only


def counts(user: Any) -> dict[str, int]:
    """Tier → number of open cases."""
    by_tier = cases(user).filter(state=State.OPEN).values_list("tier").annotate(number=Count("pk"))
    return dict.fromkeys(Tier.values, 0) | dict(by_tier.order_by())


def last_search() -> SearchRun | None:
    return SearchRun.objects.order_by("-pk").first()


def undoable(user: Any) -> QuerySet[CaseDecision]:
    """Decisions this person may undo, the newest first: his own, with the permission ``undo_duplicatecase`` all."""
    decisions = CaseDecision.objects.filter(case__in=cases(user), undone_at=None).exclude(
        action__in=["assign", "comment"]
    )
    return (decisions if user.has_perm("duplicates.undo_duplicatecase") else decisions.filter(user=user)).order_by(
        "-pk"
    )


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
