"""Reads vouchers, books and findings that a person may see, and the content of vouchers as values."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext

from apps.accounts.selectors import by_colleague, colleagues
from apps.bills.models import Bill
from apps.invoices.masters import master_ids
from apps.invoices.models import Invoice
from apps.invoices.selectors import ledger
from apps.invoices.serial_numbers import serial_numbers

from . import checks
from .charts import selectors as chart_selectors
from .choices import VoucherPushState as PushState
from .choices import VoucherState
from .content import BillContent, BookContent, EntryContent, InvoiceContent, VoucherContent
from .models import (
    AccountBook,
    ClosedPeriod,
    Finding,
    Voucher,
    VoucherBill,
    VoucherEntry,
    VoucherInvoice,
)

PEOPLE_FIELDS = ("creator", "examiner", "reviewer")  # names that the steps fill in
HEAD_FIELDS = (
    "vouch_id",
    "vouch_no",
    "business_date",
    "account_date",
    "period",
    "type",
    "resource",
    "sup_information",
    "sup_information_amount",
    *PEOPLE_FIELDS,
    "attachments_count",
    "item",
    "account_item",
    "account_item_amount",
)
ENTERED_FIELDS = tuple(name for name in HEAD_FIELDS if name not in PEOPLE_FIELDS)
_OF_INVOICES = """
WITH named AS (
    SELECT DISTINCT family.master_id, l.voucher_id
      FROM invoice_families(%(ids)s::bigint[]) AS family
      JOIN vouchers_voucherinvoice l ON l.invoice_id = family.invoice_id
)
SELECT v.*, named.master_id
  FROM named JOIN vouchers_voucher v ON v.id = named.voucher_id JOIN vouchers_accountbook b ON b.id = v.book_id
 WHERE v.state <> 'void' AND (%(all)s OR b.company_id = ANY(%(companies)s::bigint[]))
 ORDER BY v.id
"""
SETTLED = Q(  # vouchers that do not keep their period from being closed
    state=VoucherState.BOOKED, push_state=PushState.COLLECTED
) | Q(state=VoucherState.VOID, push_state__in=[PushState.NOT_SENT, PushState.VOIDED])
ENTRY_FIELDS = tuple(EntryContent.__dataclass_fields__)


def books(user: Any) -> QuerySet[AccountBook]:
    """The account books that this person may see, with their companies."""
    return AccountBook.objects.visible_to(user).select_related("company")


def vouchers(user: Any) -> QuerySet[Voucher]:
    """The vouchers of companies that this person may see, with their books."""
    return Voucher.objects.visible_to(user).select_related("book")


def findings(user: Any) -> QuerySet[Finding]:
    """Findings about invoices that this person may see. An invoice may belong to several companies, see
    ``with_visible_references``. ``by_colleague``: whether the person may read who acknowledged it, and the note."""
    rows = Finding.objects.visible_to(user).select_related("invoice__seller", "acknowledged_by")
    return rows.annotate(by_colleague=by_colleague(user, "acknowledged_by"))


def with_visible_references(rows: QuerySet[Finding], user: Any) -> QuerySet[Finding]:
    """Prefetch those vouchers, bills and people that this person may see; others may belong to other companies."""
    return rows.prefetch_related(
        Prefetch("vouchers", vouchers(user)),
        Prefetch("bills", Bill.objects.visible_to(user)),
        Prefetch("people", colleagues(user)),
    )


def books_its_bills(voucher: str = "") -> Q:
    """The condition of vouchers that book their bills and invoices: booked, no reversal, not reversed by a booked one.

    ``voucher``: the path to the voucher; '' for rows of vouchers.
    """
    prefix = f"{voucher}__" if voucher else ""
    return Q(**{f"{prefix}state": VoucherState.BOOKED, f"{prefix}reversal_of": None}) & ~Q(is_reversed(f"{prefix}pk"))


def is_reversed(voucher: str) -> Exists:
    """Whether a booked voucher reverses this one. ``voucher``: the path to its id."""
    return Exists(Voucher.objects.filter(reversal_of=OuterRef(voucher), state=VoucherState.BOOKED))


def live_reversals(voucher_ids: Collection[int]) -> dict[int, Voucher]:
    """Voucher → the one that reverses it, if any; void ones apart. One query."""
    rows = Voucher.objects.filter(reversal_of__in=voucher_ids).exclude(state=VoucherState.VOID)
    return {cast(int, voucher.reversal_of_id): voucher for voucher in rows}


def unfinished(book: AccountBook, period: str) -> QuerySet[Voucher]:
    """Vouchers of a period that are drafts or audited, or whose upstream state does not match theirs yet."""
    return Voucher.objects.filter(book=book, period=period).exclude(SETTLED)


def sent(book: AccountBook) -> QuerySet[Voucher]:
    """Vouchers of a book that the upstream system has, or may get any moment."""
    return Voucher.objects.filter(Q(ever_sent=True) | Q(state=VoucherState.BOOKED), book=book)


def vouchers_of(invoice_ids: Sequence[int], company_ids: Collection[int] | None) -> dict[int, list[Voucher]]:
    """Invoice → vouchers linked to it or to an invoice merged into it, without void ones. One query.

    ``company_ids``: companies that the reader may see; None: all.
    """
    params = {"ids": list(invoice_ids), "all": company_ids is None, "companies": list(company_ids or ())}
    by_invoice: dict[int, list[Voucher]] = defaultdict(list)
    for voucher in Voucher.objects.raw(_OF_INVOICES, params):
        by_invoice[voucher.master_id].append(voucher)  # type: ignore[attr-defined]
    return by_invoice


def voucher_links(invoice_ids: Sequence[int], company_ids: Collection[int] | None) -> dict[int, list[dict[str, Any]]]:
    """Invoice → the value of its canonical field ``vouchers``."""
    by_invoice = vouchers_of(invoice_ids, company_ids)
    return {pk: [_link(voucher) for voucher in linked] for pk, linked in by_invoice.items()}


def _link(voucher: Voucher) -> dict[str, Any]:
    return {
        "id": voucher.pk,
        "vouch_id": voucher.vouch_id,
        "vouch_no": voucher.vouch_no,
        "period": voucher.period,
        "state": voucher.state,
        "push_state": voucher.push_state,
    }


def voucher_booking(bill_id: int) -> str:
    """The booked voucher of a bill as a text; '' for none."""
    booked = Voucher.objects.filter(books_its_bills(), bill_links__bill=bill_id).order_by("pk").first()
    return gettext("Voucher %(voucher)s") % {"voucher": booked} if booked else ""


def address(pk: int) -> str:
    """The page of a voucher."""
    return reverse("voucher", args=[pk])


def closed_periods(book_ids: Collection[int]) -> dict[int, set[str]]:
    """Book → its closed periods."""
    periods: dict[int, set[str]] = defaultdict(set)
    for book, period in ClosedPeriod.objects.filter(book__in=book_ids).values_list("book_id", "period"):
        periods[book].add(period)
    return periods


def books_with_source(ids: Collection[int]) -> dict[int, AccountBook]:
    """Id → book, with company and source, but without the source's credentials."""
    rows = AccountBook.objects.select_related("company", "source").defer("source__credentials")
    return rows.in_bulk(ids) if ids else {}


