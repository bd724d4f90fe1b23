"""Raises a finding when an invoice turns void, red, lost-control or abnormal after a voucher or a bill has used it.

Each run reads only the invoices that changed since the last one, by the change cursor, so that it may run every minute
and after every pull. A finding stays open until a person acknowledges it with a note, or the invoice is normal again.
"""

from datetime import UTC, datetime

from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import HubError
from apps.invoices import changes

from .checks import USED_UP
from .choices import FindingState
from .models import Finding

_FOLLOWER = "findings"
_BEGINNING = changes.Position(datetime(1970, 1, 1, tzinfo=UTC), 0)

# Master invoices of a bad status that changed in (since, until], with the vouchers, bills and people that use them.
# since, until: positions in the ledger's stream of changes.
_CHANGED = """
changed AS MATERIALIZED (
    SELECT id, status FROM invoices_invoice
     WHERE merged_into_id IS NULL AND status = ANY(%(bad)s)
       AND (updated_at, id) > (%(since)s, %(since_id)s) AND (updated_at, id) <= (%(until)s, %(until_id)s)
), family AS (
    SELECT master_id AS root, invoice_id AS member FROM invoice_families(ARRAY(SELECT id FROM changed))
), voucher_use AS (
    SELECT f.root, v.id, v.created_by_id, v.booked_by_id
      FROM family f JOIN vouchers_voucherinvoice l ON l.invoice_id = f.member
      JOIN vouchers_voucher v ON v.id = l.voucher_id AND v.state <> 'void'
), bill_invoice AS (
    SELECT f.root, b.id, b.created_by_id, u.picked_by_id
      FROM family f JOIN bills_billinvoice u ON u.invoice_id = f.member AND u.state <> 'released'
      JOIN bills_bill b ON b.id = u.bill_id
), booked_bill AS (
    SELECT u.root, v.id, v.created_by_id, v.booked_by_id
      FROM bill_invoice u JOIN vouchers_voucherbill l ON l.bill_id = u.id
      JOIN vouchers_voucher v ON v.id = l.voucher_id AND v.state <> 'void'
), vouchers AS (SELECT * FROM voucher_use UNION SELECT * FROM booked_bill),
people AS (
    SELECT root, created_by_id AS person FROM vouchers UNION SELECT root, booked_by_id FROM vouchers
    UNION SELECT root, created_by_id FROM bill_invoice UNION SELECT root, picked_by_id FROM bill_invoice
)
"""
_RAISE = f"""
WITH RECURSIVE {_CHANGED}
INSERT INTO vouchers_finding (invoice_id, status, state, raised_at, changed_at, note)
SELECT id, status, 'open', %(now)s, %(now)s, '' FROM changed
 WHERE id IN (SELECT root FROM vouchers UNION SELECT root FROM bill_invoice) ORDER BY id
ON CONFLICT (invoice_id, status) DO UPDATE
   SET state = 'open', changed_at = EXCLUDED.changed_at WHERE vouchers_finding.state = 'gone'
"""  # noqa: S608 - no input in it
_LINK = """
WITH RECURSIVE {changed}
INSERT INTO vouchers_finding_{name} (finding_id, {column})
SELECT DISTINCT f.id, u.{value} FROM {name_of_use} u JOIN changed c ON c.id = u.root
  JOIN vouchers_finding f ON f.invoice_id = c.id AND f.status = c.status
 WHERE u.{value} IS NOT NULL ORDER BY 1, 2
ON CONFLICT DO NOTHING
"""
_LINKS = [
    _LINK.format(changed=_CHANGED, name=name, column=column, value=value, name_of_use=use)
    for name, column, value, use in (
        ("vouchers", "voucher_id", "id", "vouchers"),
        ("bills", "bill_id", "id", "bill_invoice"),
        ("people", "user_id", "person", "people"),
    )
]


def raise_findings() -> int:
    """Raise findings for the invoices that changed since the last run; their number.

    Of several concurrent runs one works, the others return 0.
    """
    with transaction.atomic():
        cursor_row, until = changes.try_lock(_FOLLOWER), changes.newest()
        if cursor_row is None or until is None:
            return 0
        since = changes.position_of(cursor_row) or _BEGINNING
        if until <= since:
            return 0
        window: dict[str, datetime | int | list[str]] = {
            "since": since.changed_at, "since_id": since.invoice_id,
            "until": until.changed_at, "until_id": until.invoice_id,
            "bad": list(USED_UP), "now": timezone.now(),
        }  # fmt: skip
        _close_outdated(since)
        with connection.cursor() as cursor:
            cursor.execute(_RAISE, window)
            raised: int = cursor.rowcount
            for statement in _LINKS:
                cursor.execute(statement, window)
        changes.move(cursor_row, until)
    return raised


def _close_outdated(since: changes.Position) -> None:
    """Set open findings to ``gone`` whose invoice changed and has another status now, or was merged."""
    changed = Finding.objects.filter(state=FindingState.OPEN, invoice__updated_at__gte=since.changed_at)
    gone = [
        pk
        for pk, before, now, master in changed.values_list("pk", "status", "invoice__status", "invoice__merged_into")
        if before != now or master
    ]
    Finding.objects.filter(pk__in=gone).update(state=FindingState.GONE, changed_at=timezone.now())


def acknowledge(finding: Finding, user: User | None, note: str) -> None:
    """Acknowledge an open finding; ``note``: what was done about it. Raises HubError when it is not open any more."""
    _move(finding, FindingState.OPEN, FindingState.ACKNOWLEDGED, user, note)


def raise_again(finding: Finding) -> None:
    """Undo an acknowledgement. Raises HubError when the finding is not acknowledged any more."""
    _move(finding, FindingState.ACKNOWLEDGED, FindingState.OPEN, None, "")


def _move(finding: Finding, before: str, after: str, user: User | None, note: str) -> None:
    now = timezone.now()
    updated = Finding.objects.filter(pk=finding.pk, state=before).update(
        state=after,
        note=note[:300],
        acknowledged_by=user,
        acknowledged_at=now if after == FindingState.ACKNOWLEDGED else None,
        changed_at=now,
    )
    if not updated:
        raise HubError("finding.settled_meanwhile", invoice=finding.invoice)
