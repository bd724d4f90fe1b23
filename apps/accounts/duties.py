"""Separation of duties: who approves, audits or closes must not be who made it, and only up to an amount.

A policy (``DutyPolicy``) may allow one's own documents; without one it does not. Limits (``ApprovalLimit``) belong to
roles that hold the permission of the duty. Superusers have no limit, but their own documents are their own, too.

``user`` None is the system: background jobs and set-up code, never a request. Commands that take a step of a duty
ask for the person (``--as``) before they call a service.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from apps.core.errors import HubError
from apps.core.messages import Message

from .choices import Duty
from .models import ApprovalLimit, DutyPolicy, User

PERMISSIONS: Mapping[Duty, str] = {
    Duty.BILL: "bills.approve_bill",
    Duty.VOUCHER: "vouchers.audit_voucher",
    Duty.CLOSING: "vouchers.add_closedperiod",
}


@dataclass(frozen=True)
class Document:
    """What a duty is exercised on. ``pk``: how the caller names it; ``owners``: ids of the people whose own it is, None
    among them is nobody; ``amount``: yuan, None: no limit applies."""

    pk: int
    company_id: int
    owners: Collection[int | None]
    amount: Decimal | None = None


def require(
    user: User | None, duty: Duty, company_id: int, owners: Collection[int | None], amount: Decimal | None = None
) -> None:
    """Raise HubError ``duties.own`` or ``duties.limit`` unless this person may exercise the duty on a document."""
    for error in refusals(user, duty, [Document(0, company_id, owners, amount)]).values():
        raise error


def refusals(user: User | None, duty: Duty, documents: Sequence[Document]) -> dict[int, HubError]:
    """Document → why this person may not exercise the duty on it; without those on which they may. At most three
    queries for any number of documents."""
    if user is None or not documents:
        return {}
    companies = {document.company_id for document in documents}
    own = [document for document in documents if user.pk in document.owners]
    allowed = own_allowed(duty, companies) if own else frozenset[int]()
    limits = _limits(user, duty, companies)
    refused: dict[int, HubError] = {}
    for document in documents:
        limit = limits.get(document.company_id)
        if user.pk in document.owners and document.company_id not in allowed:
            refused[document.pk] = HubError("duties.own", why=Message(f"duties.own.{duty}"))
        elif limit is not None and document.amount is not None and abs(document.amount) > limit:
            label, amount = Message(f"duties.{duty}"), f"{abs(document.amount):.2f}"
            refused[document.pk] = HubError("duties.limit", duty=label, limit=f"{limit:.2f}", amount=amount)
    return refused


def own_allowed(duty: Duty, company_ids: Collection[int]) -> frozenset[int]:
    """Those of these companies that allow one's own documents; the row of a company takes precedence."""
    rows = DutyPolicy.objects.filter(Q(company=None) | Q(company__in=company_ids), duty=duty)
    policies: dict[int | None, bool] = dict(rows.values_list("company_id", "own_allowed"))
    return frozenset(pk for pk in company_ids if policies.get(pk, policies.get(None, False)))


def _limits(user: User, duty: Duty, company_ids: Collection[int]) -> dict[int, Decimal]:
    """Company → up to which amount (yuan) this person may; companies without a limit are absent.

    Nothing limits somebody whose permission comes from no role but was granted singly.
    """
    if user.is_superuser:
        return {}
    rows = ApprovalLimit.objects.filter(Q(company=None) | Q(company__in=company_ids), duty=duty)
    amounts: dict[int, dict[int | None, Decimal]] = defaultdict(dict)  # role → company → amount
    for role, company, amount in rows.values_list("role_id", "company_id", "amount"):
        amounts[role][company] = amount
    if not amounts:
        return {}
    app, codename = PERMISSIONS[duty].split(".")
    holding = {"permissions__content_type__app_label": app, "permissions__codename": codename}
    roles = list(user.groups.filter(**holding).values_list("pk", flat=True))
    if not roles:
        return {}
    limits: dict[int, Decimal] = {}
    for company in company_ids:
        of_roles = [amounts[role].get(company, amounts[role].get(None)) for role in roles]
        highest = [amount for amount in of_roles if amount is not None]
        if len(highest) == len(of_roles):  # a role without a row has no limit
            limits[company] = max(highest)
    return limits
