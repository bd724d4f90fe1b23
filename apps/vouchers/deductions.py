"""The deduction of input tax of invoices on vouchers: what is preset, and why it is as it is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from apps.bills.choices import BillInvoiceState
from apps.bills.input_tax.services import defaults_for, message_of, transfer_out_reason
from apps.bills.models import BillInvoice
from apps.core.messages import Message
from apps.invoices.masters import master_ids

from .content import ZERO
from .models import AccountBook, Voucher, VoucherInvoice


@dataclass(frozen=True)
class InvoiceLink:
    """An invoice to put on a voucher; see ``models.VoucherInvoice``. ``deductible`` None: as it stands on the voucher
    already, else as the rules of input tax judge the whole invoice."""

    invoice_id: int
    deductible: bool | None = None
    deduction_tax: Decimal | None = None
    transfer_out_remark: str = ""


LinksByVoucher = Sequence[tuple[int, Sequence[InvoiceLink]]]


def filled(
    links_by_voucher: LinksByVoucher, book_of: Mapping[int, int], existing: Iterable[VoucherInvoice]
) -> list[tuple[int, list[InvoiceLink]]]:
    """The links without open deductions. ``book_of``: voucher id → book id; ``existing``: the links that the vouchers
    have. The number of queries does not depend on the number of links."""
    stored = {(one.voucher_id, one.invoice_id): one for one in existing}
    open_ones = [
        (voucher, link.invoice_id)
        for voucher, links in links_by_voucher
        for link in links
        if link.deductible is None and (voucher, link.invoice_id) not in stored
    ]
    preset = _preset(open_ones, book_of) if open_ones else {}

    def settled(voucher: int, link: InvoiceLink) -> InvoiceLink:
        if link.deductible is not None:
            return link
        old = stored.get((voucher, link.invoice_id))
        if old is not None:
            return InvoiceLink(link.invoice_id, old.deductible, old.deduction_tax, old.transfer_out_remark)
        return preset.get((voucher, link.invoice_id), replace(link, deductible=False))

    return [(voucher, [settled(voucher, link) for link in links]) for voucher, links in links_by_voucher]


def _preset(places: Sequence[tuple[int, int]], book_of: Mapping[int, int]) -> dict[tuple[int, int], InvoiceLink]:
    """(voucher id, invoice id) → the link as the rules judge it."""
    books = AccountBook.objects.filter(pk__in={book_of[voucher] for voucher, _invoice in places})
    company_of = dict(books.values_list("pk", "company_id"))
    judgements = defaults_for({(invoice, company_of[book_of[voucher]]) for voucher, invoice in places})
    preset = {}
    for voucher, invoice in places:
        judgement = judgements.get((invoice, company_of[book_of[voucher]]))
        if judgement is not None:
            tax = judgement.input_tax if judgement.deductible else None
            remark = transfer_out_reason(judgement)
            preset[voucher, invoice] = InvoiceLink(invoice, judgement.deductible, tax, remark)
    return preset


@dataclass
class Explanation:
    """Why the tax of an invoice on a voucher is deducted or not; ``transferred_out`` in yuan."""

    deducted: Decimal = ZERO
    transferred_out: Decimal = ZERO
    reasons: list[Message] = field(default_factory=list)


def explained(voucher: Voucher, links: Sequence[VoucherInvoice]) -> list[tuple[VoucherInvoice, Explanation]]:
    """Each link with its explanation: that of the voucher's bills, for an invoice without a bill that of the rules.
    Where the voucher deducts something else, a person entered it. ``invoice`` of a link is the master."""
    explanations = _of_bills(voucher)
    others = [link.invoice_id for link in links if link.invoice_id not in explanations]
    company = voucher.book.company_id
    judgements = defaults_for({(invoice, company) for invoice in others}) if others else {}
    for (invoice, _company), judgement in judgements.items():
        reasons = [message_of(judgement.reason)]
        explanations[invoice] = Explanation(judgement.input_tax, judgement.transferred_out, reasons)
    rows = []
    for link in links:
        explanation = explanations.get(link.invoice_id, Explanation())
        if ((link.deduction_tax or ZERO) if link.deductible else ZERO) != explanation.deducted:
            explanation = Explanation(reasons=[Message("voucher.deduction_by_hand")])
        rows.append((link, explanation))
    return rows


def _of_bills(voucher: Voucher) -> dict[int, Explanation]:
    """Master invoice id → what the voucher's bills say, summed over the lines that share the invoice."""
    rows = BillInvoice.objects.filter(bill__voucher_links__voucher=voucher, contested=False)
    bill_invoices = list(rows.exclude(state=BillInvoiceState.RELEASED).order_by("pk"))
    masters = master_ids({one.invoice_id for one in bill_invoices})
    explanations: dict[int, Explanation] = defaultdict(Explanation)
    for one in bill_invoices:
        explanation = explanations[masters.get(one.invoice_id, one.invoice_id)]
        explanation.deducted += (one.input_tax or ZERO) if one.deductible else ZERO
        explanation.transferred_out += one.transferred_out or ZERO
        if one.tax_message is not None and one.tax_message not in explanation.reasons:
            explanation.reasons.append(one.tax_message)
    return dict(explanations)
