"""Writes what a merge decided, in sets: new rows by COPY, existing ones by one UPDATE of those that differ."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from apps.core.bulk import copy_rows, update_rows

from . import rows
from .identity import IDENTITY_VERSION, is_shared
from .parties import party_ids
from .rows import ResolvedInvoice

_RENAME_LINKS = """
UPDATE invoices_mergelink l SET {column} = renamed.new
  FROM unnest(%s::text[], %s::text[]) AS renamed(old, new) WHERE l.{column} = renamed.old
"""
_RENAME_REDIRECTS = """
UPDATE invoices_invoice i SET key = renamed.new, identity_version = %s
  FROM unnest(%s::text[], %s::text[]) AS renamed(old, new)
 WHERE i.key = renamed.old AND i.merged_into_id IS NOT NULL
   AND NOT EXISTS (SELECT FROM invoices_invoice other WHERE other.key = renamed.new)
"""


def write_invoices(
    invoices: Sequence[ResolvedInvoice], created: Collection[int], redirects: Mapping[int, int], moment: str
) -> list[int]:
    """Write invoices with their parties and lines; the ids of existing ones whose values changed.

    ``created``: ids of rows that do not exist yet. ``redirects``: rows without source records → their master.
    """
    parties = party_ids({party for i in invoices for party in (i.record.buyer, i.record.seller)})
    new = [invoice for invoice in invoices if invoice.invoice_id in created]
    existing = [invoice for invoice in invoices if invoice.invoice_id not in created]
    copy_rows("invoices_invoice", rows.INVOICE, (rows.invoice_row(invoice, parties, moment) for invoice in new))
    copy_rows("invoices_invoiceline", rows.LINE, (line for invoice in new for line in rows.line_rows(invoice)))
    updates = [rows.invoice_row(invoice, parties, moment)[:-1] for invoice in existing]
    changed = set(update_rows("invoices_invoice", rows.INVOICE_UPDATE, updates, "updated_at"))
    _make_redirects(redirects, moment)  # behind their masters: what a redirect counts as is the master's new status
    changed_lines = _replace_lines(existing)
    _touch((changed_lines | _to_notify(invoices, existing)) - changed, moment)
    return sorted(changed | changed_lines)


def write_source_records(invoices: Sequence[ResolvedInvoice], moment: str) -> None:
    """Write new and changed source records, and move those whose invoice is another one now."""
    pairs = [(state, invoice.invoice_id) for invoice in invoices for state in invoice.source_records]
    new = [(state, pk) for state, pk in pairs if state.id is None]
    changed = [(state, pk) for state, pk in pairs if state.id is not None and state.changed]
    moved = [(state.id, pk) for state, pk in pairs if state.id and not state.changed and state.invoice_id != pk]
    copy_rows(
        "invoices_sourcerecord", rows.SOURCE_RECORD, (rows.source_record_row(state, pk, moment) for state, pk in new)
    )
    update_rows(
        "invoices_sourcerecord",
        ("id", *rows.SOURCE_RECORD_UPDATE),
        [(state.id, *rows.source_record_update_row(state, pk, moment)) for state, pk in changed],
    )
    update_rows("invoices_sourcerecord", ("id", "invoice_id"), moved)


def write_match_keys(invoices: Sequence[ResolvedInvoice], created: Collection[int], former: Collection[int]) -> None:
    """Give every invoice the match keys of its source records. ``former``: rows that source records have left."""
    pairs = {
        (key, invoice.invoice_id)
        for invoice in invoices
        for state in invoice.source_records
        for key in state.keys
        if is_shared(key)
    }
    of_existing = {pair for pair in pairs if pair[1] not in created}
    _replace_match_keys({*former, *(invoice_id for _key, invoice_id in of_existing)}, of_existing)
    copy_rows("invoices_invoicekey", ("key", "invoice_id"), sorted(pairs - of_existing))


def rename_keys(renamed: Mapping[str, str]) -> None:
    """Carry old keys over to new ones (old → new) where no source record stands behind them: in merge links, and in
    redirects, whose row a person may want back by undoing the merge."""
    if not renamed:
        return
    pairs = [list(renamed), list(renamed.values())]
    with connection.cursor() as cursor:
        cursor.execute(_RENAME_LINKS.format(column="key"), pairs)
        cursor.execute(_RENAME_LINKS.format(column="master_key"), pairs)
        cursor.execute(_RENAME_REDIRECTS, [IDENTITY_VERSION, *pairs])


def _to_notify(invoices: Sequence[ResolvedInvoice], existing: Sequence[ResolvedInvoice]) -> set[int]:
    """Invoices whose source records changed in a way that their own rows may not show, but followers must hear of."""
    gained = {
        invoice.invoice_id
        for invoice in existing
        for state in invoice.source_records
        if state.notify or state.invoice_id != invoice.invoice_id
    }
    lost = {
        state.invoice_id
        for invoice in invoices
        for state in invoice.source_records
        if state.invoice_id and state.invoice_id != invoice.invoice_id
    }
    return gained | lost


def _replace_lines(invoices: Sequence[ResolvedInvoice]) -> set[int]:
    """Write the lines of existing invoices anew where they differ; the ids of those invoices."""
    if not invoices:
        return set()
    stored: dict[int, list[tuple[Any, ...]]] = {invoice.invoice_id: [] for invoice in invoices}
    columns = ", ".join(rows.LINE)
    with connection.cursor() as cursor:
        statement = (
            f"SELECT {columns} FROM invoices_invoiceline WHERE invoice_id = ANY(%s) ORDER BY invoice_id, position"  # noqa: S608
        )
        cursor.execute(statement, [list(stored)])
        for row in cursor.fetchall():
            stored[row[0]].append(row)
        computed = {invoice.invoice_id: rows.line_rows(invoice) for invoice in invoices}
        differing = {pk for pk in stored if stored[pk] != computed[pk]}
        if differing:
            cursor.execute("DELETE FROM invoices_invoiceline WHERE invoice_id = ANY(%s)", [list(differing)])
    copy_rows("invoices_invoiceline", rows.LINE, [line for pk in sorted(differing) for line in computed[pk]])
    return differing


def _replace_match_keys(invoice_ids: Collection[int], pairs: Iterable[tuple[str, int]]) -> None:
    """Give these existing invoices exactly these match keys (key, invoice id)."""
    if not invoice_ids:
        return
    ordered = sorted(pairs)
    arrays: list[list[Any]] = [[key for key, _ in ordered], [pk for _, pk in ordered]]
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM invoices_invoicekey k WHERE k.invoice_id = ANY(%s) AND NOT EXISTS (SELECT FROM"
            " unnest(%s::text[], %s::bigint[]) AS new(key, pk) WHERE new.key = k.key AND new.pk = k.invoice_id)",
            [list(invoice_ids), *arrays],
        )
        cursor.execute(
            "INSERT INTO invoices_invoicekey (key, invoice_id) SELECT * FROM unnest(%s::text[], %s::bigint[])"
            " ON CONFLICT (key, invoice_id) DO NOTHING",
            arrays,
        )


def _touch(invoice_ids: Collection[int], moment: str) -> None:
    """Date invoices as changed whose own row stayed the same."""
    if invoice_ids:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE invoices_invoice SET updated_at = %s WHERE id = ANY(%s)", [moment, list(invoice_ids)]
            )


def _make_redirects(redirects: Mapping[int, int], moment: str) -> None:
    """Make these invoices, which have no source records left, redirects to their masters, without lines."""
    if not redirects:
        return
    redirect_ids = sorted(redirects)
    arrays = [redirect_ids, [redirects[pk] for pk in redirect_ids]]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE invoices_invoice i SET merged_into_id = moved.master_id, updated_at = %s"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS moved(id, master_id) WHERE i.id = moved.id",
            [moment, *arrays],
        )
        cursor.execute("DELETE FROM invoices_invoiceline WHERE invoice_id = ANY(%s)", [redirect_ids])
