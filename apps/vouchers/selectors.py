"""What a person may see of vouchers, and a voucher's whole content as a value."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import IntegerField, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext

from apps.accounts.selectors import by_colleague, colleagues
from apps.bills.models import Bill
from apps.invoices.masters import master_ids
from apps.invoices.models import Invoice
from apps.invoices.selectors import ledger
from apps.invoices.serial_numbers import serial_numbers

from . import checks
from .choices import VoucherPushState as PushState
from .choices import VoucherState
from .content import BillContent, BookContent, EntryContent, InvoiceContent, VoucherContent
from .models import AccountBook, ClosedPeriod, Finding, Voucher, VoucherBill, VoucherEntry, VoucherInvoice

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
    "creator",
    "examiner",
    "reviewer",
    "attachments_count",
    "item",
    "account_item",
    "account_item_amount",
)
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
ENTRY_FIELDS = tuple(EntryContent.__dataclass_fields__)


def books(user: Any) -> QuerySet[AccountBook]:
    """The account books this person may see, with their companies."""
    return AccountBook.objects.visible_to(user).select_related("company")


def vouchers(user: Any) -> QuerySet[Voucher]:
    """Those of the books of companies this person may see."""
    return Voucher.objects.visible_to(user).select_related("book")


def findings(user: Any) -> QuerySet[Finding]:
    """Red alarms about invoices this person may see; an invoice may be of several companies, see
    ``with_bill_invoices``. ``by_colleague``: whether this person may read who acknowledged it, and the note."""
    rows = Finding.objects.visible_to(user).select_related("invoice__seller", "acknowledged_by")
    return rows.annotate(by_colleague=by_colleague(user, "acknowledged_by"))


def with_bill_invoices(found: QuerySet[Finding], user: Any) -> QuerySet[Finding]:
    """With those of their vouchers, bills and people that this person may know: the invoice may be others' too."""
    return found.prefetch_related(
        Prefetch("vouchers", vouchers(user)),
        Prefetch("bills", Bill.objects.visible_to(user)),
        Prefetch("people", colleagues(user)),
    )


def unfinished(book: AccountBook, period: str) -> QuerySet[Voucher]:
    """Vouchers of a period that are still drafts, or on which the upstream system does not agree with us yet."""
    settled = Q(state=VoucherState.BOOKED, push_state=PushState.COLLECTED) | Q(
        state=VoucherState.VOID, push_state__in=[PushState.NOT_SENT, PushState.VOIDED]
    )
    return Voucher.objects.filter(book=book, period=period).exclude(settled)


def sent(book: AccountBook) -> QuerySet[Voucher]:
    """Those of a book that the upstream system knows, or may come to know any moment."""
    return Voucher.objects.filter(Q(ever_sent=True) | Q(state=VoucherState.BOOKED), book=book)


def next_number(book: AccountBook, period: str, type: str) -> str:  # noqa: A002 - the field's name
    """The number after the highest one in use that is nothing but digits, as long as that one; '1' for the first."""
    held = Voucher.objects.filter(book=book, period=period, type=type, vouch_no__regex=r"^\d{1,9}$")
    highest = (
        held.annotate(value=Cast("vouch_no", IntegerField())).order_by("-value").values_list("vouch_no", flat=True)
    )
    last = highest.first()
    return str(int(last) + 1).zfill(len(last)) if last else "1"


def vouchers_of(invoice_ids: Sequence[int], company_ids: Collection[int] | None) -> dict[int, list[Voucher]]:
    """The vouchers that name an invoice, or one that was merged into it, of companies the reader may see. Void ones
    are left out. One query."""
    seen = {"ids": list(invoice_ids), "all": company_ids is None, "companies": list(company_ids or ())}
    found: dict[int, list[Voucher]] = defaultdict(list)
    for voucher in Voucher.objects.raw(_OF_INVOICES, seen):
        found[voucher.master_id].append(voucher)  # type: ignore[attr-defined]
    return found


def voucher_links(invoice_ids: Sequence[int], company_ids: Collection[int] | None) -> dict[int, list[dict[str, Any]]]:
    """The canonical field ``vouchers`` of these invoices."""
    found = vouchers_of(invoice_ids, company_ids)
    return {pk: [_link(voucher) for voucher in named] for pk, named in found.items()}


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
    """The booked voucher that carries a bill, in words; '' for none."""
    found = Voucher.objects.filter(bill_links__bill=bill_id, state=VoucherState.BOOKED).order_by("pk").first()
    return gettext("Voucher %(voucher)s") % {"voucher": found} if found else ""


def address(pk: int) -> str:
    """The page of a voucher."""
    return reverse("voucher", args=[pk])


def closed_periods(book_ids: Collection[int]) -> dict[int, set[str]]:
    """Book → its closed periods."""
    found: dict[int, set[str]] = defaultdict(set)
    for book, period in ClosedPeriod.objects.filter(book__in=book_ids).values_list("book_id", "period"):
        found[book].add(period)
    return found


def books_with_source(ids: Collection[int]) -> dict[int, AccountBook]:
    """By id, with company and source, without what is secret."""
    found = AccountBook.objects.select_related("company", "source").defer("source__credentials")
    return found.in_bulk(ids) if ids else {}


def sums(found: QuerySet[Voucher]) -> dict[str, Any]:
    """Debit and credit of all the vouchers a filter finds, in yuan."""
    return found.order_by().aggregate(
        debit=Coalesce(Sum("total_debit"), 0, output_field=_yuan()),
        credit=Coalesce(Sum("total_credit"), 0, output_field=_yuan()),
    )


def _yuan() -> Any:
    return Voucher._meta.get_field("total_debit")


