"""Time of the page of a bill with many invoices, in a process that has just started and in a warm one."""

import statistics
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import Company, User
from apps.bills import services
from apps.bills.models import Bill
from apps.invoices.identity import IDENTITY_VERSION
from apps.invoices.models import Invoice, Party
from apps.sources.models import Source
from invoicehub.warmth import warm_up

from .ingest import scratch_database

Say = Callable[[str], Any]
_GOAL = 300  # ms
_LOOKS = 15


def run(invoices: int, say: Say) -> None:
    """Print milliseconds and queries of the page of a draft with so many invoices."""
    with scratch_database():
        person = User.objects.create(username="bench", is_superuser=True, sees_all_companies=True)
        bill = _filled(person, invoices)
        warm_up()  # as every web process does before its first visitor
        client = Client(headers={"host": "localhost"})
        client.force_login(person)
        looks, queries = [], 0
        for _ in range(_LOOKS):
            with CaptureQueriesContext(connection) as captured:
                begun = time.perf_counter()
                answer = client.get(f"/bills/{bill.pk}/")
                looks.append((time.perf_counter() - begun) * 1000)
            queries = len(captured)
            if answer.status_code != 200:
                raise RuntimeError(f"the page answered {answer.status_code}")
        say(f"\nThe page of a bill with {invoices} invoices, {queries} queries:")
        say(
            f"  first look {looks[0]:.0f} ms, then {statistics.median(looks[1:]):.0f} (goal below {_GOAL}),"
            f" the slowest {max(looks[1:]):.0f}"
        )


def _filled(person: User, invoices: int) -> Bill:
    company = Company.objects.create(name="测量公司", tax_no="91440000100017600N")
    source = Source.objects.create(
        name="发票云", kind="piaozone", company=company, base_url="http://127.0.0.1:9", enabled=True
    )
    buyer = Party.objects.create(name=company.name, tax_no=company.tax_no)
    sellers = Party.objects.bulk_create(Party(name=f"供应商{n}有限公司", tax_no="") for n in range(40))
    now = timezone.now()
    invoice_rows = Invoice.objects.bulk_create(
        Invoice(
            key=f"E:{n:020d}", identity_version=IDENTITY_VERSION, kind="digital_general", direction="input",
            number=f"{n:020d}", digital_number=f"{n:020d}", issue_date=date(2026, 1 + n % 12, 1 + n % 28),
            amount_excl_tax=Decimal("100.00"), tax_amount=Decimal("6.00"), total_amount=Decimal("106.00"), buyer=buyer,
            seller=sellers[n % 40], status="normal", verification="passed", expense_status="unused",
            deduction_status="unknown", company_ids=[company.pk], source_ids=[source.pk],
            created_at=now, updated_at=now,
        )
        for n in range(invoices)
    )  # fmt: skip
    bill = services.create_bill(company, person, title="测量", source=source)
    line = services.put_line(bill, person, cost_type="差旅费")
    ids = [invoice.pk for invoice in invoice_rows]
    services.reserve(bill, ids, person, line=line)
    return bill
