"""Buyers and sellers as distinct rows: found or made in sets, remembered per process."""

from collections.abc import Iterable

from django.db import connection, transaction

from apps.sources.records import PartyRecord

_Pair = tuple[str, str]
_known: dict[_Pair, int] = {}
_MOST_KNOWN = 200_000

_FIND = """
SELECT p.name, p.tax_no, p.id FROM invoices_party p
  JOIN unnest(%s::text[], %s::text[]) AS w(name, tax_no) ON p.name = w.name AND p.tax_no = w.tax_no
"""
_MAKE = """
INSERT INTO invoices_party (name, tax_no) SELECT * FROM unnest(%s::text[], %s::text[])
ON CONFLICT DO NOTHING
"""


def party_ids(parties: Iterable[PartyRecord]) -> dict[_Pair, int]:
    """(name, taxpayer number) → id for every party that says anything; missing ones are made. Needs the ledger lock."""
    wanted = {(party.name, party.tax_no) for party in parties if party.name or party.tax_no}
    found = {pair: _known[pair] for pair in wanted if pair in _known}
    missing = sorted(wanted - found.keys())
    if missing:
        looked_up = _find(missing)
        unmade = [pair for pair in missing if pair not in looked_up]
        if unmade:
            _columns(_MAKE, unmade)
            looked_up |= _find(unmade)
        found |= looked_up
        transaction.on_commit(lambda: _remember(looked_up))  # not before: a rolled-back row has no id
    return found


def forget() -> None:
    """Drop what this process remembers (another database, emptied tables)."""
    _known.clear()


def _remember(pairs: dict[_Pair, int]) -> None:
    if len(_known) + len(pairs) > _MOST_KNOWN:
        _known.clear()
    _known.update(pairs)


def _find(pairs: list[_Pair]) -> dict[_Pair, int]:
    return {(name, tax_no): pk for name, tax_no, pk in _columns(_FIND, pairs)}


def _columns(statement: str, pairs: list[_Pair]) -> list[tuple[str, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [[name for name, _ in pairs], [tax_no for _, tax_no in pairs]])
        return cursor.fetchall() if cursor.description else []
