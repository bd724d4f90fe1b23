"""Time of the first page of the invoice list in a large ledger under common filters and searches, and of the first page
of every other area."""

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.http import QueryDict

from apps.accounts.models import Company, User
from apps.core import keyset
from apps.core.counting import estimated_count
from apps.invoices.filters import InvoiceFilter
from apps.invoices.selectors import ledger

from . import rooms
from .ingest import scratch_database

Say = Callable[[str], Any]
_COMPANIES = 60
_BY_DATE = keyset.Order("issue_date", True, date.fromisoformat)
_BY_TOTAL = keyset.Order("total_amount", True, Decimal)
_LOOKS = (
    ("all invoices", "", _BY_DATE),
    ("all, the largest first", "", _BY_TOTAL),
    ("a rare status", "status=void", _BY_DATE),
    ("a rare status, the largest first", "status=void", _BY_TOTAL),
    ("a common status", "status=normal", _BY_DATE),
    ("a kind nobody has", "kind=taxi", _BY_DATE),
    ("a rare flag", "flag=unknown_code", _BY_DATE),
    ("a deduction period long past", "deduction_period=202203", _BY_DATE),
    ("totals from 5 to 6", "total_min=5&total_max=6", _BY_DATE),
    ("search: a total", "q=500.01", _BY_DATE),
    ("search: a number", "q=00012345", _BY_DATE),
    ("search: a seller", "q=供应商777", _BY_DATE),
)
_PARTIES = """
INSERT INTO invoices_party (name, tax_no) SELECT '上海供应商' || n || '有限公司', '' FROM generate_series(1, 20000) n
"""
_FILL = """
INSERT INTO invoices_invoice (key, identity_version, kind, direction, code, number, digital_number, check_code,
    issue_date, currency, amount_excl_tax, tax_amount, total_amount, buyer_id, seller_id, status, verification,
    expense_status, deduction_status, deduction_period, remark, flags, company_ids, source_ids, deleted,
    created_at, updated_at)
SELECT 'E:' || digits, 1, 'digital_general', 'input', '', digits, digits, '',
    date '2022-01-01' + (n * 7919 %% 1700)::int, 'CNY',
    n %% 100000 / 100.0, 1, n %% 100000 / 100.0 + 1, %(party)s, %(party)s + n * 104729 %% 20000,
    CASE WHEN n %% 5000 = 0 THEN 'void' WHEN n %% 3 = 0 THEN 'unknown' ELSE 'normal' END,
    'unknown', 'unknown', 'certified', to_char(date '2022-01-01' + (n * 7919 %% 1700)::int, 'YYYYMM'), '',
    CASE WHEN n %% 1000 = 0 THEN ARRAY['unknown_code'] ELSE ARRAY[]::text[] END,
    ARRAY[CASE WHEN n %% 4000 = 0 THEN %(company)s + %(last)s ELSE %(company)s + n * 31 %% 7 END], ARRAY[n %% 5],
    false, now(), now()
  FROM (SELECT n, lpad(n::text, 20, '0') AS digits FROM generate_series(1, %(rows)s::bigint) AS n) AS numbered
"""


def run(rows: int, say: Say) -> None:
    """Print milliseconds for each look (count, first page, parties), the best of three."""
    with scratch_database():
        companies, everything, little = _fill(rows)
        say(f"First page of the invoice list among {rows} invoices (count, page, parties), milliseconds, best of three")
        for label, query, order in _LOOKS:
            say(f"  {label:<40}{_milliseconds(everything, query, order):8.1f}")
        say(f"  {'all that one small company may see':<40}{_milliseconds(little, '', _BY_DATE):8.1f}")
        rooms.run(rows, companies, everything, little, say)


def _fill(rows: int) -> tuple[list[Company], User, User]:
    """The companies, a person who sees all, and one who sees one in sixty, with one invoice in four thousand."""
    companies = Company.objects.bulk_create(Company(name=f"公司{n}", tax_no=f"9131{n:014}") for n in range(_COMPANIES))
    with connection.cursor() as cursor:
        cursor.execute(_PARTIES)
        cursor.execute("SELECT min(id) FROM invoices_party")
        party = cursor.fetchone()[0]
        facts = {"party": party, "company": companies[0].pk, "last": _COMPANIES - 1, "rows": rows}
        cursor.execute(_FILL, facts)
        cursor.execute("ANALYZE")
    little = User.objects.create(username="little")
    little.companies.set(companies[-1:])
    return companies, User.objects.create(username="everything", sees_all_companies=True), little


def _milliseconds(user: User, query: str, order: keyset.Order) -> float:
    request = SimpleNamespace(user=user)
    times = []
    for _ in range(3):
        started = time.perf_counter()
        invoices = InvoiceFilter(QueryDict(query), ledger(user), request=request).qs
        few = estimated_count(invoices).few
        keyset.page(invoices.select_related("buyer", "seller"), order, 50, few=few)
        times.append(time.perf_counter() - started)
    return min(times) * 1000