def sums(rows: QuerySet[Voucher]) -> dict[str, Any]:
    """Debit and credit of these vouchers in yuan."""
    return rows.order_by().aggregate(
        debit=Coalesce(Sum("total_debit"), 0, output_field=_yuan()),
        credit=Coalesce(Sum("total_credit"), 0, output_field=_yuan()),
    )


def _yuan() -> Any:
    return Voucher._meta.get_field("total_debit")


def content_of(voucher: Voucher) -> VoucherContent:
    return contents([voucher])[voucher.pk]


def contents(chosen: Sequence[Voucher]) -> dict[int, VoucherContent]:
    """Voucher id → content, in a fixed number of queries."""
    ids = [voucher.pk for voucher in chosen]
    all_books = books_with_source({voucher.book_id for voucher in chosen})
    entries: dict[int, list[EntryContent]] = defaultdict(list)
    for entry in VoucherEntry.objects.filter(voucher__in=ids).order_by("voucher_id", "position"):
        entries[entry.voucher_id].append(EntryContent(**{name: getattr(entry, name) for name in ENTRY_FIELDS}))
    by_book: dict[int, list[EntryContent]] = defaultdict(list)
    for voucher in chosen:
        by_book[voucher.book_id] += entries[voucher.pk]
    charts = chart_selectors.charts(by_book)
    bills = _bills(ids)
    invoices = _invoices(ids, {voucher.pk: all_books[voucher.book_id].source_id for voucher in chosen})
    return {
        voucher.pk: VoucherContent(
            book=book_content(all_books[voucher.book_id]),
            entries=tuple(entries[voucher.pk]),
            invoices=tuple(invoices[voucher.pk]),
            bills=tuple(bills[voucher.pk]),
            chart=charts.get(voucher.book_id),
            reverses=voucher.reversal_of_id is not None,
            **{name: getattr(voucher, name) for name in HEAD_FIELDS},
        )
        for voucher in chosen
    }


def book_content(book: AccountBook) -> BookContent:
    return BookContent(
        account_id=book.account_id,
        system=book.system,
        type=book.type,
        chart_of_accounts=book.chart_of_accounts,
        base_currency=book.base_currency,
        exchange_rate=book.exchange_rate,
        company_id=book.company_id_upstream,
        company_number=book.company_number,
        company_name=book.company.name,
        source=book.source.name if book.source else "",
    )


