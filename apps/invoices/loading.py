"""What a merge reads before it writes: source records, merge links, usages and invoice rows by key. Sets only."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from apps.core.bulk import text_array
from apps.sources.records import loads

from .identity import is_shared
from .source_records import Origin, SourceRecordState

_SOURCE_RECORDS = """
SELECT s.id, s.invoice_id, s.source_id, o.kind, o.company_id, s.external_id, s.raw_id, s.record, s.keys
  FROM invoices_sourcerecord s JOIN sources_source o ON o.id = s.source_id
"""
_MERGE_LINKS = """
SELECT key, master_key FROM invoices_mergelink WHERE key = ANY(%(keys)s::text[])
UNION SELECT key, master_key FROM invoices_mergelink WHERE master_key = ANY(%(keys)s::text[])
"""
# One statement for both: small pages spend much of their time on round trips.
_CONNECTIONS = """
SELECT key, master_key, NULL::bigint FROM invoices_mergelink WHERE key = ANY(%(keys)s::text[])
UNION SELECT key, master_key, NULL FROM invoices_mergelink WHERE master_key = ANY(%(keys)s::text[])
UNION ALL SELECT NULL, NULL, invoice_id FROM invoices_invoicekey WHERE key = ANY(%(shared)s::text[])
"""
_USAGES = """
SELECT f.master_id, u.expense_status
  FROM invoice_families(%s::bigint[]) f JOIN invoices_invoiceusage u ON u.invoice_id = f.invoice_id
"""


def stored_records(source_id: int, external_ids: Iterable[str]) -> dict[str, SourceRecordState]:
    """The source's stored source records with these external ids, by external id."""
    ids = text_array(external_ids)
    states = _select("WHERE s.source_id = %s AND s.external_id = ANY(%s::text[])", [source_id, ids])
    return {state.external_id: state for state in states}


def load_connected(
    start_keys: Iterable[str], invoice_ids: Iterable[int]
) -> tuple[list[SourceRecordState], dict[str, str]]:
    """All stored source records that hang together with these keys and invoices, and the merge links between them.

    Follows shared keys and merge links until nothing new appears; one or two rounds, because invoices have few keys.
    """
    links: dict[str, str] = {}
    states: dict[int | None, SourceRecordState] = {}
    seen_keys: set[str] = set()
    seen_ids: set[int] = set()
    new_keys, new_ids = set(start_keys), set(invoice_ids)
    while new_keys or new_ids:
        seen_keys |= new_keys
        new_links, sharing = _connections(new_keys)
        links |= new_links
        new_ids |= sharing | invoices_with_keys([*new_links, *new_links.values()])
        new_ids -= seen_ids
        seen_ids |= new_ids
        loaded = _select("WHERE s.invoice_id = ANY(%s)", [sorted(new_ids)]) if new_ids else []
        states.update((state.id, state) for state in loaded)
        new_keys = {key for state in loaded for key in state.keys} - seen_keys
        new_ids = set()
    return list(states.values()), links


def merge_links(keys: Collection[str]) -> dict[str, str]:
    """The merge links in which these keys occur on either side: key of the redirect → key of the master."""
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_MERGE_LINKS, {"keys": text_array(keys)})
        return dict(cursor.fetchall())


def invoices_with_keys(keys: Collection[str]) -> set[int]:
    """Ids of the masters that carry one of these keys as a match key or as their own key, now or before a merge."""
    if not keys:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(merged_into_id, id) FROM invoices_invoice WHERE key = ANY(%s::text[])", [text_array(keys)]
        )
        return {row[0] for row in cursor.fetchall()} | _invoices_sharing(keys)


def invoice_ids_by_key(keys: Iterable[str]) -> dict[str, int]:
    """Invoice rows by their own key, redirects included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, id FROM invoices_invoice WHERE key = ANY(%s::text[])", [text_array(keys)])
        return dict(cursor.fetchall())


def usage_statuses(invoice_ids: Collection[int], redirects: Mapping[int, int]) -> dict[int, list[str]]:
    """The usages of each of these invoices and of those merged into it (``choices.Expense``), by invoice id.

    ``redirects``: invoices that this merge turns into redirects → their master.
    """
    statuses: dict[int, list[str]] = defaultdict(list)
    if invoice_ids:
        with connection.cursor() as cursor:
            cursor.execute(_USAGES, [sorted(invoice_ids)])
            for master_id, status in cursor.fetchall():
                statuses[redirects.get(master_id, master_id)].append(status)
    return statuses


def _connections(keys: Collection[str]) -> tuple[dict[str, str], set[int]]:
    """``merge_links`` of these keys, and the ids of the invoices that have one of them as a match key."""
    if not keys:
        return {}, set()
    shared = text_array(key for key in keys if is_shared(key))
    with connection.cursor() as cursor:
        cursor.execute(_CONNECTIONS, {"keys": text_array(keys), "shared": shared})
        rows = cursor.fetchall()
    links = {key: master_key for key, master_key, invoice_id in rows if invoice_id is None}
    return links, {invoice_id for _key, _master_key, invoice_id in rows if invoice_id is not None}


def _invoices_sharing(keys: Iterable[str]) -> set[int]:
    """Invoices with one of these as a match key. Keys of a single record have no match key row."""
    shared = [key for key in keys if is_shared(key)]
    if not shared:
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT invoice_id FROM invoices_invoicekey WHERE key = ANY(%s::text[])", [text_array(shared)])
        return {row[0] for row in cursor.fetchall()}


def _select(where: str, params: list[Any]) -> list[SourceRecordState]:
    with connection.cursor() as cursor:
        cursor.execute(_SOURCE_RECORDS + where, params)
        rows: Sequence[tuple[Any, ...]] = cursor.fetchall()
    origins: dict[int, Origin] = {}
    states = []
    for pk, invoice_id, source_id, kind, company_id, external_id, raw_id, record, keys in rows:
        origin = origins.setdefault(source_id, Origin(source_id, kind, company_id))
        states.append(SourceRecordState(origin, external_id, raw_id, loads(record), tuple(keys), pk, invoice_id))
    return states
