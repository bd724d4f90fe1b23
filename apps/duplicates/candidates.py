"""Selects the pairs of invoices to compare, with joins in the database, never all with all.

A pair is selected when it shares enough to survive one or two errors: the number (as written, with and without leading
zeros, or in the code's field); the total and half of the number's last eight digits; or the seller (by name or by
taxpayer number), a date one error away, and an amount or a half. An incremental search joins the changed rows with
the ledger's indexes, a full search joins the ledger with itself outside PostgreSQL (``columnar.py``). Both use the same
SQL conditions, so both find the same pairs (``tests/duplicates/test_candidates.py``).
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection, transaction

from .columnar import joined_with_itself
from .matching import TICKETS, Document, Verdict, judge, settle
from .rules import Settings

SettingsOf = Callable[[int], Settings]

_LEDGER = """
SELECT i.id, i.kind, i.code, i.number, i.digital_number AS digital, i.issue_date AS issued, i.total_amount AS total,
       i.amount_excl_tax AS excl_tax, p.folded AS seller, p.tax_no AS seller_tax_no, i.source_ids AS sources,
       i.company_ids AS companies, i.travel->>'passenger' AS passenger, i.travel->>'vehicle' AS vehicle,
       i.travel->>'departs_on' AS departs_on,
       i.source_ids && ARRAY(SELECT id FROM sources_source WHERE kind = 'etax') AS listed,
       i.verification = 'passed' AS verified
  FROM invoices_invoice i LEFT JOIN invoices_party p ON p.id = i.seller_id
 WHERE i.merged_into_id IS NULL AND NOT i.deleted
"""
# The last eight digits distinguish a seller's invoices; one error leaves one half intact. Invoice.Meta has their index.
_WITH_HALVES = """
SELECT *, left(right(COALESCE(NULLIF(digital, ''), number), 8), 4) AS first_half,
       right(COALESCE(NULLIF(digital, ''), number), 4) AS second_half FROM ({0}) AS ledger
"""
# Every spelling of a number, and every date that one error may have produced.
_NUMBERED = """
SELECT * FROM (SELECT *, unnest(ARRAY[number, ltrim(number, '0'), lpad(number, 8, '0'), code]) AS probe_number
                 FROM probe WHERE length(number) >= 5) AS written WHERE length(probe_number) >= 5
"""
_DATED = """
SELECT *, unnest(ARRAY[issued, issued - 1, issued + 1, CASE WHEN extract(day FROM issued) <= 12 THEN
                       make_date(extract(year FROM issued)::int, extract(day FROM issued)::int,
                                 extract(month FROM issued)::int) END]) AS probe_date FROM probe
