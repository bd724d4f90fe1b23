"""The bills of the sandbox's two bill systems: each is created here with its invoices."""

from typing import Any

import pytest
from django.db import transaction

from apps.accounts.models import Company
from apps.bills.compliance.selectors import checked
from apps.bills.models import Bill, UpstreamListing
from apps.bills.services import follow_upstream
from apps.invoices.ingest import ingest_page
from apps.invoices.services import reader
from apps.sandbox.server import running
from apps.sources.connectors import CONNECTORS
from apps.sources.connectors.base import OpenBill
from apps.sources.context import SourceContext
from apps.sources.models import Source
from tests.sources.connectors.context import MemoryContext, pulled

pytestmark = pytest.mark.django_db


def pull(entry: dict[str, Any]) -> Source:
    """Pull this source and ingest its records."""
    with MemoryContext(entry) as context:
        result = pulled(CONNECTORS[entry["kind"]](context))
    assert result.error is None
    company = Company.objects.get(tax_no=entry["company_tax_no"])
    values = {"base_url": entry["base_url"], "options": entry["options"], "company": company}
    source = Source.objects.create(name=entry["name"], kind=entry["kind"], **values)
    for page in result.pages:
        with transaction.atomic():
            ingest_page(source, page.items, reader(source), run_id=None, stream=page.stream, parsed=page.parsed)
    return source


def test_the_misprinted_form_is_reported_on_its_bill() -> None:
    with running(invoices=160, seed=11, piaozone_hold=0.05) as sandbox:
        for company in sandbox.companies():
            Company.objects.create(**company)
        sources = [pull(e) for e in sandbox.sources() if e["kind"] in ("checker", "piaozone")]
        (misprinted,) = (one for one in sandbox.world.invoices if one.typed)
    for source in sources:
        follow_upstream(source)
    results_of = {
        bill.number: [one for one in checked(bill).results if one.finding.check == "machine_number"]
        for bill in Bill.objects.all()
    }
    ((number, (one,)),) = ((number, list(all_)) for number, all_ in results_of.items() if all_)
    assert (number, one.level) == (misprinted.bill, "warn")
    assert (one.finding.actual, one.finding.expected) == (misprinted.typed, misprinted.number)


def test_the_bills_of_both_systems_are_created_with_their_invoices() -> None:
    with running(invoices=160, seed=11, piaozone_hold=0.05) as sandbox:
        for company in sandbox.companies():
            Company.objects.create(**company)
        sources = {e["kind"]: pull(e) for e in sandbox.sources() if e["kind"] in ("maycur", "piaozone")}
        forms = {number: len(invoices) for number, invoices in sandbox.world.maycur_forms.items()}
        bills = {
            number: len([i for i in bill_invoices if not i.defect])
            for number, bill_invoices in sandbox.world.bills.items()
        }
    for source in sources.values():
        follow_upstream(source)
        follow_upstream(source)

    def listed(kind: str, number: str) -> int:
        return UpstreamListing.objects.filter(source=sources[kind], number=number).count()

    assert forms
    assert bills
    assert {number: listed("maycur", number) for number in forms} == forms
    listed_count = {number: listed("piaozone", number) for number in bills}
    short = {number for number in bills if listed_count[number] < bills[number]}
    assert {number[-9:] for number in short} <= {"LIVE-0005"}  # its message names the bill by its key alone
    numbers = set(Bill.objects.values_list("number", flat=True))
    assert forms.keys() <= numbers
    assert {number for number, bill_invoices in bills.items() if bill_invoices} - short <= numbers
    assert not Bill.objects.filter(origin="own").exists()
    for bill in Bill.objects.all():
        assert bill.bill_invoices.exclude(state="released").count() <= listed(bill.origin, bill.number)
    with SourceContext(sources["maycur"]) as context:
        assert forms.keys() <= {form.number for form in context.watched("forms") if isinstance(form, OpenBill)}
