"""Which pairs of invoices are worth judging: found in sets, never all with all.

A pair is looked at when it shares enough to survive one or two slips: the number (as written, with and without leading
zeros, or in the code's field); the total and half of the number's last eight digits; or the seller (by name or by
taxpayer number), a date that a slip could make, and an amount or a half. An incremental search joins the few
changed rows with the ledger's indexes, a full one joins the ledger with itself outside PostgreSQL (``columnar.py``);
the conditions are the same text, so both find the same pairs (``tests/duplicates/test_candidates.py``).
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
# The last eight digits tell a seller's invoices apart; one slip leaves one half whole. Invoice.Meta has their index.
_WITH_HALVES = """
SELECT *, left(right(COALESCE(NULLIF(digital, ''), number), 8), 4) AS first_half,
       right(COALESCE(NULLIF(digital, ''), number), 4) AS second_half FROM ({0}) AS ledger
"""
# Every way a number may have been written, and every day that a slip may have made of a date.
_NUMBERED = """
SELECT * FROM (SELECT *, unnest(ARRAY[number, ltrim(number, '0'), lpad(number, 8, '0'), code]) AS wanted FROM probe
                WHERE length(number) >= 5) AS written WHERE length(wanted) >= 5
"""
_DATED = """
SELECT *, unnest(ARRAY[issued, issued - 1, issued + 1, CASE WHEN extract(day FROM issued) <= 12 THEN
                       make_date(extract(year FROM issued)::int, extract(day FROM issued)::int,
                                 extract(month FROM issued)::int) END]) AS wanted_on FROM probe
"""
# Two systems, or two readings of paper tickets; and somebody must be allowed to see both.
_TICKETS = ", ".join(f"'{kind}'" for kind in sorted(TICKETS))
_ACCEPTED = f"""
b.id <> a.id AND a.companies && b.companies
AND (NOT a.sources && b.sources OR (a.kind = b.kind AND a.kind IN ({_TICKETS})))
"""
_SHARED = """
(b.total = a.total OR b.excl_tax = a.excl_tax OR b.first_half = a.first_half OR b.second_half = a.second_half)
"""
_CONDITIONS = (
    f"FROM numbered a JOIN {{ledger}} b ON b.number = a.wanted WHERE {_ACCEPTED}",
    *(
        f"""FROM probe a JOIN {{ledger}} b ON b.total = a.total AND b.{half} = a.{half}
        WHERE a.{half} <> '' AND {_ACCEPTED}"""
        for half in ("first_half", "second_half")
    ),
    f"""FROM dated a JOIN {{ledger}} b ON b.seller = a.seller AND b.issued = a.wanted_on
        WHERE a.seller <> '' AND {_SHARED} AND {_ACCEPTED}""",
    f"""FROM dated a JOIN {{ledger}} b ON b.seller_tax_no = a.seller_tax_no AND b.issued = a.wanted_on
        WHERE a.seller_tax_no <> '' AND b.seller <> a.seller AND {_SHARED} AND {_ACCEPTED}""",
    """FROM probe a JOIN {ledger} b ON b.passenger = a.passenger AND b.vehicle = a.vehicle
        WHERE a.vehicle <> '' AND a.passenger <> '' AND b.departs_on = a.departs_on AND b.kind <> a.kind
          AND a.companies && b.companies""",
)


@dataclass(frozen=True)
class Found:
    """The suspicions of a search, and how many invoices were looked at and pairs judged."""

    verdicts: Sequence[Verdict]
    looked_at: int
    judged: int


def search_all(settings_of: SettingsOf) -> Found:
    """Every suspicion in the ledger, as it stood at one moment. ``settings_of`` gives the rules of a company."""
    views = {"probe": _WITH_HALVES.format("TABLE ledger"), **_VIEWS}
    with joined_with_itself(_LEDGER, views, _branches("probe"), _pairs("probe")) as (looked_at, rows):
        judged, verdicts = _judged(rows, settings_of)
    return Found(settle(verdicts), looked_at, judged)


def search_changed(ids: Collection[int], settings_of: SettingsOf) -> Found:
    """The suspicions these invoices take part in, and those of their candidates: a new invoice may be the better match
    of one that had another, so its candidates' candidates are judged as well."""
    judged, verdicts = 0, dict[tuple[int, int], Verdict]()
    asked, ring, concerned = set[int](), set(ids), set(ids)
    with transaction.atomic(), connection.cursor() as cursor:
        for depth in range(3):
            if not ring:
                break
            cursor.execute(_AROUND, {"ids": sorted(ring)})
            number, found = _judged(cursor.fetchall(), settings_of)
            judged += number
            verdicts.update({(verdict.left, verdict.right): verdict for verdict in found})
            asked |= ring
            ring = {one for verdict in found for one in (verdict.left, verdict.right)} - asked
            concerned |= ring if depth == 0 else set()
    settled = [one for one in settle(verdicts.values()) if one.left in concerned or one.right in concerned]
    return Found(settled, len(ids), judged)


_VIEWS = {"numbered": _NUMBERED, "dated": _DATED}


def _branches(ledger: str) -> list[str]:
    """The pairs that each condition finds, the smaller id first."""
    return [
        f"SELECT least(a.id, b.id) AS l, greatest(a.id, b.id) AS r {condition}".format(ledger=ledger)
        for condition in _CONDITIONS
    ]


def _pairs(ledger: str) -> str:
    """Both invoices of each pair."""
    names = [(side, name) for side in "ab" for name in Document._fields]
    values = ", ".join(_told(f"{side}.{name}", name) for side, name in names)
    return f"SELECT {values} FROM pairs p JOIN {ledger} a ON a.id = p.l JOIN {ledger} b ON b.id = p.r"  # noqa: S608


def _told(value: str, name: str) -> str:
    """Lists as text: DuckDB takes longer to make lists of them than of all the rest, and few are different."""
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


def _judged(rows: Iterable[Sequence[Any]], settings_of: SettingsOf) -> tuple[int, list[Verdict]]:
    verdicts, judged, width = [], 0, len(Document._fields)
    for row in rows:
        left, right = _document(row[:width]), _document(row[width:])
        verdict = judge(left, right, settings_of(next(one for one in left.companies if one in right.companies)))
        judged += 1
        if verdict is not None:
            verdicts.append(verdict)
    return judged, verdicts


def _document(row: Sequence[Any]) -> Document:
    return Document._make((*row[:_LISTED], _ids(row[_LISTED]), _ids(row[_LISTED + 1]), *row[_LISTED + 2 :]))


@lru_cache(10_000)
def _ids(text: str) -> tuple[int, ...]:
    """Those of a list as either engine writes it: ``{1,2}`` or ``[1, 2]``."""
    return tuple(int(one) for one in text[1:-1].split(",") if one)


_LISTED = Document._fields.index(_LISTS[0])
