"""Usages: how far our own bills and vouchers have come with an invoice.

A redirect keeps its usages, bills and vouchers. They count for its master, and are the invoice's own again when the
merge is undone.
"""

from collections.abc import Mapping

from django.db import connection

from . import ledger
from .masters import master_ids

_STORE = """
INSERT INTO invoices_invoiceusage (invoice_id, app, expense_status)
SELECT invoice_id, %s, status FROM unnest(%s::bigint[], %s::text[]) AS new(invoice_id, status) ORDER BY invoice_id
ON CONFLICT (invoice_id, app) DO UPDATE SET expense_status = EXCLUDED.expense_status
 WHERE invoices_invoiceusage.expense_status <> EXCLUDED.expense_status
RETURNING invoice_id
"""


def set_usage(app: str, statuses: Mapping[int, str]) -> None:
    """Store how far ``app`` has come with these invoices (invoice id → ``choices.Expense``); the ledger follows.

    Must run in a transaction; holds the ledger's lock until that ends. One set operation for any number of invoices.
    """
    if not statuses:
        return
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [app, list(statuses), list(statuses.values())])
        changed = [row[0] for row in cursor.fetchall()]
    if changed:
        # Followers are notified even when the row stays the same: a usage may end behind a further one.
        ledger.recompute(sorted(set(master_ids(changed).values())), notify=True)
