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
       right(COALESCE(NULLIF(i.digital_number, ''), i.number), 4) AS second_half,
       ARRAY[i.issue_date, i.issue_date - 1, i.issue_date + 1, CASE WHEN extract(day FROM i.issue_date) <= 12 THEN
             make_date(extract(year FROM i.issue_date)::int, extract(day FROM i.issue_date)::int,
                       extract(month FROM i.issue_date)::int) END] AS dates
  FROM invoices_invoice i LEFT JOIN invoices_party p ON p.id = i.seller_id
 WHERE i.merged_into_id IS NULL AND NOT i.deleted
"""
_DOCUMENT = tuple(Document._fields)
_COLUMNS = ", ".join(
    {"sources": "{0}.source_ids", "companies": "{0}.company_ids"}.get(name, "{0}." + name) for name in _DOCUMENT
)
# Every way a number may have been written.
_NUMBERS = """
SELECT id, wanted FROM probe,
       LATERAL (VALUES (number), (ltrim(number, '0')), (lpad(number, 8, '0')), (code)) AS written(wanted)
 WHERE length(number) >= 5 AND length(wanted) >= 5
"""
# Two systems, or two readings of paper tickets; and somebody must be allowed to see both.
_ACCEPTED = """
b.id <> a.id AND a.company_ids && b.company_ids
AND (NOT a.source_ids && b.source_ids OR (a.kind = b.kind AND a.kind = ANY(%(tickets)s)))
"""
_NEAR = """
(b.seller = a.seller OR b.issued = ANY(a.dates) OR a.seller IS NULL OR b.seller IS NULL OR a.issued IS NULL
 OR b.issued IS NULL)
"""
_BY_TOTAL_AND_DATE = """
FROM probe a JOIN {ledger} b ON b.total = a.total AND b.issued = a.issued
WHERE (b.first_half = a.first_half OR b.second_half = a.second_half OR a.first_half = '' OR b.first_half = ''
       OR b.seller = a.seller OR b.seller_tax_no = a.seller_tax_no) AND
"""
_BY_TOTAL_AND_HALF = (
    "FROM probe a JOIN {{ledger}} b ON b.total = a.total AND b.{0} = a.{0} WHERE a.{0} <> '' AND {1} AND"
)
_BY_SELLER = """
FROM probe a JOIN {{ledger}} b ON b.seller = a.seller AND b.{0} = a.{0}
WHERE a.seller <> '' AND b.issued = ANY(a.dates) AND
"""
_BY_TAX_NO = """
FROM probe a JOIN {{ledger}} b ON b.seller_tax_no = a.seller_tax_no AND b.{0} = a.{0}
WHERE a.seller_tax_no <> '' AND a.{0} <> '' AND b.seller <> a.seller AND b.issued = ANY(a.dates) AND
"""
_CONDITIONS = (
    "FROM numbers w JOIN probe a ON a.id = w.id JOIN {ledger} b ON b.number = w.wanted WHERE",
    _BY_TOTAL_AND_DATE,
    _BY_TOTAL_AND_HALF.format("first_half", _NEAR),
    _BY_TOTAL_AND_HALF.format("second_half", _NEAR),
    *(_BY_SELLER.format(shared) for shared in ("total", "first_half", "second_half")),
    *(_BY_TAX_NO.format(shared) for shared in ("first_half", "second_half")),
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
        for setting, value in _FOR_LARGE_JOINS.items():
            cursor.execute(f"SET LOCAL {setting} = {value}")
        looked_at = _table(cursor, "probe", _LEDGER)
        _table(cursor, "numbers", _NUMBERS)
        found = _branches("duplicates_probe")
        for number, branch in enumerate(found):  # one by one: as one statement they would not run in parallel
            _table(cursor, f"found_{number}", branch, _PARAMETERS)
        gathered = " UNION ".join(f"TABLE duplicates_found_{number}" for number in range(len(found)))
        _table(cursor, "pairs", gathered)
        judged, verdicts = _judged(cursor, _named(_pairs("duplicates_probe")), {}, settings_of)
        names = ["pairs", "numbers", "probe", *(f"found_{number}" for number in range(len(found)))]
        cursor.execute("DROP TABLE " + ", ".join(f"duplicates_{name}" for name in names))
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
# Every join of a full search is a large one on equal values: hashing beats sorting, on all cores.
_FOR_LARGE_JOINS = {
    "work_mem": "'192MB'",
    "enable_mergejoin": "off",
    "max_parallel_workers_per_gather": "2",
    "parallel_setup_cost": "0",
    "parallel_tuple_cost": "0.001",
}
_PARAMETERS = {"tickets": sorted(TICKETS)}


def _table(cursor: Any, name: str, rows: str, parameters: Mapping[str, Any] | None = None) -> int:
    cursor.execute(f"CREATE UNLOGGED TABLE duplicates_{name} AS {_named(rows)}", parameters)
    count = int(cursor.rowcount)
    cursor.execute(f"ANALYZE duplicates_{name}")
    return count


def _branches(ledger: str) -> list[str]:
    """The pairs that each condition finds, the smaller id first."""
    conditions = [*(f"{condition} {_ACCEPTED}" for condition in _CONDITIONS), _SAME_TRIP]
    return [
        f"SELECT least(a.id, b.id) AS l, greatest(a.id, b.id) AS r {one}".format(ledger=ledger) for one in conditions
    ]


def _pairs(ledger: str) -> str:
    columns = f"{_COLUMNS.format('a')}, {_COLUMNS.format('b')}"
    joined = f"FROM pairs p JOIN {ledger} a ON a.id = p.l JOIN {ledger} b ON b.id = p.r"
    return f"SELECT {columns} {joined}"


def _named(statement: str) -> str:
    """The statement with the tables of a full search in place of an incremental one's expressions."""
    return _TABLES.sub(r"\1 duplicates_\2", statement)


_TABLES = re.compile(r"\b(FROM|JOIN) (probe|numbers|pairs)\b")
_AROUND = f"""
WITH probe AS MATERIALIZED ({_LEDGER} AND i.id = ANY(%(ids)s)), numbers AS MATERIALIZED ({_NUMBERS}),
     pairs AS MATERIALIZED ({" UNION ".join(_branches(f"({_LEDGER})"))})
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
