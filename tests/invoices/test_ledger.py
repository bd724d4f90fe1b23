"""The ledger is a function of the source records: any order, any repetition, any cut into pages."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core.errors import BadRecord
from apps.invoices.ingest import ingest_page
from apps.invoices.models import FieldConflict, Invoice
from apps.invoices.services import reopen_conflict, settle_conflict
from apps.sources.connectors.base import RawItem
from apps.sources.models import QuarantinedRecord, RawRecord
from apps.sources.records import InvoiceKind, LineRecord, PartyRecord, dumps
from tests.factories import CompanyFactory, SourceFactory

from .builders import PAIR, TWENTY, record, records
from .ledgers import bring, differences, ledger, parse, wipe

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_sources():
    company = CompanyFactory()
    return SourceFactory(name="税局", kind="etax", company=company), SourceFactory(
        name="查重", kind="checker", company=company
    )


arrivals = st.lists(
    st.tuples(st.sampled_from([0, 1]), st.sampled_from("abc")), unique=True, min_size=2, max_size=6
).flatmap(lambda places: st.tuples(*(st.tuples(st.just(side), records(name)) for side, name in places)))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(arrived=arrivals, random=st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_give_the_same_ledger(two_sources, arrived, random):
    wipe()
    for side, one in arrived:
        bring(two_sources[side], one)
    expected = ledger()
    wipe()
    again = [*arrived, *random.choices(arrived, k=3)]
    random.shuffle(again)
    while again:
        side = again[0][0]
        page = [one for where, one in again[:2] if where == side]
        bring(two_sources[side], *page)
        del again[: len(page)]
    assert differences(ledger(), expected) == []


def test_a_second_source_adds_itself_and_changes_no_second_invoice(two_sources):
    etax, checker = two_sources
    assert bring(etax, record("e1", digital_number=TWENTY, total_amount=Decimal("10.00"))).created == 1
    assert bring(checker, record("c1", number=TWENTY, total_amount=Decimal("10.00"))).created == 1
    (invoice,) = Invoice.objects.all()
    assert invoice.source_ids == sorted([etax.pk, checker.pk])


def test_the_same_page_again_changes_nothing(two_sources):
    page = [record(str(n), digital_number=f"{n:020d}", lines=(LineRecord(name="咨询"),)) for n in range(5)]
    bring(two_sources[0], *page)
    before = list(Invoice.objects.order_by("pk").values())
    counts = bring(two_sources[0], *page)
    assert (counts.received, counts.unchanged, counts.created, counts.changed) == (5, 5, 0, 0)
    assert list(Invoice.objects.order_by("pk").values()) == before
    assert RawRecord.objects.count() == 5


def test_of_a_record_that_is_in_one_page_several_times_the_last_counts(two_sources):
    one, other = (record("e1", digital_number=TWENTY, remark=remark) for remark in ("one", "other"))

    def page(*versions):
        counts = bring(two_sources[0], *versions)
        return Invoice.objects.get().remark, counts.created, counts.changed, counts.unchanged

    assert page(one, one) == ("one", 1, 0, 1)
    assert page(other, one) == ("one", 0, 2, 0)  # as it was before, but not as the page's first
    assert page(one, other, other) == ("other", 0, 1, 2)
    assert page(one) == ("one", 0, 1, 0)  # compared with what came last, not with what came first
    assert RawRecord.objects.count() == 5


def test_a_record_waits_in_quarantine_until_it_can_be_read(two_sources):
    def page(payload):
        with transaction.atomic():
            counts = ingest_page(two_sources[0], [RawItem("e1", payload)], strict, run_id=None, stream="test")
        waiting = QuarantinedRecord.objects.get()
        return waiting.state, counts.quarantined, counts.created, counts.changed, counts.unchanged

    def strict(item):
        if "record" not in item.payload:
            raise BadRecord("record.unexpected", error="x")
        return parse(item)

    assert page({"bad": 1}) == ("open", 1, 0, 0, 0)
    assert page({"bad": 1}) == ("open", 1, 0, 0, 0)  # nothing new, and still waiting
    assert page({"record": dumps(record("e1"))}) == ("resolved", 0, 0, 1, 0)
    assert page({"bad": 1}) == ("open", 1, 0, 0, 0)


def test_a_page_costs_the_same_queries_whatever_it_holds(two_sources, django_assert_max_num_queries):
    def page(start, size):
        return [
            record(str(n), digital_number=f"{n:020d}", seller=PartyRecord(f"卖方{n}"))
            for n in range(start, start + size)
        ]

    with django_assert_max_num_queries(24):
        bring(two_sources[0], *page(0, 10))
    with django_assert_max_num_queries(24):
        bring(two_sources[0], *page(100, 400))
    with django_assert_max_num_queries(30):
        bring(two_sources[1], *page(100, 400))


def test_an_older_version_that_comes_late_changes_nothing(two_sources):
    morning, noon = (datetime(2026, 3, 1, hour, tzinfo=UTC) for hour in (9, 12))

    def version(remark, changed_at):
        counts = bring(two_sources[0], record("e1", digital_number=TWENTY, remark=remark, changed_at=changed_at))
        return Invoice.objects.get().remark, counts.changed, counts.unchanged

    version("first", noon)
    assert version("older", morning) == ("first", 0, 1)
    assert version("same moment", noon) == ("same moment", 1, 0)
    assert version("undated", None) == ("undated", 1, 0)


def test_a_merged_invoice_is_a_redirect_to_its_master(two_sources):
    etax, checker = two_sources
    kind = InvoiceKind.DIGITAL_PAPER_SPECIAL
    bring(checker, record("c1", kind=kind, code=PAIR[0], number=PAIR[1]))
    bring(checker, record("c2", kind=kind, digital_number=TWENTY))
    old = Invoice.objects.get(key__startswith="C:")
    bring(etax, record("e1", kind=kind, digital_number=TWENTY, code=PAIR[0], number=PAIR[1]))
    (invoice,) = Invoice.objects.filter(merged_into=None)
    old.refresh_from_db()
    assert old.merged_into == invoice
    assert invoice.source_records.count() == 3
    assert not old.lines.exists()
    assert not old.match_keys.exists()


def test_a_tombstone_keeps_the_invoice_and_says_so(two_sources):
    bring(two_sources[0], record("e1", digital_number=TWENTY, total_amount=Decimal("5.00")))
    counts = bring(two_sources[0], record("e1", digital_number=TWENTY, total_amount=Decimal("5.00"), deleted=True))
    assert (counts.changed, counts.tombstoned) == (1, 1)
    invoice = Invoice.objects.get()
    assert invoice.deleted
    assert "deleted_at_source" in invoice.flags


def test_what_a_person_settled_stays_settled(two_sources):
    etax, checker = two_sources
    bring(etax, record("e1", digital_number=TWENTY, total_amount=Decimal("10.00")))
    bring(checker, record("c1", digital_number=TWENTY, total_amount=Decimal("12.00")))
    invoice = Invoice.objects.get()
    assert "sources_disagree" in invoice.flags
    conflict = FieldConflict.objects.get(field="total_amount")
    settle_conflict(conflict, "12.00", "原件上是 12.00", None)
    bring(etax, record("e1", digital_number=TWENTY, total_amount=Decimal("10.00"), remark="改了备注"))
    invoice.refresh_from_db()
    assert invoice.total_amount == Decimal("12.00")
    assert invoice.remark == "改了备注"
    assert "sources_disagree" not in invoice.flags
    conflict.refresh_from_db()
    reopen_conflict(conflict, None)
    invoice.refresh_from_db()
    assert invoice.total_amount == Decimal("10.00")


def test_two_invoices_under_one_number_may_be_left_as_they_are(two_sources):
    etax, checker = two_sources
    code, number = PAIR
    paper = {"kind": InvoiceKind.DIGITAL_PAPER_SPECIAL, "code": code, "number": number}
    bring(etax, record("full", digital_number=TWENTY, total_amount=Decimal("106.00"), **paper))
    bring(checker, record("pair", total_amount=Decimal("212.00"), **paper))
    assert all("numbers_contradict" in flags for flags in Invoice.objects.values_list("flags", flat=True))
    conflict = FieldConflict.objects.get(invoice__key=f"E:{TWENTY}", state="open")
    settle_conflict(conflict, conflict.claims[0]["value"], "checked against both papers", None)
    flags = dict(Invoice.objects.values_list("key", "flags"))
    assert "numbers_contradict" not in flags[f"E:{TWENTY}"]
    bring(etax, record("full", digital_number=TWENTY, total_amount=Decimal("107.00"), **paper))
    assert "numbers_contradict" not in Invoice.objects.get(key=f"E:{TWENTY}").flags
    reopen_conflict(conflict, None)
    assert "numbers_contradict" in Invoice.objects.get(key=f"E:{TWENTY}").flags


def test_an_id_twice_in_a_page_counts_twice_and_the_last_wins(two_sources):
    counts = bring(
        two_sources[0], record("e1", digital_number=TWENTY), record("e1", digital_number=TWENTY, remark="新")
    )
    assert counts.received == counts.created + counts.changed + counts.unchanged + counts.quarantined == 2
    assert Invoice.objects.get().remark == "新"
    assert RawRecord.objects.count() == 2