"""
# From two systems, or two readings of a paper ticket; and some person must be allowed to see both.
_TICKETS = ", ".join(f"'{kind}'" for kind in sorted(TICKETS))
_ACCEPTED = f"""
b.id <> a.id AND a.companies && b.companies
AND (NOT a.sources && b.sources OR (a.kind = b.kind AND a.kind IN ({_TICKETS})))
"""
_SHARED = """
(b.total = a.total OR b.excl_tax = a.excl_tax OR b.first_half = a.first_half OR b.second_half = a.second_half)
"""
_CONDITIONS = (
    f"FROM numbered a JOIN {{ledger}} b ON b.number = a.probe_number WHERE {_ACCEPTED}",
    *(
        f"""FROM probe a JOIN {{ledger}} b ON b.total = a.total AND b.{half} = a.{half}
        WHERE a.{half} <> '' AND {_ACCEPTED}"""
        for half in ("first_half", "second_half")
    ),
    f"""FROM dated a JOIN {{ledger}} b ON b.seller = a.seller AND b.issued = a.probe_date
        WHERE a.seller <> '' AND {_SHARED} AND {_ACCEPTED}""",
    f"""FROM dated a JOIN {{ledger}} b ON b.seller_tax_no = a.seller_tax_no AND b.issued = a.probe_date
        WHERE a.seller_tax_no <> '' AND b.seller <> a.seller AND {_SHARED} AND {_ACCEPTED}""",
    """FROM probe a JOIN {ledger} b ON b.passenger = a.passenger AND b.vehicle = a.vehicle
        WHERE a.vehicle <> '' AND a.passenger <> '' AND b.departs_on = a.departs_on AND b.kind <> a.kind
          AND a.companies && b.companies""",
)


@dataclass(frozen=True)
class SearchResult:
    """The candidate pairs of a search, and how many invoices it searched and pairs it compared."""

    verdicts: Sequence[Verdict]
    invoice_count: int
    pair_count: int


def search_all(settings_of: SettingsOf) -> SearchResult:
    """All candidate pairs of one snapshot of the ledger. ``settings_of`` gives the rules of a company."""
    views = {"probe": _WITH_HALVES.format("TABLE ledger"), **_VIEWS}
    with joined_with_itself(_LEDGER, views, _branches("probe"), _pairs("probe")) as (invoice_count, rows):
        pair_count, verdicts = _compare(rows, settings_of)
    return SearchResult(settle(verdicts), invoice_count, pair_count)


def search_changed(ids: Collection[int], settings_of: SettingsOf) -> SearchResult:
    """The candidate pairs of these invoices and of their candidates. A new invoice may be the better match of an
    invoice that already had one, so the candidates of its candidates are compared as well."""
    pair_count, verdicts = 0, dict[tuple[int, int], Verdict]()
    searched, frontier, affected = set[int](), set(ids), set(ids)
    with transaction.atomic(), connection.cursor() as cursor:
        for depth in range(3):
            if not frontier:
                break
            cursor.execute(_AROUND, {"ids": sorted(frontier)})
            compared, new_verdicts = _compare(cursor.fetchall(), settings_of)
            pair_count += compared
            verdicts.update({(verdict.left, verdict.right): verdict for verdict in new_verdicts})
            searched |= frontier
            frontier = {pk for verdict in new_verdicts for pk in (verdict.left, verdict.right)} - searched
            affected |= frontier if depth == 0 else set()
    settled = [verdict for verdict in settle(verdicts.values()) if affected & {verdict.left, verdict.right}]
    return SearchResult(settled, len(ids), pair_count)


_VIEWS = {"numbered": _NUMBERED, "dated": _DATED}


def _branches(ledger: str) -> list[str]:
    """One query of id pairs per condition, the smaller id first."""
    return [
        f"SELECT least(a.id, b.id) AS l, greatest(a.id, b.id) AS r {condition}".format(ledger=ledger)
        for condition in _CONDITIONS
    ]


def _pairs(ledger: str) -> str:
    """The query of both invoices of each pair."""
    names = [(side, name) for side in "ab" for name in Document._fields]
    values = ", ".join(_column(f"{side}.{name}", name) for side, name in names)
    return f"SELECT {values} FROM pairs p JOIN {ledger} a ON a.id = p.l JOIN {ledger} b ON b.id = p.r"  # noqa: S608


def _column(value: str, name: str) -> str:
    """The column as selected. Lists as text, because DuckDB takes longer to convert lists than all other columns
    together, and few of them differ."""
    if name in _LISTS:
        return f"CAST({value} AS varchar)"
    return f"COALESCE({value}, '')" if name in _MAY_BE_NULL else value


_LISTS = ("sources", "companies")
_MAY_BE_NULL = ("seller", "seller_tax_no", "passenger", "vehicle", "departs_on")
_AROUND = f"""
WITH probe AS MATERIALIZED ({_WITH_HALVES.format(_LEDGER + " AND i.id = ANY(%(ids)s)")}),
     {", ".join(f"{name} AS MATERIALIZED ({rows})" for name, rows in _VIEWS.items())},
     pairs AS MATERIALIZED ({" UNION ".join(_branches(f"({_WITH_HALVES.format(_LEDGER)})"))})
{_pairs(f"({_LEDGER})")}
"""


def _compare(rows: Iterable[Sequence[Any]], settings_of: SettingsOf) -> tuple[int, list[Verdict]]:
    verdicts, pair_count, width = [], 0, len(Document._fields)
    for row in rows:
        left, right = _document(row[:width]), _document(row[width:])
        verdict = judge(left, right, settings_of(next(one for one in left.companies if one in right.companies)))
        pair_count += 1
        if verdict is not None:
            verdicts.append(verdict)
    return pair_count, verdicts


def _document(row: Sequence[Any]) -> Document:
    return Document._make((*row[:_LISTED], _ids(row[_LISTED]), _ids(row[_LISTED + 1]), *row[_LISTED + 2 :]))


@lru_cache(10_000)
def _ids(text: str) -> tuple[int, ...]:
    """The ids of a list as PostgreSQL (``{1,2}``) or DuckDB (``[1, 2]``) writes it."""
    return tuple(int(one) for one in text[1:-1].split(",") if one)


_LISTED = Document._fields.index(_LISTS[0])
