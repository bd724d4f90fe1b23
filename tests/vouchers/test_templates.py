"""Templates of vouchers, and attachments counted from invoices and cover sheets."""

from datetime import date
from decimal import Decimal

import pytest

from apps.accounts.models import User
from apps.bills.models import BillCover
from apps.core.errors import HubError
from apps.invoices.models import Invoice
from apps.vouchers import proposals, selectors, services, voucher_templates
from apps.vouchers.content import EntryContent
from apps.vouchers.models import AccountBook, Voucher
from apps.vouchers.services import Change, InvoiceLink
from tests.factories import BillFactory, BillInvoiceFactory, BillLineFactory, InvoiceFactory, VoucherFactory

ENTRIES = (
    EntryContent("房租", "6602", "部门", debit=Decimal("1000.00"), quantity=Decimal("1.5"), due_date=date(2026, 3, 1)),
    EntryContent("应付", "2241", credit=Decimal("1000.00"), currency="USD", amount=Decimal("140.00")),
)


def count_of(voucher: Voucher) -> tuple[int, bool]:
    voucher.refresh_from_db()
    return voucher.attachments_count, voucher.attachments_by_hand


@pytest.fixture
def rent(book: AccountBook, accountant: User) -> Voucher:
    return services.create(book, Change({"type": "付"}, ENTRIES), accountant)


def test_a_template_makes_drafts_with_and_without_amounts(rent: Voucher, accountant: User) -> None:
    template = voucher_templates.keep(rent, "房租", accountant)
    template.refresh_from_db()
    day = date(2026, 5, 2)
    kept = voucher_templates.draft(template, accountant, with_amounts=True, day=day)
    assert (kept.type, kept.period, kept.total_debit, kept.total_credit) == ("付", "202605", 1000, 1000)
    first, second = selectors.content_of(kept).entries
    assert (first.account, first.dimension, first.debit, first.quantity, first.due_date) == (
        "6602", "部门", Decimal("1000.00"), Decimal("1.5"), None,
    )  # fmt: skip
    assert (second.currency, second.amount) == ("USD", Decimal("140.00"))
    empty = voucher_templates.draft(template, accountant, with_amounts=False, day=day)
    assert (empty.total_debit, empty.total_credit) == (0, 0)
    assert [(entry.account, entry.summary) for entry in selectors.content_of(empty).entries] == [
        ("6602", "房租"),
        ("2241", "应付"),
    ]


def test_names_of_templates_are_unique_in_a_book(book: AccountBook, rent: Voucher) -> None:
    first = voucher_templates.keep(rent, "房租", None)
    second = voucher_templates.keep(rent, "水电", None)
    for act in (
        lambda: voucher_templates.keep(rent, "房租", None),
        lambda: voucher_templates.rename(second, "房租"),
    ):
        with pytest.raises(HubError) as error:
            act()
        assert error.value.message.code == "voucher.template_name_taken"
    assert voucher_templates.rename(first, "房租 2026").name == "房租 2026"
    voucher_templates.keep(VoucherFactory(), "房租 2026", None)  # of another book
    with pytest.raises(HubError) as error:
        voucher_templates.keep(VoucherFactory(book=book, lines=False), "空", None)
    assert error.value.message.code == "voucher.template_empty"


def test_attachments_follow_the_links_until_somebody_enters_a_count(book: AccountBook) -> None:
    bill = BillFactory(company=book.company, state="approved")
    BillCover.objects.create(bill=bill, file="covers/x.pdf", file_type="pdf", number="F1")
    master, merged, other = InvoiceFactory.create_batch(3, company=book.company)
    Invoice.objects.filter(pk=merged.pk).update(merged_into=master)
    links = [InvoiceLink(one.pk) for one in (master, merged, other)]
    voucher = services.create(book, Change({}, (), links, [bill.pk]), None)
    assert count_of(voucher) == (3, False)  # two invoices and a cover sheet
    services.update(voucher.pk, None, Change(invoices=links[:1]), None)
    assert count_of(voucher) == (2, False)
    services.update(voucher.pk, None, Change({"attachments_count": 2, "item": "x"}), None)  # as it was: not by hand
    assert count_of(voucher) == (2, False)
    services.update(voucher.pk, None, Change({"attachments_count": 9}), None)
    services.update(voucher.pk, None, Change(bills=[]), None)
    assert count_of(voucher) == (9, True)
    services.update(voucher.pk, None, Change({"attachments_count": None}), None)
    assert count_of(voucher) == (1, False)


def test_a_drafted_voucher_counts_its_attachments(book: AccountBook, accountant: User) -> None:
    bill = BillFactory(company=book.company, state="approved")
    line = BillLineFactory(bill=bill)
    for _n in range(2):
        BillInvoiceFactory(bill=bill, line=line, invoice=InvoiceFactory(company=book.company), state="used")
    assert count_of(proposals.draft_from_bills([bill.pk], book, accountant)) == (2, False)
