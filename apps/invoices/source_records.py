"""Source records as a merge works on them, and how those that hang together are found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection

from apps.core.bulk import text_array
from apps.sources.records import InvoiceRecord, loads

from .identity import keys


@dataclass(eq=False, slots=True)
class Seat:
    """One source record in or on its way into the ledger. ``id`` and ``invoice_id`` are None for a new one;
    ``rewritten`` says that its own row must be written, ``news`` that followers must hear of its invoice: somebody
    claims it anew or otherwise, or a bill or voucher of ours says something else."""

    id: int | None
    invoice_id: int | None
    source_id: int
    source_name: str
    source_kind: str
    company_id: int
    external_id: str
    raw_id: int
    record: InvoiceRecord
    keys: tuple[str, ...]
    rewritten: bool = False
    news: bool = False

    @property
    def changed_at(self) -> datetime | None:
        return self.record.changed_at

    def rekeyed(self) -> "Seat":
        """The same source record under today's identity rules."""
        return replace(self, keys=keys(self.record, self.source_name), rewritten=True)


_FIELDS = (
    "id",
    "invoice_id",
    "source_id",
    "source_name",
    "source_kind",
    "company_id",
    "external_id",
    "raw_id",
    "record",
    "keys",
)
_COLUMNS = """
SELECT s.id, s.invoice_id, s.source_id, o.name, o.kind, o.company_id, s.external_id, s.raw_id, s.record, s.keys
  FROM invoices_sourcerecord s JOIN sources_source o ON o.id = s.source_id
"""


def own_seats(source_id: int, external_ids: Sequence[str]) -> dict[str, Seat]:
    """The source's source records of these records, by external id."""
    found = _select("WHERE s.source_id = %s AND s.external_id = ANY(%s::text[])", [source_id, text_array(external_ids)])
    return {seat.external_id: seat for seat in found}


def load_connected(start_keys: Iterable[str], invoice_ids: Iterable[int]) -> tuple[list[Seat], dict[str, str]]:
    """All source records of these invoices, of the invoices that carry one of the keys, and of those that share any
    key with them in turn, or a person's word; and those words. Ends after one or two rounds: documents have few
    names."""
    words: dict[str, str] = {}
    loaded: dict[int | None, Seat] = {}
    asked_keys: set[str] = set()
    seen: set[int] = set()
    new_keys, new_ids = set(start_keys), set(invoice_ids)
    while new_keys or new_ids:
        asked_keys |= new_keys
        said = words_about(new_keys)
        words |= said
        new_ids = (new_ids | invoices_with_alias(new_keys) | invoices_under([*said, *said.values()])) - seen
        seen |= new_ids
        seats = _select("WHERE s.invoice_id = ANY(%s)", [sorted(new_ids)]) if new_ids else []
        loaded.update((seat.id, seat) for seat in seats)
        new_keys = {key for seat in seats for key in seat.keys} - asked_keys
        new_ids = set()
    return list(loaded.values()), words


def words_about(wanted: Iterable[str]) -> dict[str, str]:
    """What people said of these keys: key of a copy → key of the invoice that stays."""
    asked = list(wanted)
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, master_key FROM invoices_mergelink WHERE key = ANY(%(asked)s::text[])"
            " UNION SELECT key, master_key FROM invoices_mergelink WHERE master_key = ANY(%(asked)s::text[])",
            {"asked": text_array(asked)},
        )
        return dict(cursor.fetchall())


def invoices_under(wanted: Iterable[str]) -> set[int]:
    """The living invoices of these keys, found by alias or by their own key, through shells."""
    asked = list(wanted)
    if not asked:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(merged_into_id, id) FROM invoices_invoice WHERE key = ANY(%s::text[])", [text_array(asked)]
        )
        return {row[0] for row in cursor.fetchall()} | invoices_with_alias(asked)


def invoices_with_alias(wanted: Iterable[str]) -> set[int]:
    wanted = [key for key in wanted if key[0] != "S"]  # keys of one record only have no alias rows
    if not wanted:
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT invoice_id FROM invoices_invoicekey WHERE key = ANY(%s::text[])", [text_array(wanted)])
        return {row[0] for row in cursor.fetchall()}


def invoices_by_key(wanted: Sequence[str]) -> dict[str, int]:
    """Invoice rows by key, shells included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, id FROM invoices_invoice WHERE key = ANY(%s::text[])", [text_array(wanted)])
        return dict(cursor.fetchall())


def _select(where: str, params: list[Any]) -> list[Seat]:
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS + where, params)
        found = cursor.fetchall()
    return [_seat(row) for row in found]


def _seat(row: Sequence[Any]) -> Seat:
    values = dict(zip(_FIELDS, row, strict=True))
    return Seat(**{**values, "record": loads(values["record"]), "keys": tuple(values["keys"])})
