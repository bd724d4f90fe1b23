"""Creating, changing and discarding vouchers, and closing periods."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.accounts.models import User
from apps.core.errors import HubError
from apps.invoices.models import Invoice
from apps.vouchers import numbering, selectors, services
from apps.vouchers.content import EntryContent
from apps.vouchers.models import AccountBook, ClosedPeriod, ClosingRequest, Voucher, VoucherInvoice
from apps.vouchers.services import Change, InvoiceLink
from tests.factories import InvoiceFactory, VoucherFactory

ENTRIES = (
    EntryContent("a", "6602", debit=Decimal("100.00")),
    EntryContent("b", "2221", debit=Decimal("13.00")),
    EntryContent("c", "2241", credit=Decimal("113.00")),
)


def next_number(book: AccountBook) -> str:
    series = (book.pk, "202603", "记")
    return numbering.following(numbering.last_numbers({series}).get(series, ""))


def code_of(error: Any) -> str:
    return str(error.value.message.code)


def test_an_incomplete_draft_is_stored(book: AccountBook, accountant: User) -> None:
    invoice = InvoiceFactory(company=book.company)
    change = Change({"account_date": date(2026, 3, 3)}, ENTRIES, [InvoiceLink(invoice.pk, True, Decimal("13.00"))])
    voucher = services.create(book, change, accountant)
    voucher.refresh_from_db()
    assert (voucher.period, voucher.total_debit, voucher.total_credit) == ("202603", Decimal(113), Decimal(113))
    assert selectors.content_of(voucher).entries == ENTRIES
    assert len(voucher.vouch_id) == 32
    assert [p.code for p in selectors.problems_of(voucher) if p.blocking] == ["voucher.missing"]


def test_a_change_on_an_older_version_is_refused(book: AccountBook) -> None:
    voucher = VoucherFactory(book=book)
    services.update(voucher.pk, 1, Change({"item": "first"}), None)
    with pytest.raises(HubError) as error:
        services.update(voucher.pk, 1, Change({"item": "second"}), None)
    assert code_of(error) == "voucher.changed_meanwhile"
    voucher.refresh_from_db()
    assert (voucher.item, voucher.revision) == ("first", 2)


def test_entries_are_updated_in_place(book: AccountBook) -> None:
    voucher = VoucherFactory(book=book)
    first, second = voucher.entries.order_by("position")
    services.update(voucher.pk, None, Change(entries=ENTRIES), None)
    assert list(voucher.entries.order_by("position").values_list("pk", flat=True))[:2] == [first.pk, second.pk]
    services.update(voucher.pk, None, Change(entries=ENTRIES[:2]), None)
    assert selectors.content_of(voucher).entries == ENTRIES[:2]


def test_a_number_is_unique_per_book_and_period(book: AccountBook) -> None:
    numbered = VoucherFactory(book=book, type="记", vouch_no="0001")
    head = {"type": "记", "vouch_no": "0001", "period": "202603"}
    with pytest.raises(HubError) as error:
        services.create(book, Change(head), None)
    assert code_of(error) == "voucher.number_taken"
    services.create(book, Change({**head, "period": "202604"}), None)
    Voucher.objects.filter(pk=numbered.pk).update(state="void")
    services.create(book, Change(head), None)


def test_the_next_number_follows_the_highest(book: AccountBook) -> None:
    assert next_number(book) == "1"
    for number in ("0009", "0010", "A-77"):
        VoucherFactory(book=book, type="记", vouch_no=number)
    assert next_number(book) == "0011"


def test_a_closed_period_refuses_every_change(book: AccountBook, accountant: User) -> None:
    voucher = VoucherFactory(book=book)
    ClosedPeriod.objects.create(book=book, period="202603")
    acts: list[Any] = [
        lambda: services.update(voucher.pk, None, Change({"item": "x"}), None),
        lambda: services.update(voucher.pk, None, Change({"period": "202604"}), None),
        lambda: services.discard(voucher.pk, None),
        lambda: services.create(book, Change({"period": "202603"}), None),
    ]
    for act in acts:
        with pytest.raises(HubError) as error:
            act()
        assert code_of(error) == "voucher.period_closed"
    other = VoucherFactory(book=book, period="202604", account_date=date(2026, 4, 1))
    with pytest.raises(HubError):
        services.update(other.pk, None, Change({"period": "202603"}), None)
    assert Voucher.objects.filter(pk=voucher.pk, item="").exists()
    with pytest.raises(HubError) as error:
        services.open_period(book, "202603", " ")
    assert code_of(error) == "closing.reason_needed"
    assert services.open_period(book, "202603", "更正")
    services.update(voucher.pk, None, Change({"item": "x"}), None)


def test_a_period_closes_only_when_all_its_vouchers_are_collected(book: AccountBook, accountant: User) -> None:
    voucher = VoucherFactory(book=book)
    ClosingRequest.objects.create(book=book, period="202603")
    with pytest.raises(HubError) as error:
        services.close_period(book, "202603", accountant)
    assert code_of(error) == "voucher.period_with_open_work"
    Voucher.objects.filter(pk=voucher.pk).update(state="booked", push_state="collected")
    closed = services.close_period(book, "202603", accountant)
    assert services.close_period(book, "202603", accountant).pk == closed.pk
    assert closed.closed_by == accountant


def test_only_a_draft_that_was_never_sent_can_be_removed(book: AccountBook) -> None:
    sent = VoucherFactory(book=book, ever_sent=True)
    with pytest.raises(HubError) as error:
        services.discard(sent.pk, None)
    assert code_of(error) == "voucher.sent_before"
    fresh = VoucherFactory(book=book)
    services.discard(fresh.pk, 1)
    assert not Voucher.objects.filter(pk=fresh.pk).exists()


def test_the_id_of_a_sent_voucher_cannot_change(book: AccountBook) -> None:
    sent = VoucherFactory(book=book, ever_sent=True)
    with pytest.raises(HubError) as error:
        services.update(sent.pk, None, Change({"vouch_id": "other"}), None)
    assert code_of(error) == "voucher.id_fixed"


def test_a_merged_invoice_counts_as_its_master(book: AccountBook) -> None:
    master = InvoiceFactory(company=book.company, seen_by=[book.source])
    merged = InvoiceFactory(company=book.company, merged_into=master)
    voucher = VoucherFactory(book=book)
    services.update(voucher.pk, None, Change(invoices=[InvoiceLink(merged.pk), InvoiceLink(master.pk)]), None)
    (invoice,) = selectors.content_of(voucher).invoices
    assert (invoice.number, invoice.serial) == (str(master), master.source_records.get().external_id)


def test_an_invoice_merged_twice_counts_as_its_last_master(book: AccountBook) -> None:
    first, second = InvoiceFactory.create_batch(2, company=book.company)
    third = InvoiceFactory(company=book.company, seen_by=[book.source])
    voucher = VoucherFactory(book=book)
    VoucherInvoice.objects.create(voucher=voucher, invoice=first)
    Invoice.objects.filter(pk=first.pk).update(merged_into=second)
    Invoice.objects.filter(pk=second.pk).update(merged_into=third)
    (content,) = selectors.content_of(voucher).invoices
    assert (content.number, bool(content.serial)) == (str(third), True)
