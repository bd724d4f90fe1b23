"""The master of a merged invoice, and everything that was merged into a master. Set-wise, by two SQL functions.

The functions (migration 0002) also serve SQL of other apps, such as the trigger that guards reservations:
``invoice_masters(ids)`` gives (invoice_id, master_id), ``invoice_families(master_ids)`` gives (master_id, invoice_id).
"""

from collections.abc import Collection

from django.db import connection


def master_ids(invoice_ids: Collection[int]) -> dict[int, int]:
    """Each of these invoices → its master: itself unless it was merged. Ids that do not exist are left out."""
    return _pairs("SELECT invoice_id, master_id FROM invoice_masters(%s::bigint[])", invoice_ids)


def family_ids(invoice_ids: Collection[int]) -> dict[int, int]:
    """Each of these masters and every invoice that was merged into one of them → the master."""
    return _pairs("SELECT invoice_id, master_id FROM invoice_families(%s::bigint[])", invoice_ids)


def _pairs(statement: str, invoice_ids: Collection[int]) -> dict[int, int]:
    if not invoice_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(statement, [sorted(invoice_ids)])
        return dict(cursor.fetchall())
