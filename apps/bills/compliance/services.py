"""Overriding findings, and taking overrides back."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.bills.models import Bill
from apps.bills.services.writing import locked, record
from apps.core.errors import HubError
from apps.core.messages import Message

from . import gate
from .models import ComplianceOverride
from .selectors import checked


@transaction.atomic
def override(
    bill: Bill, signatures: Collection[str], reason: str, user: User | None, revision: int | None = None
) -> list[ComplianceOverride]:
    """Override findings that block a bill's next step, with a reason. Raises HubError when a signature is not among
    them."""
    locked_bill = _lock_stoppable(bill, revision)
    reason = reason.strip()
    if not signatures:
        raise HubError("checks.none_ticked")
    if not reason:
        raise HubError("bills.reason_needed")
    blocking = {one.signature: one for one in checked(locked_bill).blocking}
    if set(signatures) - blocking.keys():
        raise HubError("checks.findings_changed", bill=locked_bill.number)
    now, ticked = timezone.now(), [blocking[one] for one in dict.fromkeys(signatures)]
    overrides = [
        ComplianceOverride(
            bill=locked_bill,
            invoice_id=one.invoice_id,
            check_code=one.finding.check,
            signature=one.signature,
            message=one.message.stored(),
            reason=reason[:300],
            made_by=user,
            made_at=now,
        )
        for one in ticked
    ]
    ComplianceOverride.objects.bulk_create(overrides)
    labels = [Message(f"checks.label.{code}") for code in dict.fromkeys(one.finding.check for one in ticked)]
    record(locked_bill, "override", user, "checks.was_overridden", reason, count=len(overrides), checks=labels)
    return overrides


@transaction.atomic
def take_back(bill: Bill, override_id: int, user: User | None, revision: int | None = None) -> None:
    """Take an override back, so that its finding counts again."""
    locked_bill = _lock_stoppable(bill, revision)
    row = locked_bill.overrides.filter(pk=override_id, taken_back_at=None).first()
    if row is None:
        raise HubError("checks.findings_changed", bill=locked_bill.number)
    row.taken_back_at, row.taken_back_by = timezone.now(), user
    row.save(update_fields=["taken_back_at", "taken_back_by"])
    record(locked_bill, "override", user, "checks.was_taken_back", checks=Message(f"checks.label.{row.check_code}"))


def _lock_stoppable(bill: Bill, revision: int | None) -> Bill:
    """The bill, locked. Raises HubError ``checks.nothing_ahead`` unless a finding may stop its next step."""
    locked_bill = locked(bill, revision)
    if gate.ahead(locked_bill) is None:
        raise HubError("checks.nothing_ahead", bill=locked_bill.number)
    return locked_bill