def content_of(voucher: Voucher) -> VoucherContent:
    return contents([voucher])[voucher.pk]


def contents(found: Sequence[Voucher]) -> dict[int, VoucherContent]:
    """The content of each voucher by id, in a fixed number of queries."""
    ids = [voucher.pk for voucher in found]
    all_books = books_with_source({voucher.book_id for voucher in found})
    entries: dict[int, list[EntryContent]] = defaultdict(list)
    for entry in VoucherEntry.objects.filter(voucher__in=ids).order_by("voucher_id", "position"):
        entries[entry.voucher_id].append(EntryContent(**{name: getattr(entry, name) for name in ENTRY_FIELDS}))
    bills = _bills(ids)
    invoices = _invoices(ids, {voucher.pk: all_books[voucher.book_id].source_id for voucher in found})
    return {
        voucher.pk: VoucherContent(
            book=book_content(all_books[voucher.book_id]),
            entries=tuple(entries[voucher.pk]),
            invoices=tuple(invoices[voucher.pk]),
            bills=tuple(bills[voucher.pk]),
            **{name: getattr(voucher, name) for name in HEAD_FIELDS},
        )
        for voucher in found
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
    """What is not right with a voucher as it stands; ``content`` when the caller has read it already."""
    closed = closed_periods([voucher.book_id])
    return checks.problems(content or content_of(voucher), closed[voucher.book_id])


def invoice_links(voucher: Voucher, user: Any) -> tuple[list[VoucherInvoice], list[VoucherInvoice]]:
    """The invoices of a voucher that this person may see, and the others; ``invoice`` is the one that lives, where some
    were joined."""
    links = linked_invoices([voucher.pk])
    seen = set(ledger(user).filter(pk__in=[link.invoice_id for link in links]).values_list("pk", flat=True))
    return [one for one in links if one.invoice_id in seen], [one for one in links if one.invoice_id not in seen]


def links_seen(voucher_ids: Sequence[int], user: Any) -> dict[int, list[VoucherInvoice]]:
    """By voucher what it says of the invoices that this person may see, each invoice once; ``invoice_id`` is the one
    that lives. Three queries, however many vouchers."""
    links = list(VoucherInvoice.objects.filter(voucher__in=voucher_ids).order_by("voucher_id", "pk"))
    living = living_seen({link.invoice_id for link in links}, user)
    found: dict[int, dict[int, VoucherInvoice]] = defaultdict(dict)
    for link in links:
        if link.invoice_id in living:
            link.invoice_id = living[link.invoice_id]
            found[link.voucher_id].setdefault(link.invoice_id, link)
    return defaultdict(list, {pk: list(links.values()) for pk, links in found.items()})


def living_seen(invoice_ids: Collection[int], user: Any) -> dict[int, int]:
    """Those of these invoices that this person may see, if only as what they were merged into → the one that lives."""
    living = master_ids(invoice_ids)
    seen = set(ledger(user).filter(pk__in=living.values()).values_list("pk", flat=True)) if living else set()
    return {pk: root for pk, root in living.items() if root in seen}


def linked_invoices(voucher_ids: Sequence[int]) -> list[VoucherInvoice]:
    """What these vouchers say of their invoices; ``invoice`` is the one that stands for it today, however often the one
    that was named has been joined with another."""
    links = list(
        VoucherInvoice.objects.filter(voucher__in=voucher_ids)
        .select_related("invoice__seller")
        .order_by("voucher_id", "pk")
    )
    living = master_ids({link.invoice_id for link in links if link.invoice.merged_into_id})
    others = Invoice.objects.select_related("seller").in_bulk(set(living.values())) if living else {}
    for link in links:
        link.invoice = others[living[link.invoice_id]] if link.invoice_id in living else link.invoice
    return links


def _invoices(voucher_ids: Sequence[int], source_of: Mapping[int, int | None]) -> dict[int, list[InvoiceContent]]:
    """Linked invoices by voucher. Of an invoice that was joined with another one, that other one counts."""
    links = linked_invoices(voucher_ids)
    serials = serial_numbers({link.invoice_id for link in links}, {s for s in source_of.values() if s})
    found: dict[int, dict[int, InvoiceContent]] = defaultdict(dict)
    for link in links:
        root, source = link.invoice, source_of[link.voucher_id]
        found[link.voucher_id].setdefault(
            root.pk,
            InvoiceContent(
                number=str(root),
                serial=serials[source].get(root.pk, "") if source else "",
                status=root.status,
                tax_amount=root.tax_amount,
                deductible=link.deductible,
                deduction_tax=link.deduction_tax,
                transfer_out_remark=link.transfer_out_remark,
            ),
        )
    return defaultdict(list, {pk: list(rows.values()) for pk, rows in found.items()})


def _bills(voucher_ids: Sequence[int]) -> dict[int, list[BillContent]]:
    """Linked bills by voucher, each with the other voucher that books it, if any."""
    links = list(VoucherBill.objects.filter(voucher__in=voucher_ids).select_related("bill").order_by("pk"))
    others: dict[int, list[Voucher]] = defaultdict(list)
    same = VoucherBill.objects.filter(bill__in=[link.bill_id for link in links], voucher__state=VoucherState.BOOKED)
    for other in same.select_related("voucher").order_by("pk"):
        others[other.bill_id].append(other.voucher)
    found: dict[int, list[BillContent]] = defaultdict(list)
    for link in links:
        by = next((str(other) for other in others[link.bill_id] if other.pk != link.voucher_id), "")
        found[link.voucher_id].append(BillContent(link.bill.number, link.bill.external_key, by))
    return found
