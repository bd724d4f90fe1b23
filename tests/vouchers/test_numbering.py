"""Numbers of vouchers: given at the audit, without gaps and without doubles."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from apps.core.errors import HubError
from apps.vouchers import auditing, pushing, renumbering, services
from apps.vouchers.content import EntryContent
from apps.vouchers.models import AccountBook, ClosedPeriod, Voucher
from apps.vouchers.services import Change
from tests.factories import AccountBookFactory, UserFactory, VoucherFactory
from tests.progress import STALL_SECONDS

VOUCHER_ENTRIES = (
    EntryContent("a", "6602", debit=Decimal("113.00")),
    EntryContent("b", "2241", credit=Decimal("113.00")),
)
DAY = date(2026, 3, 3)


def drafts(book: AccountBook, count: int, **values: Any) -> list[Voucher]:
    made: list[Voucher] = VoucherFactory.create_batch(count, book=book, vouch_no="", **{"type": "记", **values})
    return made


def audit(*vouchers: Voucher) -> list[str]:
    """Audit them, in this order; their numbers."""
    result = auditing.audit({voucher.pk: None for voucher in vouchers}, None)
    assert not result.refused
    return [f"{voucher.type}-{voucher.vouch_no}" for voucher in result.succeeded]


def numbers(book: AccountBook) -> list[str]:
    return list(Voucher.objects.filter(book=book).order_by("pk").values_list("vouch_no", flat=True))


def test_an_audit_gives_the_next_number_of_book_period_and_type(book: AccountBook) -> None:
    first, second, third = drafts(book, 3)
    (received,) = drafts(book, 1, type="收")
    (untyped,) = drafts(book, 1, type="")
    (later,) = drafts(book, 1, period="202604", account_date="2026-04-01")
    (elsewhere,) = drafts(AccountBookFactory(), 1)
    assert audit(second, received, first) == ["记-1", "收-1", "记-2"]
    assert audit(untyped, later, elsewhere, third) == ["记-3", "记-1", "记-1", "记-4"]


def test_numbers_keep_their_width_and_void_ones_count(book: AccountBook) -> None:
    VoucherFactory(book=book, type="记", vouch_no="0009", state="void")
    assert audit(*drafts(book, 2)) == ["记-0010", "记-0011"]


def test_a_draft_of_a_book_without_audits_is_numbered_when_it_is_collected(book: AccountBook) -> None:
    AccountBook.objects.filter(pk=book.pk).update(audit_before_collect=False)
    user = UserFactory(last_name="王", first_name="芳")
    first, second = drafts(book, 2)
    assert not pushing.collect({second.pk: None, first.pk: None}, user).refused
    assert numbers(book) == ["2", "1"]
    first.refresh_from_db()
    assert (first.booked_by, first.reviewer) == (user, "王芳")


def test_taking_an_audit_back_frees_the_last_numbers_only(book: AccountBook) -> None:
    made = drafts(book, 4)
    audit(*made)
    auditing.unaudit_one(made[1].pk, None, None)
    assert numbers(book) == ["1", "2", "3", "4"]
    auditing.unaudit({made[2].pk: None, made[3].pk: None}, None)
    assert numbers(book) == ["1", "2", "", ""]
    assert audit(made[3], made[1]) == ["记-3", "记-2"]


def test_a_draft_whose_number_is_not_the_last_is_not_removed(book: AccountBook) -> None:
    first, second = drafts(book, 2)
    audit(first, second)
    auditing.unaudit_one(first.pk, None, None)
    with pytest.raises(HubError) as refused:
        services.discard(first.pk, None)
    assert refused.value.message.code == "voucher.number_not_last"
    pushing.queue_void(first.pk, None, None, "误记")
    auditing.unaudit_one(second.pk, None, None)
    services.discard(second.pk, None)
    assert numbers(book) == ["1"]
    assert audit(*drafts(book, 1)) == ["记-2"]


@pytest.mark.parametrize("head", [{"type": "付"}, {"period": "202604", "account_date": date(2026, 4, 1)}])
def test_a_draft_that_leaves_its_series_takes_a_new_number(book: AccountBook, head: dict[str, Any]) -> None:
    first, second = drafts(book, 2)
    audit(first, second)
    auditing.unaudit_one(first.pk, None, None)
    services.update(first.pk, None, Change({"item": "x"}), None)
    assert numbers(book) == ["1", "2"]
    services.update(first.pk, None, Change(head), None)
    assert numbers(book) == ["", "2"]
    assert audit(first)[0].endswith("-1")


def test_an_audited_voucher_is_read_only(book: AccountBook) -> None:
    (voucher,) = drafts(book, 1)
    with pytest.raises(HubError) as refused:
        pushing.queue_collect(voucher.pk, None, None)
    assert refused.value.message.code == "voucher.not_audited"
    audit(voucher)
    for act in (
        lambda: services.update(voucher.pk, None, Change({"item": "x"}), None),
        lambda: services.discard(voucher.pk, None),
    ):
        with pytest.raises(HubError) as refused:
            act()
        assert refused.value.message.code == "voucher.is_audited"
    auditing.unaudit_one(voucher.pk, None, None)
    services.update(voucher.pk, None, Change({"item": "x"}), None)


def test_an_incomplete_voucher_is_not_audited(book: AccountBook) -> None:
    (voucher,) = drafts(book, 1, lines=False)
    with pytest.raises(pushing.NotReady) as refused:
        auditing.audit_one(voucher.pk, None, None)
    assert refused.value.message.code == "voucher.not_auditable"
    assert numbers(book) == [""]


def test_the_steps_enter_their_people(book: AccountBook) -> None:
    wang, li, zhao = (UserFactory(last_name=name, first_name="芳") for name in ("王", "李", "赵"))
    voucher = services.create(book, Change({"account_date": DAY, "business_date": DAY}), wang)
    services.update(voucher.pk, None, Change(entries=VOUCHER_ENTRIES), wang)

    def names() -> tuple[str, ...]:
        voucher.refresh_from_db()
        return voucher.creator, voucher.examiner, voucher.reviewer

    assert names() == ("王芳", "", "")
    auditing.audit_one(voucher.pk, None, li)
    assert (names(), voucher.audited_by) == (("王芳", "李芳", ""), li)
    auditing.unaudit_one(voucher.pk, None, li)
    assert (names(), voucher.audited_by) == (("王芳", "", ""), None)
    auditing.audit_one(voucher.pk, None, li)
    pushing.queue_collect(voucher.pk, None, zhao)
    assert (names(), voucher.booked_by) == (("王芳", "李芳", "赵芳"), zhao)
    pushing.queue_void(voucher.pk, None, zhao, "误记")
    services.reopen(voucher.pk, None)
    assert (names(), voucher.state) == (("王芳", "", ""), "draft")


def test_people_of_a_voucher_of_another_system_stay(book: AccountBook) -> None:
    (voucher,) = drafts(book, 1, resource="eas", creator="甲", examiner="乙")
    auditing.audit_one(voucher.pk, None, UserFactory(last_name="李", first_name="芳"))
    voucher.refresh_from_db()
    assert (voucher.creator, voucher.examiner) == ("甲", "乙")
    auditing.unaudit_one(voucher.pk, None, None)
    voucher.refresh_from_db()
    assert (voucher.examiner, voucher.vouch_no) == ("乙", "1")  # numbers of other systems are not freed


def test_renumbering_closes_gaps_by_date(book: AccountBook) -> None:
    made = [
        VoucherFactory(book=book, type="记", vouch_no=number, state=state, account_date=f"2026-03-{day:02d}", **values)
        for number, state, day, values in (
            ("01", "booked", 9, {}),
            ("03", "audited", 8, {}),
            ("05", "draft", 2, {}),
            ("06", "draft", 5, {"ever_sent": True}),
            ("09", "void", 1, {}),
            ("11", "draft", 3, {"resource": "eas"}),
        )
    ]
    before = numbers(book)
    out = StringIO()
    call_command("renumber_vouchers", "--book", str(book.pk), "--period", "202603", "--dry-run", stdout=out)
    assert numbers(book) == before
    assert "记 05 -> 02" in out.getvalue()
    assert "4, 5, 7, 8, 10" in out.getvalue()
    call_command("renumber_vouchers", "--book", str(book.pk), "--period", "202603", stdout=out)
    assert numbers(book) == ["01", "03", "02", "06", "09", "11"]
    made[2].refresh_from_db()
    assert made[2].revision == 2
    assert renumbering.renumber(book, "202603").moved == []
    ClosedPeriod.objects.create(book=book, period="202603")
    with pytest.raises(HubError):
        renumbering.renumber(book, "202603")


def test_renumbering_swaps_numbers(book: AccountBook) -> None:
    VoucherFactory(book=book, type="记", vouch_no="1", account_date="2026-03-09")
    VoucherFactory(book=book, type="记", vouch_no="2", account_date="2026-03-01")
    renumbering.renumber(book, "202603")
    assert numbers(book) == ["2", "1"]


@pytest.mark.django_db(transaction=True)
def test_audits_at_the_same_time_leave_no_gaps_and_no_doubles() -> None:
    book = AccountBookFactory()
    made = drafts(book, 24)
    start = threading.Barrier(4, timeout=STALL_SECONDS)

    def work(part: list[Voucher]) -> None:
        try:
            start.wait()
            for voucher in part:
                auditing.audit_one(voucher.pk, None, None)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(work, made[n::4]) for n in range(4)]:
            future.result()
    assert sorted(map(int, numbers(book))) == list(range(1, 25))


@pytest.mark.django_db
def test_auditing_many_takes_as_many_queries_as_few(book: AccountBook, django_assert_max_num_queries: Any) -> None:
    user = UserFactory(role="reviewer", companies=[book.company])
    for count in (2, 60):
        made = drafts(book, count)
        with django_assert_max_num_queries(26):
            assert len(auditing.audit({voucher.pk: 1 for voucher in made}, user).succeeded) == count
