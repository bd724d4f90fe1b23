"""Letting findings pass, and taking that back."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.bills.models import Bill
from apps.bills.services.writing import editable, record
from apps.core.errors import HubError

from .models import ComplianceOverride
from .selectors import checked


@transaction.atomic
def override(
    bill: Bill, signatures: Collection[str], reason: str, user: User | None, revision: int | None = None
) -> list[ComplianceOverride]:
    """Let findings that block a draft pass, with a reason. Raises HubError when one of them is not found (any more)."""
    found = editable(bill, revision)
    reason = reason.strip()
    if not signatures:
        raise HubError("checks.none_ticked")
    if not reason:
        raise HubError("bills.reason_needed")
    blocking = {one.signature: one for one in checked(found).blocking}
    if set(signatures) - blocking.keys():
        raise HubError("checks.gone", bill=found.number)
    now, ticked = timezone.now(), [blocking[one] for one in dict.fromkeys(signatures)]
    made = [
        ComplianceOverride(
            bill=found,
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
    ComplianceOverride.objects.bulk_create(made)
    labels = ", ".join(dict.fromkeys(one.label for one in ticked))
    record(found, "override", user, "checks.was_overridden", reason, count=len(made), checks=labels)
    return made


@transaction.atomic
def take_back(bill: Bill, override_id: int, user: User | None, revision: int | None = None) -> None:
    """Let a finding of a draft count again."""
    found = editable(bill, revision)
    row = found.overrides.filter(pk=override_id, taken_back_at=None).first()
    if row is None:
        raise HubError("checks.gone", bill=found.number)
    row.taken_back_at, row.taken_back_by = timezone.now(), user
    row.save(update_fields=["taken_back_at", "taken_back_by"])
    record(found, "override", user, "checks.was_taken_back", checks=str(row.get_check_code_display()))
