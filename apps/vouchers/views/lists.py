"""The list of vouchers: filters, search, sums, pages by key, and what is done to several at once."""

from datetime import date
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.core import keyset
from apps.core.filter_chips import chips
from apps.core.views import needs
from apps.invoices.selectors import estimated_count
from apps.vouchers import selectors
from apps.vouchers.filters import VoucherFilter
from apps.vouchers.models import Voucher

PAGE_SIZE = 50
_BY_DATE = keyset.Order("account_date", True, date.fromisoformat)


@require_safe
@needs("vouchers.view_voucher")
def voucher_list(request: HttpRequest) -> HttpResponse:
    seen = selectors.vouchers(request.user)
    narrowed = VoucherFilter(request.GET, seen, request=request)
    found = narrowed.qs if narrowed.is_valid() else seen.none()
    count, exact, few = estimated_count(found)
    places = request.GET.get("after", ""), request.GET.get("before", "")
    page = keyset.page(found, _BY_DATE, PAGE_SIZE, *places, few=few)
    context = {
        "filter": narrowed,
        "page": page,
        "count": count,
        "exact": exact,
        "chips": chips(narrowed, request.GET),
        "page_sums": {side: _sum(page.rows, f"total_{side}") for side in ("debit", "credit")},
        "sums": selectors.sums(found) if exact and (page.next or page.previous) else None,
        "any_books": bool(page.rows) or selectors.books(request.user).exists(),
    }
    return render(request, "vouchers/list.html", context)


def _sum(rows: list[Voucher], name: str) -> Decimal:
    return sum((getattr(row, name) for row in rows), Decimal())
