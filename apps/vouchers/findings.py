"""Findings: invoices that turned void, red, lost-control or abnormal while a voucher or a bill used them.

A finding is open or acknowledged exactly while the invoice is bad and a use exists that began before it turned bad
(``Invoice.bad_since``): an invoice on a bill that is not released, or on a voucher that is neither void nor reversed in
red (红字冲销). A use that began afterwards raises nothing, because the checks of the bill or voucher warned of the
invoice. When the last of the earlier uses ends, or the invoice is normal again, the finding is over; a use that comes
back (``BillInvoice.began_at``) reopens it.

Each run looks only at invoices that changed since the last one, by the change cursor, and at those of which a use
ended or came back (``UseChange``), so that it may run every minute and after every pull.
"""

from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import HubError
from apps.invoices import changes
from apps.sources.records import BAD_STATUSES

from .choices import FindingState
from .models import Finding

_FOLLOWER = "findings"
_BEGINNING = changes.Position(datetime(1970, 1, 1, tzinfo=UTC), 0)

# The invoices to look at: bad ones, and those with a finding, that changed in (since, until]; and the masters of those
# of which a use changed. since, until: positions in the ledger's stream of changes.
_IN_WINDOW = """
(i.updated_at, i.id) > (%(since)s, %(since_id)s) AND (i.updated_at, i.id) <= (%(until)s, %(until_id)s)
"""
_TO_CHECK = f"""
WITH noted AS (DELETE FROM invoices_usechange RETURNING invoice_id)
SELECT i.id FROM invoices_invoice i WHERE i.merged_into_id IS NULL AND i.status = ANY(%(bad)s) AND {_IN_WINDOW}
UNION SELECT i.id FROM vouchers_finding f JOIN invoices_invoice i ON i.id = f.invoice_id
 WHERE f.state <> 'gone' AND {_IN_WINDOW}
UNION SELECT master_id FROM invoice_masters(ARRAY(SELECT invoice_id FROM noted))
"""  # noqa: S608 - no input in it
# The uses of these invoices, and of what was merged into them, that began before the invoice turned bad. A voucher also
# uses what its bills use.
_USES = """
bad AS MATERIALIZED (
    SELECT id, status, bad_since FROM invoices_invoice
     WHERE id = ANY(%(ids)s) AND merged_into_id IS NULL AND status = ANY(%(bad)s)
), family AS (
    SELECT f.master_id AS root, i.id AS member, i.bad_since
      FROM invoice_families(ARRAY(SELECT id FROM bad)) f JOIN invoices_invoice i ON i.id = f.invoice_id
), bill_use AS (
    SELECT f.root, b.id, u.began_at, b.created_by_id, u.picked_by_id
      FROM family f JOIN bills_billinvoice u ON u.invoice_id = f.member AND u.state <> 'released'
      JOIN bills_bill b ON b.id = u.bill_id
     WHERE u.began_at < f.bad_since
), using_voucher AS NOT MATERIALIZED (
    SELECT v.* FROM vouchers_voucher v
     WHERE v.state <> 'void' AND v.reversal_of_id IS NULL
       AND NOT EXISTS (SELECT FROM vouchers_voucher r WHERE r.reversal_of_id = v.id AND r.state = 'booked')
), voucher_use AS (
    SELECT f.root, v.id, l.linked_at AS began_at, v.created_by_id, v.booked_by_id
      FROM family f JOIN vouchers_voucherinvoice l ON l.invoice_id = f.member
      JOIN using_voucher v ON v.id = l.voucher_id
     WHERE l.linked_at < f.bad_since
    UNION ALL SELECT u.root, v.id, u.began_at, v.created_by_id, v.booked_by_id
      FROM bill_use u JOIN vouchers_voucherbill l ON l.bill_id = u.id
      JOIN using_voucher v ON v.id = l.voucher_id
), used AS (
    SELECT root, min(began_at) AS since
      FROM (SELECT root, began_at FROM bill_use UNION ALL SELECT root, began_at FROM voucher_use) GROUP BY root
), people AS (
    SELECT root, created_by_id AS id FROM voucher_use UNION SELECT root, booked_by_id FROM voucher_use
    UNION SELECT root, created_by_id FROM bill_use UNION SELECT root, picked_by_id FROM bill_use
)
"""
_CLOSE = f"""
WITH {_USES}
UPDATE vouchers_finding AS f SET state = 'gone', changed_at = %(now)s
 WHERE f.state <> 'gone' AND f.invoice_id = ANY(%(ids)s)
   AND NOT EXISTS (SELECT FROM bad JOIN used ON used.root = bad.id
                    WHERE bad.id = f.invoice_id AND bad.status = f.status)
"""  # noqa: S608 - no input in it
_RAISE = f"""
WITH {_USES}
INSERT INTO vouchers_finding AS f (invoice_id, status, state, used_since, bad_since, raised_at, changed_at, note)
SELECT bad.id, bad.status, 'open', used.since, bad.bad_since, %(now)s, %(now)s, ''
  FROM bad JOIN used ON used.root = bad.id ORDER BY bad.id
ON CONFLICT (invoice_id, status) DO UPDATE SET
  (used_since, bad_since, state, changed_at, acknowledged_by_id, acknowledged_at, note) = (
      SELECT EXCLUDED.used_since, EXCLUDED.bad_since, 'open', EXCLUDED.changed_at, NULL::bigint, NULL::timestamptz, ''
       WHERE f.state = 'gone'
      UNION ALL SELECT EXCLUDED.used_since, EXCLUDED.bad_since, f.state, f.changed_at, f.acknowledged_by_id,
                       f.acknowledged_at, f.note
       WHERE f.state <> 'gone'
  )
RETURNING changed_at = %(now)s
"""  # noqa: S608 - no input in it
# What a finding names: the vouchers, bills and people of those uses, and no others.
_UNNAME = """
WITH {uses}
DELETE FROM vouchers_finding_{name} link USING vouchers_finding f, bad
 WHERE f.id = link.finding_id AND bad.id = f.invoice_id AND bad.status = f.status AND f.state <> 'gone'
   AND NOT EXISTS (SELECT FROM {use} u WHERE u.root = bad.id AND u.id = link.{column})
"""
_NAME = """
WITH {uses}
INSERT INTO vouchers_finding_{name} (finding_id, {column})
SELECT DISTINCT f.id, u.id FROM {use} u JOIN bad ON bad.id = u.root
  JOIN vouchers_finding f ON f.invoice_id = bad.id AND f.status = bad.status
 WHERE u.id IS NOT NULL ORDER BY 1, 2
ON CONFLICT DO NOTHING
"""
_NAMES = [
    statement.format(uses=_USES, name=name, column=column, use=use)
    for name, column, use in (
        ("vouchers", "voucher_id", "voucher_use"), ("bills", "bill_id", "bill_use"), ("people", "user_id", "people"),
    )
    for statement in (_UNNAME, _NAME)
]  # fmt: skip


def raise_findings() -> int:
    """Bring the findings up to date with the changes since the last run; the number of those raised or reopened.

    Of several concurrent runs one works, the others return 0.
    """
    with transaction.atomic():
        cursor_row, newest = changes.try_lock(_FOLLOWER), changes.newest()
        if cursor_row is None:
            return 0
        since = changes.position_of(cursor_row) or _BEGINNING
        until = max(since, newest or since)
        raised = _check(since, until)
        changes.move(cursor_row, until)
    return raised


def _check(since: changes.Position, until: changes.Position) -> int:
    window: dict[str, Any] = {
        "since": since.changed_at, "since_id": since.invoice_id,
        "until": until.changed_at, "until_id": until.invoice_id,
        "bad": list(BAD_STATUSES),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TO_CHECK, window)
        ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return 0
        params: dict[str, Any] = {"ids": ids, "bad": list(BAD_STATUSES), "now": timezone.now()}
        cursor.execute(_CLOSE, params)
        cursor.execute(_RAISE, params)
        raised = sum(new for (new,) in cursor.fetchall())
        for statement in _NAMES:
            cursor.execute(statement, params)
    return raised


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
