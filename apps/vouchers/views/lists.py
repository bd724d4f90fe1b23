"""The list of vouchers, with filters, search and sums."""

from datetime import date
from decimal import Decimal
from typing import Any

from apps.core.keyset import Order
from apps.core.lists import ListView
from apps.vouchers import selectors
from apps.vouchers.filters import VoucherFilter
from apps.vouchers.models import Voucher


class VoucherList(ListView[Voucher]):
    """Vouchers, newest accounting date first, with the sums of the page and, where that is cheap, of all matches."""

    permission = "vouchers.view_voucher"
    template = "vouchers/list.html"
    visible = staticmethod(selectors.vouchers)
    filter_class = VoucherFilter
    orders = {"": Order("account_date", True, date.fromisoformat)}

    def extra_context(self) -> dict[str, Any]:
        sums_are_cheap = self.count is not None and self.count.exact
        several_pages = self.page.next or self.page.previous
        return {
            "page_sums": {side: _sum(self.page.rows, f"total_{side}") for side in ("debit", "credit")},
            "sums": selectors.sums(self.narrowed()) if sums_are_cheap and several_pages else None,
            "any_books": bool(self.page.rows) or selectors.books(self.request.user).exists(),
        }


def _sum(rows: list[Voucher], name: str) -> Decimal:
    return sum((getattr(row, name) for row in rows), Decimal())
