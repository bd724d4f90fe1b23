"""Which source wins which field: the policy by examples, and that order never matters."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.invoices.source_records import SourceRecordState
from apps.invoices.survivorship import resolve, with_own_usage, with_settled
from apps.sources.records import (
    DeductionStatus,
    ExpenseStatus,
    InvoiceRecord,
    InvoiceStatus,
    LineRecord,
    PartyRecord,
    TravelRecord,
    Verification,
)

from .builders import KINDS, record, records, state

NET, TAX, GROSS = Decimal("100.00"), Decimal("6.00"), Decimal("106.00")


def stated(kind: str, external_id: str = "r1", **values: Any) -> SourceRecordState:
    """A source of this kind states these values."""
    return state(record(external_id, **values), kind)


def any_statement(kind: str, external_id: str) -> st.SearchStrategy[SourceRecordState]:
    return records(external_id).map(lambda one: state(one, kind))


def amounts(invoice: InvoiceRecord) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    return invoice.amount_excl_tax, invoice.tax_amount, invoice.total_amount


@dataclass(frozen=True)
class Contest:
    field: str
    loser: str
    winner: str
    lost: Any
    won: Any


@pytest.mark.parametrize(
    "contest",
    [
        Contest("issue_date", "shopex", "etax", date(2025, 3, 2), date(2025, 3, 1)),
        Contest("number", "piaozone", "shopex", "12345679", "12345678"),
        Contest("status", "piaozone", "etax", InvoiceStatus.NORMAL, InvoiceStatus.VOID),
        Contest("deduction_status", "piaozone", "etax", DeductionStatus.NOT_TICKED, DeductionStatus.CERTIFIED),
        Contest("deduction_period", "checker", "piaozone", "202502", "202503"),
        Contest("expense_status", "etax", "piaozone", ExpenseStatus.UNUSED, ExpenseStatus.USED),
        Contest("verification", "etax", "maycur", Verification.NOT_DONE, Verification.PASSED),
        Contest("lines", "etax", "shopex", (LineRecord(name="合计"),), (LineRecord(name="咨询"),)),
        Contest("travel", "etax", "maycur", TravelRecord(vehicle="G2"), TravelRecord(vehicle="G1")),
        Contest("remark", "file", "checker", "抄件", "原件"),
    ],
    ids=lambda contest: contest.field,
)
def test_each_field_has_its_own_order_of_belief(contest: Contest) -> None:
    loser = stated(contest.loser, **{contest.field: contest.lost})
    winner = stated(contest.winner, **{contest.field: contest.won})
    for statements in ([loser, winner], [winner, loser]):
        assert getattr(resolve(statements).record, contest.field) == contest.won


def test_who_says_nothing_leaves_the_field_to_the_next() -> None:
    invoice = resolve(
        [stated("etax", verification=Verification.UNKNOWN), stated("file", remark="补", check_code="A1")]
    ).record
    assert (invoice.remark, invoice.check_code, invoice.verification) == ("补", "A1", Verification.UNKNOWN)


def test_of_two_records_of_one_source_the_one_changed_last_counts() -> None:
    old = stated("checker", "a", remark="旧", changed_at=datetime(2025, 3, 1, tzinfo=UTC))
    new = stated("checker", "b", remark="新", changed_at=datetime(2025, 3, 2, tzinfo=UTC))
    undated = stated("checker", "0", remark="无日期")
    assert resolve([old, undated, new]).record.remark == "新"


def test_amounts_come_from_one_record_and_gaps_only_from_equals() -> None:
    alone = stated("etax", total_amount=GROSS)
    same = stated("checker", total_amount=GROSS, amount_excl_tax=NET, tax_amount=TAX)
    other = stated("maycur", total_amount=Decimal("212.00"), amount_excl_tax=Decimal("200.00"))
    assert amounts(resolve([alone, other]).record) == (None, None, GROSS)
    assert amounts(resolve([alone, other, same]).record) == (NET, TAX, GROSS)


def test_a_record_without_a_total_gives_its_amounts_only_when_nobody_has_one() -> None:
    half = stated("etax", amount_excl_tax=NET, tax_amount=TAX)
    assert amounts(resolve([half, stated("file")]).record) == (NET, TAX, None)
    assert amounts(resolve([half, stated("file", total_amount=GROSS)]).record) == (None, None, GROSS)


def test_the_parts_of_a_party_are_gathered_one_by_one() -> None:
    invoice = resolve(
        [stated("etax", seller=PartyRecord(name="甲公司")), stated("checker", seller=PartyRecord("乙公司", "9133"))]
    )
    assert invoice.record.seller == PartyRecord(name="甲公司", tax_no="9133")


def test_what_is_gone_at_one_source_is_no_longer_heard_and_gone_when_all_are() -> None:
    gone, here = stated("etax", remark="已删", total_amount=NET, deleted=True), stated("file", total_amount=GROSS)
    invoice = resolve([gone, here])
    assert (invoice.record.remark, invoice.record.total_amount, invoice.deleted, invoice.conflicts) == (
        "",
        GROSS,
        False,
        {},
    )
    other = stated("file", total_amount=GROSS, deleted=True)
    assert (resolve([gone, other]).record.remark, resolve([gone, other]).deleted) == ("已删", True)
    assert resolve([gone, other]).conflicts == {}


def test_sources_that_disagree_on_what_matters_are_a_conflict_with_all_who_said_it() -> None:
    invoice = resolve([stated("etax", total_amount=GROSS), stated("file", total_amount=NET), stated("checker")])
    assert invoice.conflicts == {"total_amount": ((0, "r1", "106.00"), (5, "r1", "100.00"))}


def test_another_way_to_write_a_name_or_an_older_state_is_no_conflict() -> None:
    brackets = [
        stated("etax", seller=PartyRecord("甲（上海）公司")),
        stated("file", seller=PartyRecord("甲(上海) 公司")),
    ]
    assert resolve(brackets).conflicts == {}
    void = [stated("etax", status=InvoiceStatus.VOID), stated("file", status=InvoiceStatus.NORMAL)]
    assert resolve(void).conflicts == {}
    doubtful = [stated("etax", status=InvoiceStatus.NORMAL), stated("file", status=InvoiceStatus.VOID)]
    assert resolve(doubtful).conflicts.keys() == {"status"}


def test_merged_records_fill_gaps_contradict_nothing_and_keep_it_alive() -> None:
    master = stated("etax", total_amount=GROSS, seller=PartyRecord("甲公司"))
    merged = stated(
        "checker", "copy", total_amount=NET, amount_excl_tax=NET, remark="副本", seller=PartyRecord("乙公司", "9133")
    )
    invoice = resolve([master], merged_records=[merged])
    assert amounts(invoice.record) == (None, None, GROSS)
    assert (invoice.record.remark, invoice.record.seller) == ("副本", PartyRecord("甲公司", "9133"))
    assert invoice.conflicts == {}
    gone = stated("etax", deleted=True)
    assert (resolve([gone], merged_records=[merged]).deleted, resolve([gone]).deleted) == (False, True)
    assert amounts(resolve([stated("etax")], merged_records=[merged]).record) == (NET, None, NET)


def test_what_a_person_settled_wins_over_every_source() -> None:
    settled = {
        "total_amount": "1,212.00", "issue_date": "2025-04-01", "status": "void", "buyer_name": "丙公司",
        "buyer_tax_no": "9144", "tax_amount": "",
    }  # fmt: skip
    invoice = resolve([stated("etax", total_amount=GROSS, tax_amount=TAX)], settled).record
    assert amounts(invoice) == (None, None, Decimal("1212.00"))
    assert (invoice.issue_date, invoice.status) == (date(2025, 4, 1), InvoiceStatus.VOID)
    assert invoice.buyer == PartyRecord("丙公司", "9144")


@pytest.mark.parametrize(
    "settled", [{"total_amount": "twelve"}, {"issue_date": "1.4.2025"}, {"status": "lost"}], ids=lambda s: next(iter(s))
)
def test_a_settled_value_that_does_not_fit_its_field_is_refused(settled: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(settled.values()))):
        with_settled(record(), settled)


def test_our_own_use_wins_but_that_we_do_not_use_it_only_fills_a_gap() -> None:
    used = record(expense_status=ExpenseStatus.USED)
    assert with_own_usage(used, ["reserved"]).expense_status == ExpenseStatus.RESERVED
    assert with_own_usage(used, ["reserved", "booked", "unused"]).expense_status == ExpenseStatus.BOOKED
    assert with_own_usage(used, ["unused"]).expense_status == ExpenseStatus.USED
    assert with_own_usage(record(), ["unused"]).expense_status == ExpenseStatus.UNUSED
    assert with_own_usage(used, []) == used


places = st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from("abc")), unique=True, min_size=1)
statements = places.flatmap(lambda chosen: st.tuples(*(any_statement(kind, name) for kind, name in chosen)))


@given(statements, st.randoms(use_true_random=False))
def test_order_does_not_matter(states: tuple[SourceRecordState, ...], random: Any) -> None:
    shuffled = list(states)
    random.shuffle(shuffled)
    assert resolve(shuffled) == resolve(states)
