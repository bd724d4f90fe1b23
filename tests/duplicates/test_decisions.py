"""Cases opened from a real ledger, decided and undone: the ledger follows and is restored exactly."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core.errors import HubError
from apps.duplicates import case_store, searching, services
from apps.duplicates.choices import Kind, State
from apps.duplicates.models import CandidatePair, CaseMember, Claim, DuplicateCase, NotDuplicate, SearchRun
from apps.invoices.ingest import ingest_page
from apps.invoices.models import Invoice, MergeLink
from apps.sources.connectors.base import RawItem
from apps.sources.models import Source
from apps.sources.records import ClaimRecord, InvoiceKind, InvoiceRecord, PartyRecord, dumps, loads
from tests.factories import CompanyFactory, SourceFactory, UserFactory
from tests.invoices.ledgers import differences, ledger

pytestmark = pytest.mark.django_db

RIGHT, WRONG, ODD = "25442000000012345678", "25442000000012345878", "25442000000012345687"


@pytest.fixture
def sources() -> dict[str, Source]:
    company = CompanyFactory()
    kinds = {"etax": "税局", "checker": "查重", "maycur": "每刻"}
    return {kind: SourceFactory(name=name, kind=kind, company=company) for kind, name in kinds.items()}


@pytest.fixture
def reviewer():
    return UserFactory(sees_all_companies=True)


def record(number: str = RIGHT, external_id: str = "r1", **values) -> InvoiceRecord:
    facts = {
        "issue_date": date(2025, 3, 1),
        "total_amount": Decimal("113.00"),
        "amount_excl_tax": Decimal("100.00"),
        "seller": PartyRecord("上海正源广告有限公司", "91310000000000001X"),
    }
    return InvoiceRecord(
        external_id=external_id, kind=InvoiceKind.DIGITAL_SPECIAL, digital_number=number, **{**facts, **values}
    )


def bring(source: Source, *records: InvoiceRecord) -> None:
    items = [RawItem(one.external_id, {"record": dumps(one)}) for one in records]
    with transaction.atomic():
        ingest_page(source, items, lambda item: loads(item.payload["record"]), run_id=None, stream="test")


def searched_case(**lookup) -> DuplicateCase:
    searching.search_changed()
    return DuplicateCase.objects.get(**lookup)


def test_a_mistyped_number_becomes_a_case_with_its_evidence(sources):
    bring(sources["etax"], record())
    bring(sources["checker"], record(WRONG))
    case = searched_case()
    assert (case.kind, case.tier, case.state, str(case.total_amount)) == ("suspect", "certain", "open", "113.00")
    (pair,) = case.pairs.all()
    assert pair.rules == ["look_alike"] or pair.rules == ["digit_wrong"]
    assert pair.fields["total_amount"] == "equal"
    assert searching.backlog().number == 0


def test_merging_keeps_the_masters_number_and_re_import_brings_nothing_back(sources, reviewer):
    bring(sources["checker"], record(WRONG, issue_date=date(2025, 3, 2)))
    bring(sources["etax"], record())
    before = ledger()
    case = searched_case()
    master = services.best_master(case)
    assert master.digital_number == RIGHT
    decision = services.merge(case, master, reviewer, "same paper", case.revision)
    (one,) = Invoice.objects.filter(merged_into=None)
    assert (one.pk, one.digital_number, one.issue_date) == (master.pk, RIGHT, date(2025, 3, 1))
    assert "sources_disagree" not in one.flags  # the redirect fills gaps and contradicts nothing
    bring(sources["checker"], record(WRONG, issue_date=date(2025, 3, 2), remark="edited since"))
    searching.search_changed()
    assert Invoice.objects.filter(merged_into=None).count() == 1
    assert [c.state for c in DuplicateCase.objects.all()] == [State.MERGED]
    bring(sources["checker"], record(WRONG, issue_date=date(2025, 3, 2)))
    services.undo(decision, reviewer)
    assert differences(ledger(), before) == []
    assert not MergeLink.objects.exists()


def test_what_is_dismissed_stays_dismissed(sources, reviewer):
    bring(sources["etax"], record())
    bring(sources["checker"], record(WRONG))
    decision = services.dismiss(searched_case(), reviewer, "two papers")
    bring(sources["checker"], record(WRONG, remark="again"))
    searching.search_changed()
    searching.search_all()
    assert [case.state for case in DuplicateCase.objects.all()] == [State.DISMISSED]
    services.undo(decision, reviewer)
    assert not NotDuplicate.objects.exists()
    assert DuplicateCase.objects.get().state == State.OPEN


def test_evidence_that_vanishes_closes_the_case_and_brings_it_back(sources):
    bring(sources["etax"], record())
    bring(sources["checker"], record(WRONG))
    case = searched_case()
    other = {"total_amount": Decimal("999.00"), "amount_excl_tax": Decimal("884.00")}
    bring(sources["checker"], record(WRONG, **other))
    assert searched_case().state == State.GONE
    bring(sources["checker"], record(WRONG))
    assert searched_case(pk=case.pk).state == State.OPEN


def test_a_third_invoice_joins_the_case_that_is_there(sources, reviewer):
    bring(sources["etax"], record())
    bring(sources["checker"], record(WRONG))
    case = searched_case()
    services.comment(case, reviewer, "asked the seller")
    bring(sources["maycur"], record(ODD))
    grown = searched_case()
    assert grown.pk == case.pk
    assert grown.members.count() == 3
    assert grown.decisions.count() == 1


def test_a_case_that_grew_is_not_decided_by_who_saw_it_smaller(sources, reviewer):
    bring(sources["etax"], record())
    bring(sources["checker"], record(WRONG))
    before = searched_case()
    bring(sources["maycur"], record(ODD))
    grown = searched_case()
    with pytest.raises(HubError) as refused:
        services.merge(grown, services.best_master(grown), reviewer, "", before.revision)
    assert refused.value.message.code == "duplicates.changed_meanwhile"


def test_a_search_that_finds_nothing_new_touches_no_case(sources):
    bring(sources["etax"], record())
    bring(sources["checker"], record(WRONG))
    bring(
        sources["maycur"], record(claim=claim("王伟"), external_id="m1"), record(claim=claim("王伟"), external_id="m2")
    )
    searching.search_changed()
    cases = list(DuplicateCase.objects.order_by("pk").values())
    rows = [list(model.objects.order_by("pk").values()) for model in (CaseMember, CandidatePair, Claim)]
    searching.search_all()
    assert list(DuplicateCase.objects.order_by("pk").values()) == cases
    assert [list(model.objects.order_by("pk").values()) for model in (CaseMember, CandidatePair, Claim)] == rows
    assert {case["kind"] for case in cases} == {"suspect", "claim"}
    assert all(rows)


def test_what_is_decided_while_a_search_runs_stays_decided(sources, reviewer, monkeypatch):
    bring(sources["etax"], record())
    bring(sources["checker"], record(WRONG))
    case = searched_case()
    bring(sources["maycur"], record(ODD))
    write = case_store.write

    def decided_first(kind, entries):
        if kind == Kind.SUSPECT:
            services.dismiss(case, reviewer, "two papers")
        write(kind, entries)

    monkeypatch.setattr(case_store, "write", decided_first)
    searching.search_changed()
    case.refresh_from_db()
    assert case.state == State.DISMISSED
    assert case.members.count() == 2


def test_who_comes_second_is_told_who_was_faster(sources, reviewer):
    bring(sources["etax"], record())
    bring(sources["checker"], record(WRONG))
    case = searched_case()
    services.dismiss(case, reviewer, "two papers", case.revision)
    with pytest.raises(HubError) as refused:
        services.merge(case, services.best_master(case), UserFactory(), "", case.revision)
    assert refused.value.message.code == "duplicates.decided_meanwhile"
    assert reviewer.username in str(refused.value)
    assert not MergeLink.objects.exists()


def test_a_stale_page_decides_nothing(sources, reviewer):
    bring(sources["etax"], record())
    bring(sources["checker"], record(WRONG))
    case = searched_case()
    services.assign(case, reviewer, reviewer, "please look")
    with pytest.raises(HubError) as refused:
        services.dismiss(case, reviewer, "", case.revision)
    assert refused.value.message.code == "duplicates.changed_meanwhile"


def claim(person: str, bill: str = "") -> ClaimRecord:
    return ClaimRecord(person=person, bill_number=bill)


def test_two_people_with_one_invoice_are_a_claim_case(sources, reviewer):
    bring(sources["checker"], record(external_id="a", claim=claim("王 五")))
    bring(sources["maycur"], record(claim=claim("王五")))
    searching.search_changed()
    assert not DuplicateCase.objects.exists()
    bring(sources["maycur"], record(claim=claim("李四")))
    case = searched_case()
    assert (case.kind, case.tier) == (Kind.CLAIM, "certain")
    assert {(c.person, c.source_id) for c in case.claims.all()} == {
        ("王 五", sources["checker"].pk), ("李四", sources["maycur"].pk),
    }  # fmt: skip
    decision = services.confirm(case, reviewer, "told them")
    searching.search_all()
    assert DuplicateCase.objects.get().state == State.CONFIRMED
    services.undo(decision, reviewer)
    assert DuplicateCase.objects.get().state == State.OPEN


def test_two_records_of_one_source_are_a_claim_case_even_after_a_tombstone(sources):
    bring(sources["checker"], record(external_id="a", claim=claim("王五")))
    bring(sources["checker"], record(external_id="b", claim=claim("王五")))
    assert searched_case().kind == Kind.CLAIM
    bring(sources["checker"], record(external_id="a", claim=claim("王五"), deleted=True))
    assert searched_case().state == State.OPEN
    bring(sources["checker"], record(external_id="b", claim=claim("王五"), deleted=True))
    assert searched_case().state == State.GONE


def test_one_document_under_two_linked_records_is_no_claim(sources):
    bring(sources["checker"], record(external_id="order", link_keys=("o-1",)))
    bring(sources["checker"], record(external_id="result", link_keys=("o-1",)))
    searching.search_changed()
    assert not DuplicateCase.objects.exists()


def test_a_batch_is_decided_and_undone_together(sources, reviewer):
    for n, day in enumerate((1, 5, 9)):
        number = f"2544200000001{n}345678"
        bring(sources["etax"], record(number, f"e{n}", issue_date=date(2025, 3, day)))
        bring(sources["checker"], record(f"{number[:-3]}078", f"c{n}", issue_date=date(2025, 3, day)))
    searching.search_changed()
    before = ledger()
    result = services.decide_many(list(DuplicateCase.objects.all()), "merge", reviewer, "all certain")
    assert (result.decided, list(result.skipped)) == (3, [])
    assert Invoice.objects.filter(merged_into=None).count() == 3
    assert services.undo_batch(result.batch, reviewer) == 3
    assert differences(ledger(), before) == []
    assert set(DuplicateCase.objects.values_list("state", flat=True)) == {State.OPEN}


steps = st.lists(st.tuples(st.sampled_from(["merge", "dismiss", "undo", "import"]), st.integers(0, 9)), max_size=8)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=steps)
def test_undoing_everything_restores_the_ledger_exactly(sources, reviewer, steps):
    """Merges, dismissals, undos and re-imports in any order: in the end the source records alone decide."""
    with transaction.atomic():
        arrivals = [("etax", record()), ("checker", record(WRONG)), ("maycur", record(ODD, remark="三"))]
        for kind, invoice_record in arrivals:
            bring(sources[kind], invoice_record)
        undisturbed = ledger()
        searching.search_changed()
        decisions = []
        for what, n in steps:
            case = DuplicateCase.objects.filter(state=State.OPEN).order_by("pk").first()
            if what == "import":
                kind, invoice_record = arrivals[n % 3]
                bring(sources[kind], invoice_record)
                searching.search_changed()
            elif what == "undo" and decisions:
                services.undo(decisions.pop(), reviewer)
            elif what == "merge" and case:
                members = [member.invoice for member in case.members.select_related("invoice")]
                decisions.append(services.merge(case, members[n % len(members)], reviewer))
            elif what == "dismiss" and case:
                decisions.append(services.dismiss(case, reviewer))
            assert Invoice.objects.filter(merged_into__merged_into__isnull=False).count() == 0  # one level deep
        for decision in reversed(decisions):
            services.undo(decision, reviewer)
        assert differences(ledger(), undisturbed) == []
        transaction.set_rollback(True)


def test_a_large_backlog_is_searched_all_at_once(sources, monkeypatch):
    monkeypatch.setattr(searching, "_MANY", 1)
    bring(sources["etax"], record())
    bring(sources["checker"], record(WRONG))
    searching.search_changed()
    assert [search.scope for search in SearchRun.objects.all()] == ["all"]
    assert DuplicateCase.objects.count() == 1
    assert searching.backlog().number == 0
