"""Ids of buyers and sellers: looked up and inserted in sets, cached per process.

A cached id saves the search by name, which costs several times as much as a look at the ids. It is confirmed before it
is used, because other processes may have deleted the party.
"""

from collections.abc import Iterable

from django.db import connection, transaction

from apps.sources.records import PartyRecord

_Pair = tuple[str, str]
_cached: dict[_Pair, int] = {}
_MOST_CACHED = 200_000

_FIND = """
SELECT p.name, p.tax_no, p.id FROM invoices_party p
  JOIN unnest(%s::text[], %s::text[]) AS w(name, tax_no) ON p.name = w.name AND p.tax_no = w.tax_no
"""
_CONFIRM = "SELECT name, tax_no, id FROM invoices_party WHERE id = ANY(%s)"
_INSERT = """
INSERT INTO invoices_party (name, tax_no) SELECT * FROM unnest(%s::text[], %s::text[])
ON CONFLICT DO NOTHING
"""


def party_ids(parties: Iterable[PartyRecord]) -> dict[_Pair, int]:
    """(name, taxpayer number) → id for every party that is not empty. Inserts missing ones; needs the ledger lock."""
    pairs = {(party.name, party.tax_no) for party in parties if party.name or party.tax_no}
    ids = _confirmed({pair: _cached[pair] for pair in pairs if pair in _cached})
    missing = sorted(pairs - ids.keys())
    if missing:
        looked_up = _find(missing)
        uninserted = [pair for pair in missing if pair not in looked_up]
        if uninserted:
            _execute(_INSERT, uninserted)
            looked_up |= _find(uninserted)
        ids |= looked_up
        transaction.on_commit(lambda: _cache(looked_up))  # not before: a rolled-back row has no id
    return ids


def _confirmed(cached: dict[_Pair, int]) -> dict[_Pair, int]:
    """The cached ids that still belong to these parties: other processes may delete parties and empty tables."""
    if not cached:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_CONFIRM, [list(cached.values())])
        stored = {(name, tax_no): pk for name, tax_no, pk in cursor.fetchall()}
    return dict(stored.items() & cached.items())


def _cache(pairs: dict[_Pair, int]) -> None:
    if len(_cached) + len(pairs) > _MOST_CACHED:
        _cached.clear()
    _cached.update(pairs)


def _find(pairs: list[_Pair]) -> dict[_Pair, int]:
    return {(name, tax_no): pk for name, tax_no, pk in _execute(_FIND, pairs)}


def _execute(statement: str, pairs: list[_Pair]) -> list[tuple[str, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [[name for name, _ in pairs], [tax_no for _, tax_no in pairs]])
        return cursor.fetchall() if cursor.description else []
