"""Which pairs of invoices are worth judging: found in sets, never all with all.

A pair is looked at when it shares enough to survive one or two slips: the number (as written, without leading zeros, or
in the code's field); the total with the date, with half of the number's last eight digits, or with seller and a date
that a slip could make; or seller, such a date and half of the number. A full search joins a narrow copy of the ledger
with itself, an incremental one joins the few changed rows with the ledger's indexes; the conditions are the same text,
so both find the same pairs (``tests/duplicates/test_candidates.py``).
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from .matching import TICKETS, Document, Verdict, judge, settle
from .rules import Settings

SettingsOf = Callable[[int], Settings]
_CHUNK = 20_000

_LEDGER = """
SELECT i.id, i.kind, i.code, i.number, i.digital_number AS digital, i.issue_date AS issued, i.total_amount AS total,
       i.amount_excl_tax AS excl_tax, p.folded AS seller, p.tax_no AS seller_tax_no, i.source_ids, i.company_ids,
       i.travel->>'passenger' AS passenger, i.travel->>'vehicle' AS vehicle, i.travel->>'departs_on' AS departs_on,
       substr(right(COALESCE(NULLIF(i.digital_number, ''), i.number), 8), 1, 4) AS first_half,
       right(COALESCE(NULLIF(i.digital_number, ''), i.number), 4) AS second_half
  FROM invoices_invoice i LEFT JOIN invoices_party p ON p.id = i.seller_id
 WHERE i.merged_into_id IS NULL AND NOT i.deleted
"""
_DOCUMENT = tuple(Document._fields)
_COLUMNS = ", ".join(
    {"sources": "{0}.source_ids", "companies": "{0}.company_ids"}.get(name, "{0}." + name) for name in _DOCUMENT
)
# Every way a number and a date may have been written.
_NUMBERS = """
SELECT DISTINCT id, wanted FROM probe,
       LATERAL (VALUES (number), (ltrim(number, '0')), (lpad(number, 8, '0')), (code)) AS written(wanted)
 WHERE length(number) >= 5 AND length(wanted) >= 5
"""
_DATES = """
SELECT id, wanted FROM probe, LATERAL (VALUES (issued), (issued - 1), (issued + 1), (
       CASE WHEN extract(day FROM issued) <= 12 THEN make_date(extract(year FROM issued)::int,
       extract(day FROM issued)::int, extract(month FROM issued)::int) END)) AS written(wanted)
 WHERE wanted IS NOT NULL AND seller <> ''
"""
# Two systems, or two readings of paper tickets; and somebody must be allowed to see both.
_ACCEPTED = """
b.id <> a.id AND a.company_ids && b.company_ids
AND (NOT a.source_ids && b.source_ids OR (a.kind = b.kind AND a.kind = ANY(%(tickets)s)))
"""
_NEAR = """
(b.seller = a.seller OR a.seller IS NULL OR b.seller IS NULL OR abs(a.issued - b.issued) <= 1
 OR extract(day FROM a.issued) = extract(month FROM b.issued) OR a.issued IS NULL OR b.issued IS NULL)
"""
_BY_TOTAL_AND_DATE = """
FROM probe a JOIN {ledger} b ON b.total = a.total AND b.issued = a.issued
WHERE (b.first_half = a.first_half OR b.second_half = a.second_half OR a.first_half = '' OR b.first_half = ''
       OR b.seller = a.seller OR b.seller_tax_no = a.seller_tax_no) AND
"""
_BY_TOTAL_AND_HALF = (
    "FROM probe a JOIN {{ledger}} b ON b.total = a.total AND b.{0} = a.{0} WHERE a.{0} <> '' AND {1} AND"
)
_HALF = "a.first_half <> '' AND (b.first_half = a.first_half OR b.second_half = a.second_half)"
_BY_SELLER_AND_DATE = f"""
FROM dates d JOIN probe a ON a.id = d.id JOIN {{ledger}} b ON b.seller = a.seller AND b.issued = d.wanted
WHERE (b.total = a.total OR {_HALF}) AND
"""
_BY_TAX_NO_AND_DATE = f"""
FROM dates d JOIN probe a ON a.id = d.id JOIN {{ledger}} b ON b.seller_tax_no = a.seller_tax_no AND b.issued = d.wanted
WHERE a.seller_tax_no <> '' AND b.seller <> a.seller AND {_HALF} AND
"""
_CONDITIONS = (
    "FROM numbers w JOIN probe a ON a.id = w.id JOIN {ledger} b ON b.number = w.wanted WHERE",
    _BY_TOTAL_AND_DATE,
    _BY_TOTAL_AND_HALF.format("first_half", _NEAR),
    _BY_TOTAL_AND_HALF.format("second_half", _NEAR),
    _BY_SELLER_AND_DATE,
    _BY_TAX_NO_AND_DATE,
)
_SAME_TRIP = """
FROM probe a JOIN {ledger} b ON b.passenger = a.passenger AND b.vehicle = a.vehicle
WHERE a.vehicle <> '' AND a.passenger <> '' AND b.departs_on = a.departs_on AND b.kind <> a.kind
  AND a.company_ids && b.company_ids
