"""Contents of vouchers for tests of pure logic, and rows for tests that need the database."""

from datetime import date
from decimal import Decimal
from typing import Any

from apps.vouchers.content import BookContent, EntryContent, VoucherContent

BOOK = BookContent(account_id="A1", company_id="C1", company_name="甲公司", company_number="001", source="piaozone")
DEBIT = EntryContent(summary="王芳 差旅费", account="6602", debit=Decimal("113.00"))
CREDIT = EntryContent(summary="BX000001", account="2241", credit=Decimal("113.00"))


def content(**changes: Any) -> VoucherContent:
    """A voucher with nothing wrong, but for ``changes``."""
    values: dict[str, Any] = {
        "book": BOOK,
        "vouch_id": "v-1",
        "vouch_no": "0001",
        "business_date": date(2026, 3, 2),
        "account_date": date(2026, 3, 3),
        "period": "202603",
        "entries": (DEBIT, CREDIT),
    }
    return VoucherContent(**{**values, **changes})
