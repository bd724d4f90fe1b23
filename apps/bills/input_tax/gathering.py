"""Reads the facts of the judgement. The number of queries does not depend on the number of invoices."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import msgspec
from django.db.models import Q

from apps.bills.choices import BillInvoiceState
from apps.bills.models import BillInvoice
from apps.invoices.masters import family_ids, master_ids
from apps.invoices.models import Invoice, InvoiceLine
from apps.sources.records import DeductionStatus, Direction, InvoiceKind, InvoiceStatus, TravelRecord

from .judgement import ZERO, Facts, Line, Part, TravelRule
from .models import CostType
from .models import TravelTaxRule as TravelTaxRuleRow


@dataclass(frozen=True)
class Share:
    """A live share of an invoice. ``used``: the amount that it uses, ``tax``: what it deducts or transfers out by now;
    both in yuan, absolute."""

    pk: int
    used: Decimal
    tax: Decimal


def travel_rules() -> list[TravelRule]:
    """The travel rules of the administration."""
    columns = ("kind", "formula", "rate", "needs_passenger", "valid_from", "valid_to", "source")
    return [TravelRule(*row) for row in TravelTaxRuleRow.objects.values_list(*columns)]


def uses_of(company_ids: Collection[int]) -> dict[tuple[int, str], str]:
    """(company id, cost type) → the use for which its tax is never deducted, '' when it is. The row of a company counts
    before that of all companies. Inactive cost types count: lines may still have them."""
    rows = CostType.objects.filter(Q(company__in=company_ids) | Q(company=None))
    general: dict[tuple[int, str], str] = {}
    own: dict[tuple[int, str], str] = {}
    for row in rows:
        if row.company_id is None:
            general |= {(company, row.name): row.non_deductible_use for company in company_ids}
        else:
            own[row.company_id, row.name] = row.non_deductible_use
    return general | own


def invoice_facts(invoice_ids: Collection[int]) -> dict[int, Facts]:
    """Invoice id → the facts of its master, of the whole invoice and any company."""
    masters = master_ids(invoice_ids)
    invoices = Invoice.objects.select_related("seller").defer("remark").in_bulk(set(masters.values()))
    lines: dict[int, list[Line]] = defaultdict(list)
    rows = InvoiceLine.objects.filter(invoice__in=invoices).order_by("invoice_id", "position")
    for pk, name, tax in rows.values_list("invoice_id", "name", "tax_amount"):
        lines[pk].append(Line(name, tax))
    facts = {pk: _facts(invoice, lines.get(pk, ())) for pk, invoice in invoices.items()}
    return {pk: facts[master] for pk, master in masters.items()}


def _facts(invoice: Invoice, lines: Sequence[Line]) -> Facts:
    return Facts(
        kind=InvoiceKind(invoice.kind),
        direction=Direction(invoice.direction),
        status=InvoiceStatus(invoice.status),
        deduction=DeductionStatus(invoice.deduction_status),
        issue_date=invoice.issue_date,
        total=invoice.total_amount,
        tax=invoice.tax_amount,
        bureau_tax=invoice.deductible_tax,
        travel=msgspec.convert(invoice.travel, TravelRecord) if invoice.travel else None,
        seller=invoice.seller.name if invoice.seller else "",
        lines=tuple(lines),
    )


class Shares:
    """The live shares of invoices over all bills, by family: those of merged invoices count."""

    def __init__(self, invoice_ids: Collection[int]) -> None:
        self._masters = master_ids(invoice_ids)
        members = family_ids(set(self._masters.values()))
        rows = BillInvoice.objects.filter(invoice__in=members, contested=False).exclude(state=BillInvoiceState.RELEASED)
        columns = ("pk", "invoice_id", "amount", "invoice__total_amount", "input_tax", "transferred_out")
        self._by_master: dict[int, dict[int, Share]] = defaultdict(dict)
        for pk, invoice, amount, total, tax, out in rows.order_by("pk").values_list(*columns):
            # A share of an invoice without a total uses all of it; one yuan stands for that.
            used = abs(amount if amount is not None else total or Decimal(1))
            share = Share(pk, used, abs(tax or ZERO) + abs(out or ZERO))
            self._by_master[members[invoice]][pk] = share

    def part(self, invoice_id: int, pk: int, amount: Decimal | None) -> Part:
        """The part of the invoice that the bill invoice ``pk`` uses, behind older shares."""
        shares = self._of(invoice_id).values()
        before = sum((share.used for share in shares if share.pk < pk), ZERO)
        taken = sum((share.tax for share in shares if share.pk != pk), ZERO)
        return Part(amount, before, taken)

    def set_tax(self, invoice_id: int, pk: int, tax: Decimal) -> None:
        """Note what a share deducts or transfers out from now on."""
        shares = self._of(invoice_id)
        if pk in shares:
            shares[pk] = replace(shares[pk], tax=abs(tax))

    def _of(self, invoice_id: int) -> dict[int, Share]:
        return self._by_master[self._masters.get(invoice_id, invoice_id)]


class BillFacts:
    """The facts of bill invoices, which come with ``bill.company`` and ``line`` loaded. ``shares`` may be changed
    while they are read: a share knows the tax of the others."""

    def __init__(self, bill_invoices: Sequence[BillInvoice]) -> None:
        invoice_ids = {bill_invoice.invoice_id for bill_invoice in bill_invoices}
        self._invoices = invoice_facts(invoice_ids)
        self._uses = uses_of({bill_invoice.bill.company_id for bill_invoice in bill_invoices})
        self.shares = Shares(invoice_ids)

    def of(self, bill_invoice: BillInvoice) -> Facts:
        bill, line = bill_invoice.bill, bill_invoice.line
        cost_type = line.cost_type.strip() if line else ""
        return replace(
            self._invoices[bill_invoice.invoice_id],
            small_scale=bill.company.small_scale,
            use=self._uses.get((bill.company_id, cost_type), ""),
            contested=bill_invoice.contested,
            part=self.shares.part(bill_invoice.invoice_id, bill_invoice.pk, bill_invoice.amount),
        )
