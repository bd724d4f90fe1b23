"""Under which serial number a source knows an invoice: the one answer for bills, vouchers and the 发票助手."""

from collections.abc import Collection

from django.db import connection

from apps.sources.connectors.items import nameless

# Of several records of one source, such as a corrected invoice and its predecessor, the one written last.
_NEWEST_FIRST = """
SELECT s.source_id, m.invoice_id, s.external_id
  FROM invoice_masters(%s::bigint[]) m JOIN invoices_sourcerecord s ON s.invoice_id = m.master_id
 WHERE s.source_id = ANY(%s) AND NOT s.deleted
 ORDER BY s.updated_at DESC, s.id DESC
"""


def serial_numbers(invoice_ids: Collection[int], source_ids: Collection[int]) -> dict[int, dict[int, str]]:
    """Source id → invoice id → the external id by which this source knows the invoice, or its master, now.

    Every source is a key of the result; invoices that it does not know are left out, the others keep their order.
    """
    newest: dict[tuple[int, int], str] = {}
    if invoice_ids and source_ids:
        with connection.cursor() as cursor:
            cursor.execute(_NEWEST_FIRST, [list(invoice_ids), list(source_ids)])
            for source_id, invoice_id, external_id in cursor.fetchall():
                if not nameless(external_id):
                    newest.setdefault((source_id, invoice_id), external_id)
    return {
        source_id: {pk: newest[source_id, pk] for pk in invoice_ids if (source_id, pk) in newest}
        for source_id in source_ids
    }
