"""Filters of vouchers, for the pages and for REST."""

from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.invoices.identity import fold
from apps.invoices.models import Invoice

from . import choices
from .models import AccountBook, Voucher, VoucherBill, VoucherInvoice
from .selectors import books

_MOST_INVOICES = 200


def _visible_books(request: Any) -> QuerySet[AccountBook]:
    return books(getattr(request, "user", None))


class VoucherFilter(django_filters.FilterSet):
    """Filters ``selectors.vouchers(user)``; needs ``request``, whose user limits the books to choose from."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    book = django_filters.ModelChoiceFilter(queryset=_visible_books, label=_("Account book"))
    period = django_filters.CharFilter(label=_("Period (yyyyMM)"))
    state = django_filters.ChoiceFilter(choices=choices.VoucherState.choices, label=_("State"))
    push_state = django_filters.ChoiceFilter(choices=choices.VoucherPushState.choices, label=_("Upstream"))
    dated_from = django_filters.DateFilter(
        field_name="account_date", lookup_expr="gte", label=_("Accounting date from")
    )
    dated_to = django_filters.DateFilter(field_name="account_date", lookup_expr="lte", label=_("Accounting date to"))

    class Meta:
        model = Voucher
        fields: list[str] = []

    def search(self, queryset: QuerySet[Voucher], _name: str, value: str) -> QuerySet[Voucher]:
        """Match the number or id of a voucher, its total, or the number of an invoice or bill that it books."""
        text = value.strip()
        if not text:
            return queryset
        matches = Q(vouch_no=text) | Q(vouch_id=text) | _by_amount(text)
        if len(text) >= 3:
            matches |= Q(vouch_no__startswith=text)
        number = fold(text)
        invoices = list(
            Invoice.objects.filter(Q(number=number) | Q(digital_number=number)).values_list("pk", flat=True)[
                :_MOST_INVOICES
            ]
        )
        with_bill = VoucherBill.objects.filter(bill__number=text).values_list("voucher", flat=True)
        linked = {*with_bill}  # ids instead of a subquery, with which PostgreSQL would use no index
        if invoices:
            linked.update(VoucherInvoice.objects.filter(invoice__in=invoices).values_list("voucher", flat=True))
        return queryset.filter(matches | Q(pk__in=linked) if linked else matches)


def _by_amount(text: str) -> Q:
    plain = text.replace(",", "").replace("¥", "").replace("￥", "")
    unsigned = plain.removeprefix("-")
    if not unsigned.isascii() or not unsigned.replace(".", "", 1).isdecimal() or len(unsigned.partition(".")[0]) > 12:
        return Q()
    return Q(total_debit=Decimal(plain).quantize(Decimal("0.01")))
