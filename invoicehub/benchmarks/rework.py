"""Time and memory of ``rekey`` and ``reparse`` over a whole ledger, and whether later batches take longer than early
ones."""

import gc
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection

from apps.accounts.models import Company
from apps.invoices import services
from apps.sources.models import Source

from .cost import Cost
from .ingest import COMPANY_TAX_NO, ingest, invoice_item, scratch_database

Say = Callable[[str], Any]
_PAGE = 1000
_OLDER = """
UPDATE invoices_invoice SET identity_version = identity_version - 1;
UPDATE invoices_sourcerecord SET identity_version = identity_version - 1;
VACUUM ANALYZE
"""
_READ_OTHERWISE = """
UPDATE invoices_sourcerecord SET record = replace(record, '"remark":"', '"remark":"as it was read before ');
VACUUM ANALYZE
"""


def run(rows: int, say: Say) -> None:
    """Print time, memory and steadiness of each kind of rework of one ledger."""
    with scratch_database():
        company = Company.objects.create(name="基准公司", tax_no=COMPANY_TAX_NO)
        source = Source.objects.create(name="bench", kind="piaozone", company=company, base_url="https://bench.example")
        for start in range(0, rows, _PAGE):
            ingest(source, [invoice_item(number) for number in range(start, min(start + _PAGE, rows))], _PAGE)
        _execute("VACUUM ANALYZE")
        say(f"\nRework of a ledger of {rows} invoices with two lines each")
        _measured("reparse, nothing reads differently", services.reparse(source), say)
        _execute(_READ_OTHERWISE)
        _measured("reparse, every record reads differently", services.reparse(source), say)
        _execute(_OLDER)
        _measured("rekey of everything", services.rekey(), say)


def _measured(label: str, work: Iterator[services.Reworked], say: Say) -> None:
    gc.collect()
    with Cost() as cost:
        spent, total = [cost.spent()], services.Reworked()
        for total in work:  # noqa: B007 - the last one tells all
            spent.append(cost.spent())
    tenth = max(1, (len(spent) - 1) // 10)
    steady = (spent[-1] - spent[-1 - tenth]) / (spent[tenth] - spent[0])
    say(f"  {label}: {total.looked_at} looked at, {total.changed} changed in {cost.seconds};")
    say(f"    last tenth {steady:.2f} times the first (processor time); peak memory {cost.memory}")


def _execute(statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements.split(";"):
            cursor.execute(statement)
