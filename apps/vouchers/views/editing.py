"""Forms to enter and change a voucher: head, entries and invoices in one page."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core import refusals
from apps.core.errors import HubError
from apps.core.views import needs
from apps.invoices.models import Invoice
from apps.vouchers import locking, numbering, selectors, services
from apps.vouchers.charts import selectors as chart_selectors
from apps.vouchers.choices import VoucherState
from apps.vouchers.content import EntryContent
from apps.vouchers.forms import EntryFormSet, InvoiceLinkFormSet, VoucherForm, numbers
from apps.vouchers.models import AccountBook, Voucher, VoucherInvoice
from apps.vouchers.states import Action

_FIRST_LINES = 4  # empty entries of a new voucher
_EXACT = ("quantity", "price", "exchange_rate")  # shown without trailing zeros


@needs("vouchers.add_voucher")
def new(request: HttpRequest) -> HttpResponse:
    books = selectors.books(request.user)
    chosen = numbers(request.POST.get("book", "") or request.GET.get("book", ""))
    book = get_object_or_404(books, pk=chosen[0]) if chosen else books.first()
    if book is None:
        return render(request, "vouchers/no_book.html")
    today = timezone.localdate()
    blank = Voucher(
        book=book, business_date=today, account_date=today, period=f"{today:%Y%m}", type=numbering.DEFAULT_TYPE
    )
    return _edit(request, blank, {"books": books})


@needs("vouchers.change_voucher")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    voucher = get_object_or_404(selectors.vouchers(request.user).select_related("book__company"), pk=pk)
    if locking.possible(voucher, Action.EDIT) is None:
        sentences = {
            VoucherState.AUDITED: _("Voucher %(voucher)s is audited. Take the audit back before changing it."),
            VoucherState.BOOKED: HubError("voucher.is_booked", voucher=voucher),
            VoucherState.VOID: _("Voucher %(voucher)s is void. Make it a draft again before changing it."),
        }
        messages.error(request, str(sentences[VoucherState(voucher.state)]) % {"voucher": voucher})
        return redirect("voucher", pk)
    return _edit(request, voucher, {})


def _edit(request: HttpRequest, voucher: Voucher, context: dict[str, Any]) -> HttpResponse:
    if voucher.reversal_of_id:
        return _edit_head(request, voucher)
    seen, unseen = ([], []) if voucher._state.adding else selectors.invoice_links(voucher, request.user)
    if request.method == "POST":
        head = VoucherForm(request.POST, instance=voucher)
        entries = EntryFormSet(request.POST, prefix="entries", form_kwargs=_lists(voucher.book, _posted(request)))
        links = InvoiceLinkFormSet(request.POST, prefix="invoices", form_kwargs={"user": request.user})
        if head.is_valid() & entries.is_valid() & links.is_valid():
            saved = _save(request, voucher, head, entries, [form.link() for form in _filled(links)])
            if saved:
                return redirect("voucher", saved.pk)
    else:
        head = VoucherForm(instance=voucher, initial={"bills": _bills(voucher)})
        rows = _entries(voucher)
        lists = _lists(voucher.book, [row.get("account", "") for row in rows])
        entries = EntryFormSet(prefix="entries", initial=rows, form_kwargs=lists)
        links = InvoiceLinkFormSet(prefix="invoices", initial=_links(seen), form_kwargs={"user": request.user})
    revision = request.POST.get("revision") or voucher.revision
    context |= {
        "voucher": voucher,
        "head": head,
        "entries": entries,
        "links": links,
        "revision": revision,
        "unseen": len(unseen),
        "types": numbering.TYPES,
    }
    return render(request, "vouchers/edit.html", context)


def _edit_head(request: HttpRequest, voucher: Voucher) -> HttpResponse:
    """The form of a reversal: all but its head follows from the voucher that it reverses."""
    head = VoucherForm(request.POST or None, instance=voucher, initial={"bills": ""})
    if request.method == "POST" and head.is_valid():
        values = {name: head.cleaned_data[name] for name in VoucherForm.Meta.fields}
        entered = request.POST.get("revision", "")
        user: Any = request.user
        with refusals.on_page(request):
            seen = int(entered) if entered.isdecimal() else None
            return redirect("voucher", services.update(voucher.pk, seen, services.Change(values), user).pk)
    revision = request.POST.get("revision") or voucher.revision
    context = {"voucher": voucher, "head": head, "revision": revision, "types": numbering.TYPES}
    return render(request, "vouchers/edit.html", context)


def _save(
    request: HttpRequest, voucher: Voucher, head: Any, entries: Any, invoices: list[services.InvoiceLink]
) -> Voucher | None:
    change = services.Change(
        head={name: head.cleaned_data[name] for name in VoucherForm.Meta.fields},
        entries=_with_canonical_accounts(voucher.book, [form.content() for form in _filled(entries)]),
        invoices=invoices,
        bills=head.cleaned_data["bills"],
    )
    user: Any = request.user
    with refusals.on_page(request):
        if voucher._state.adding:
            return services.create(voucher.book, change, user)
        revision = request.POST.get("revision", "")
        return services.update(voucher.pk, int(revision) if revision.isdecimal() else None, change, user)
    return None


def _lists(book: AccountBook, accounts: list[str]) -> dict[str, Any]:
    """What the forms of entries take of the book's chart; {} for a book without one."""
    if not chart_selectors.has_chart(book):
        return {}
    return {"book": book, "required": chart_selectors.required(book, set(accounts))}


def _posted(request: HttpRequest) -> list[str]:
    """The accounts of the posted entries."""
    names = [name for name in request.POST if name.startswith("entries-") and name.endswith("-account")]
    return [request.POST.get(name, "") for name in names]


def _with_canonical_accounts(book: AccountBook, entries: list[EntryContent]) -> list[EntryContent]:
    """The entries with “code name” of the book's chart where a person typed only one of them."""
    accounts = chart_selectors.canonical_accounts(book, {entry.account for entry in entries if entry.account})
    return [replace(entry, account=accounts.get(entry.account, entry.account)) for entry in entries]


def _filled(formset: Any) -> list[Any]:
    """The forms with content that are not marked for deletion, in order."""
    return [form for form in formset.forms if form.filled and not form.cleaned_data.get("DELETE")]


def _entries(voucher: Voucher) -> list[dict[str, Any]]:
    if voucher._state.adding:
        return [{"currency": voucher.book.base_currency} for _line in range(_FIRST_LINES)]
    rows = voucher.entries.order_by("position").values(*selectors.ENTRY_FIELDS)
    return [{name: _bare(value) if name in _EXACT else value for name, value in row.items()} for row in rows]


def _search_key(invoice: Invoice) -> str:
    """The text with which the form finds exactly this invoice again: its digital number, else its key."""
    return invoice.digital_number or invoice.key


def _bills(voucher: Voucher) -> str:
    if voucher._state.adding:
        return ""
    return ", ".join(voucher.bill_links.order_by("pk").values_list("bill__number", flat=True))


def _bare(number: Decimal | None) -> str:
    return "" if number is None else format(number.normalize(), "f")


def _links(links: list[VoucherInvoice]) -> list[dict[str, Any]]:
    return [
        {
            "invoice": _search_key(link.invoice),
            "deductible": "on" if link.deductible else "off",
            "deduction_tax": link.deduction_tax,
            "transfer_out_remark": link.transfer_out_remark,
        }
        for link in links
    ]