def problems_of(voucher: Voucher, content: VoucherContent | None = None) -> list[checks.Problem]:
    """The problems of a voucher. ``content``: its content, when the caller has read it already."""
    closed = closed_periods([voucher.book_id])
    return checks.problems(content or content_of(voucher), closed[voucher.book_id])


def invoice_links(voucher: Voucher, user: Any) -> tuple[list[VoucherInvoice], list[VoucherInvoice]]:
    """The invoice links of a voucher that this person may see, and the others. ``invoice`` of a link is the master."""
    links = linked_invoices([voucher.pk])
    seen = set(ledger(user).filter(pk__in=[link.invoice_id for link in links]).values_list("pk", flat=True))
    return [one for one in links if one.invoice_id in seen], [one for one in links if one.invoice_id not in seen]


def visible_links(voucher_ids: Sequence[int], user: Any) -> dict[int, list[VoucherInvoice]]:
    """Voucher → links to invoices that this person may see, each invoice once. ``invoice_id`` of a link is the master.
    Three queries for any number of vouchers."""
    links = list(VoucherInvoice.objects.filter(voucher__in=voucher_ids).order_by("voucher_id", "pk"))
    masters = visible_masters({link.invoice_id for link in links}, user)
    by_voucher: dict[int, dict[int, VoucherInvoice]] = defaultdict(dict)
    for link in links:
        if link.invoice_id in masters:
            link.invoice_id = masters[link.invoice_id]
            by_voucher[link.voucher_id].setdefault(link.invoice_id, link)
    return defaultdict(list, {pk: list(links.values()) for pk, links in by_voucher.items()})


def visible_masters(invoice_ids: Collection[int], user: Any) -> dict[int, int]:
    """Invoice → master, for the invoices whose master this person may see."""
    masters = master_ids(invoice_ids)
    visible = set(ledger(user).filter(pk__in=masters.values()).values_list("pk", flat=True)) if masters else set()
    return {pk: master for pk, master in masters.items() if master in visible}


def linked_invoices(voucher_ids: Sequence[int]) -> list[VoucherInvoice]:
    """The invoice links of these vouchers. ``invoice`` of a link is the master, after any number of merges."""
    links = list(
        VoucherInvoice.objects.filter(voucher__in=voucher_ids)
        .select_related("invoice__seller")
        .order_by("voucher_id", "pk")
    )
    masters = master_ids({link.invoice_id for link in links if link.invoice.merged_into_id})
    master_rows = Invoice.objects.select_related("seller").in_bulk(set(masters.values())) if masters else {}
    for link in links:
        link.invoice = master_rows[masters[link.invoice_id]] if link.invoice_id in masters else link.invoice
    return links


def _invoices(voucher_ids: Sequence[int], source_of: Mapping[int, int | None]) -> dict[int, list[InvoiceContent]]:
    """Voucher → content of its invoices; the master of a merged one."""
    links = linked_invoices(voucher_ids)
    serials = serial_numbers({link.invoice_id for link in links}, {s for s in source_of.values() if s})
    by_voucher: dict[int, dict[int, InvoiceContent]] = defaultdict(dict)
    for link in links:
        master, source = link.invoice, source_of[link.voucher_id]
        by_voucher[link.voucher_id].setdefault(
            master.pk,
            InvoiceContent(
                number=str(master),
                serial=serials[source].get(master.pk, "") if source else "",
                status=master.status,
                tax_amount=master.tax_amount,
                deductible=link.deductible,
                deduction_tax=link.deduction_tax,
                transfer_out_remark=link.transfer_out_remark,
            ),
        )
    return defaultdict(list, {pk: list(rows.values()) for pk, rows in by_voucher.items()})


def _bills(voucher_ids: Sequence[int]) -> dict[int, list[BillContent]]:
    """Voucher → content of its bills, each with another voucher that books it, if any."""
    links = list(VoucherBill.objects.filter(voucher__in=voucher_ids).select_related("bill").order_by("pk"))
    others: dict[int, list[Voucher]] = defaultdict(list)
    same = VoucherBill.objects.filter(books_its_bills("voucher"), bill__in=[link.bill_id for link in links])
    for other in same.select_related("voucher").order_by("pk"):
        others[other.bill_id].append(other.voucher)
    by_voucher: dict[int, list[BillContent]] = defaultdict(list)
    for link in links:
        by = next((str(other) for other in others[link.bill_id] if other.pk != link.voucher_id), "")
        by_voucher[link.voucher_id].append(BillContent(link.bill.number, link.bill.external_key, by))
    return by_voucher
