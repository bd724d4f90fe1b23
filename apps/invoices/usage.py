"""What our own bills and vouchers say of an invoice's use, and which invoice a merged one is today.

A merged invoice keeps its usages, its bills and its vouchers: what is said of it counts for the invoice it was
merged into, and comes back with it when the two part again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db import connection

_FAMILY = """
WITH RECURSIVE family AS (
    SELECT id AS living, id FROM unnest(%(ids)s::bigint[]) AS asked(id)
    UNION
    SELECT family.living, i.id FROM invoices_invoice i JOIN family ON i.merged_into_id = family.id
     WHERE i.id <> ALL(%(ids)s::bigint[])
)
SELECT family.id, living, expense_status FROM family LEFT JOIN invoices_invoiceusage s ON s.invoice_id = family.id
"""
_SAY = """
INSERT INTO invoices_invoiceusage (invoice_id, app, expense_status)
SELECT pk, %s, status FROM unnest(%s::bigint[], %s::text[]) AS said(pk, status) ORDER BY pk
ON CONFLICT (invoice_id, app) DO UPDATE SET expense_status = EXCLUDED.expense_status
 WHERE invoices_invoiceusage.expense_status <> EXCLUDED.expense_status
RETURNING invoice_id
"""
_LIVING = """
WITH RECURSIVE up AS (
    SELECT id AS asked, id, merged_into_id FROM invoices_invoice WHERE id = ANY(%s)
    UNION SELECT up.asked, i.id, i.merged_into_id FROM invoices_invoice i JOIN up ON i.id = up.merged_into_id
)
SELECT asked, id FROM up WHERE merged_into_id IS NULL
"""


def set_usage(app: str, statuses: Mapping[int, str]) -> None:
    """One of our apps says how far the use of these invoices has come (``choices.Expense``); the ledger follows.

    Must run in a transaction; holds the ledger until it ends. One set operation, however many invoices.
    """
    from . import ledger  # it reads usages itself

    if not statuses:
        return
    with connection.cursor() as cursor:
        cursor.execute(_SAY, [app, list(statuses), list(statuses.values())])
        changed = [row[0] for row in cursor.fetchall()]
    if changed:
        ledger.recompute(sorted(set(living(changed).values())), news=True)  # a use may end behind another one


def usages(invoice_ids: Iterable[int], moving: Mapping[int, int]) -> dict[int, list[str]]:
    """What is said of the use of each of these invoices, and of those merged into it. ``moving``: invoices that are
    being merged just now, and into which."""
    found: dict[int, list[str]] = defaultdict(list)
    for _member, pk, status in _families(invoice_ids):
        if status is not None:
            found[moving.get(pk, pk)].append(status)
    return found


def living(invoice_ids: Collection[int]) -> dict[int, int]:
    """Each id → the id of the invoice that stands for it today (itself, unless it was merged into another one)."""
    if not invoice_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_LIVING, [list(invoice_ids)])
        return dict(cursor.fetchall())


def families(invoice_ids: Iterable[int]) -> dict[int, int]:
    """Each of these living invoices and everything that was merged into one of them → the living one."""
    return {member: pk for member, pk, _status in _families(invoice_ids)}


def _families(invoice_ids: Iterable[int]) -> list[tuple[int, int, str | None]]:
    """(member, living invoice, what one of our apps says of the member)."""
    ids = sorted(set(invoice_ids))
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_FAMILY, {"ids": ids})
        return cursor.fetchall()