"""


@dataclass(frozen=True)
class Found:
    """The suspicions of a search, and how many invoices were looked at and pairs judged."""

    verdicts: Sequence[Verdict]
    looked_at: int
    judged: int


def search_all(settings_of: SettingsOf) -> Found:
    """Every suspicion in the ledger. ``settings_of`` gives the rules of a company.

    The narrow copies are real tables, unlogged, because PostgreSQL does not read temporary ones in parallel; they are
    gone with the transaction, and one full search waits for another.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_FULL_SEARCH])
        cursor.execute("SET LOCAL work_mem = '128MB'")
        looked_at = _table(cursor, "probe", _LEDGER)
        _table(cursor, "numbers", _NUMBERS)
        _table(cursor, "dates", _DATES)
        _table(cursor, "pairs", _union("duplicates_probe"), _PARAMETERS)
        judged, verdicts = _judged(cursor, _named(_pairs("duplicates_probe")), {}, settings_of)
        cursor.execute("DROP TABLE duplicates_pairs, duplicates_dates, duplicates_numbers, duplicates_probe")
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
            number, found = _judged(cursor, _AROUND, {**_PARAMETERS, "ids": sorted(ring)}, settings_of)
            judged += number
            verdicts.update({(verdict.left, verdict.right): verdict for verdict in found})
            asked |= ring
            ring = {one for verdict in found for one in (verdict.left, verdict.right)} - asked
            concerned |= ring if depth == 0 else set()
    settled = [one for one in settle(verdicts.values()) if one.left in concerned or one.right in concerned]
    return Found(settled, len(ids), judged)


_ONE_FULL_SEARCH = 7_301
_PARAMETERS = {"tickets": sorted(TICKETS)}


def _table(cursor: Any, name: str, rows: str, parameters: Mapping[str, Any] | None = None) -> int:
    cursor.execute(f"CREATE UNLOGGED TABLE duplicates_{name} AS {_named(rows)}", parameters)
    count = int(cursor.rowcount)
    cursor.execute(f"ANALYZE duplicates_{name}")
    return count


def _union(ledger: str) -> str:
    """All pairs that any condition finds, each once, the smaller id first."""
    branches = [*(f"{condition} {_ACCEPTED}" for condition in _CONDITIONS), _SAME_TRIP]
    found = (f"SELECT least(a.id, b.id) AS l, greatest(a.id, b.id) AS r {branch}" for branch in branches)
    return " UNION ".join(found).format(ledger=ledger)


def _pairs(ledger: str) -> str:
    columns = f"{_COLUMNS.format('a')}, {_COLUMNS.format('b')}"
    joined = f"FROM pairs p JOIN {ledger} a ON a.id = p.l JOIN {ledger} b ON b.id = p.r"
    return f"SELECT {columns} {joined}"


def _named(statement: str) -> str:
    """The statement with the tables of a full search in place of an incremental one's expressions."""
    return _TABLES.sub(r"\1 duplicates_\2", statement)


_TABLES = re.compile(r"\b(FROM|JOIN) (probe|numbers|dates|pairs)\b")
_AROUND = f"""
WITH probe AS MATERIALIZED ({_LEDGER} AND i.id = ANY(%(ids)s)), numbers AS MATERIALIZED ({_NUMBERS}),
     dates AS MATERIALIZED ({_DATES}), pairs AS MATERIALIZED ({_union(f"({_LEDGER})")})
{_pairs(f"({_LEDGER})")}
"""


def _judged(
    cursor: Any, pairs: str, parameters: Mapping[str, Any], settings_of: SettingsOf
) -> tuple[int, list[Verdict]]:
    verdicts, judged, width = [], 0, len(_DOCUMENT)
    for row in _streamed(cursor, pairs, parameters):
        left, right = _document(row[:width]), _document(row[width:])
        verdict = judge(left, right, settings_of(next(one for one in left.companies if one in right.companies)))
        judged += 1
        if verdict is not None:
            verdicts.append(verdict)
    return judged, verdicts


def _streamed(cursor: Any, statement: str, parameters: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    cursor.execute(f"DECLARE judged NO SCROLL CURSOR FOR {statement}", parameters or None)
    while True:
        cursor.execute(f"FETCH {_CHUNK} FROM judged")
        rows = cursor.fetchall()
        yield from rows
        if len(rows) < _CHUNK:
            break
    cursor.execute("CLOSE judged")


def _document(row: Sequence[Any]) -> Document:
    values = list(row)
    for place in _TEXTS:
        values[place] = values[place] or ""
    for place in _LISTS:
        values[place] = tuple(values[place])
    return Document(*values)


_TEXTS = [_DOCUMENT.index(name) for name in ("seller", "seller_tax_no", "passenger", "vehicle", "departs_on")]
_LISTS = [_DOCUMENT.index(name) for name in ("sources", "companies")]
