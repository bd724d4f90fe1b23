"""Reads about input tax for pages."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q

from apps.bills.choices import BillState
from apps.bills.models import Bill, BillInvoice

from .judgement import ZERO
from .models import CostType

DECIDABLE = (BillState.DRAFT, BillState.SUBMITTED, BillState.APPROVED)


class TaxTotals(NamedTuple):
    """Sums of a bill in yuan."""

    deducted: Decimal
    transferred_out: Decimal


def tax_totals(bill_invoices: Iterable[BillInvoice]) -> TaxTotals:
    """The sums of these live invoices of a bill; contested ones count for the bill that has reserved them."""
    rows = [one for one in bill_invoices if not one.contested]
    deducted = sum((one.input_tax or ZERO for one in rows if one.deductible), ZERO)
    return TaxTotals(deducted, sum((one.transferred_out or ZERO for one in rows), ZERO))


def may_decide(bill: Bill, user: Any) -> bool:
    """Whether this person may decide about the input tax of the bill as it is."""
    return bill.is_own and bill.state in DECIDABLE and user.has_perm("bills.change_bill")


def cost_type_names(company_id: int) -> list[str]:
    """The cost types that lines of this company's bills are offered."""
    rows = CostType.objects.filter(Q(company=company_id) | Q(company=None), active=True)
    return sorted(set(rows.values_list("name", flat=True)))
