"""The chart of accounts of a book: the list, one account, a standard chart, the import, and the choices of entries."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core import refusals
from apps.core.filter_chips import chips
from apps.core.keyset import Order
from apps.core.lists import ListView
from apps.core.views import needs
from apps.vouchers import selectors
from apps.vouchers.charts import selectors as chart_selectors
from apps.vouchers.charts import services, standards, tables
from apps.vouchers.charts.filters import AccountFilter
from apps.vouchers.charts.forms import AccountForm
from apps.vouchers.forms import numbers
from apps.vouchers.models import Account, AccountBook

from . import chart_imports


class AccountList(ListView[Account]):
    """The accounts of one book by code; without ``?book=`` of the first one that the reader may see."""

    permission = "vouchers.view_account"
    template = "vouchers/charts/accounts.html"
    visible = staticmethod(chart_selectors.accounts)
    filter_class = AccountFilter
    orders = {"": Order("code", False)}
    related = ("parent__parent__parent",)

    @cached_property
    def books(self) -> list[AccountBook]:
        return list(selectors.books(self.request.user))

    @cached_property
    def query(self) -> QueryDict:
        query = self.request.GET.copy()
        if not query.get("book") and self.books:
            query["book"] = str(self.books[0].pk)
        return query

    def shown(self, rows: QuerySet[Account]) -> QuerySet[Account]:
        return chart_selectors.with_leaf(super().shown(rows))

    def extra_context(self) -> dict[str, Any]:
        for account in self.page.rows:
            account.depth = _depth(account)  # type: ignore[attr-defined]
        book = next((one for one in self.books if str(one.pk) == self.query.get("book")), None)
        return {
            "book": book,
            "books": self.books,
            "chips": [chip for chip in chips(self.filter, self.query) if "book=" in chip.without],
            "empty": book is not None and not self.page.rows and not chart_selectors.has_chart(book),
            "standards": services.standard_names(),
        }


@needs("vouchers.add_account")
def new(request: HttpRequest) -> HttpResponse:
    book = _book(request)
    return _edit(request, Account(book=book))


@needs("vouchers.change_account")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    visible = chart_selectors.accounts(request.user).select_related("book", "parent")
    return _edit(request, get_object_or_404(visible, pk=pk))


@require_POST
@needs("vouchers.add_account")
def load(request: HttpRequest) -> HttpResponse:
    """Load a standard chart into a book without accounts."""
    book, standard = _book(request), request.POST.get("standard", "")
    if standard not in standards.STANDARDS:
        return render(request, "400.html", status=400)
    with refusals.on_page(request):
        count = services.load_standard(book, standard)
        messages.success(request, _("%(count)s accounts were loaded.") % {"count": count})
    return redirect(_list(book))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("vouchers.add_account")
@needs("vouchers.change_account")
def upload(request: HttpRequest) -> HttpResponse:
    return chart_imports.upload(request, _import_of(_book(request)))


@require_POST
@needs("vouchers.add_account")
@needs("vouchers.change_account")
def apply(request: HttpRequest) -> HttpResponse:
    return chart_imports.apply(request, _import_of(_book(request)))


@require_safe
@needs("vouchers.view_account")
def template(request: HttpRequest) -> HttpResponse:
    return chart_imports.template(tables.ACCOUNT_COLUMNS, "accounts.xlsx")


@require_safe
@needs("vouchers.view_account")
def choices(request: HttpRequest, pk: int) -> HttpResponse:
    """The accounts that an entry may name, for what is typed so far (``q``), with the dimensions that each requires."""
    book = get_object_or_404(selectors.books(request.user), pk=pk)
    accounts = chart_selectors.account_choices(book, request.GET.get("q", ""))
    return JsonResponse({"choices": [{"value": str(one), "dimensions": one.dimensions} for one in accounts]})


def _edit(request: HttpRequest, account: Account) -> HttpResponse:
    form = AccountForm(request.POST or None, instance=account)
    if request.method == "POST" and form.is_valid():
        with refusals.on_form(form):
            services.put_account(account.book, form.row(), account if account.pk else None)
            return redirect(_list(account.book))
    context = {"form": form, "book": account.book, "row": account if account.pk else None, "back": _list(account.book)}
    return render(request, "vouchers/charts/account.html", context)


def _import_of(book: AccountBook) -> chart_imports.Import:
    return chart_imports.AccountImport(book, _list(book), reverse("import_accounts"), reverse("apply_account_import"))


def _book(request: HttpRequest) -> AccountBook:
    """The book that the address or the form names, else the first one; 404 without one."""
    books = selectors.books(request.user)
    chosen = numbers(request.POST.get("book", "") or request.GET.get("book", ""))
    return get_object_or_404(books, pk=chosen[0]) if chosen else get_object_or_404(books[:1])


def _list(book: AccountBook) -> str:
    return f"{reverse('accounts')}?book={book.pk}"


def _depth(account: Account) -> int:
    """The number of accounts above this one, as far as they are read."""
    depth, at = 0, account
    while at.parent_id and "parent" in at._state.fields_cache and at.parent:
        depth, at = depth + 1, at.parent
    return depth
