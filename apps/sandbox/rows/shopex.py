"""Rows of the shop system: invoices issued by the trading company, as orders with an invoice and as issuing results."""

from typing import Any

from apps.sandbox.rows.defects import spoilt
from apps.sandbox.truth.invoices import Invoice, dice, lines, local, yuan

_TYPES = {
    "digital_general": "电子发票（普通发票）",
    "digital_special": "电子发票（增值税专用发票）",
    "vat_general_electronic": "增值税电子普通发票",
    "vat_special_paper": "增值税专用发票",
}
_STATUSES = {"void": "已作废", "red": "已红冲", "fully_red": "已红冲", "partly_red": "部分红冲"}


def invoice_bn(invoice: Invoice) -> str:
    """The shop's number of an order, which is also that of its invoice."""
    prefix = "TK" if invoice.total < 0 else "FP"
    return f"{prefix}{invoice.issued:%Y%m%d}{invoice.index:06d}"


def serial_no(invoice: Invoice) -> str:
    return f"SN{invoice.issued:%y%m%d}{invoice.index:010d}"


def issued(invoice: Invoice, seed: int) -> bool:
    """Whether the tax platform issued the invoice; some orders have no number yet."""
    return dice(seed, "waiting", invoice.index, 40) != 0


def invoice_type(invoice: Invoice, seed: int) -> str:
    return "收购发票" if dice(seed, "odd type", invoice.index, 120) == 0 else _TYPES[invoice.kind]


def invoice_status(invoice: Invoice, seed: int) -> str:
    return _STATUSES.get(invoice.status, "已开票") if issued(invoice, seed) else "开票中"


def list_row(invoice: Invoice, seed: int) -> dict[str, Any]:
    """A row of invoice.getInvoiceList."""
    fields = {
        "invoice_bn": invoice_bn(invoice),
        "invoice_type": invoice_type(invoice, seed),
        "invoice_status": invoice_status(invoice, seed),
        "company_name": invoice.buyer.name,
        "total_amount": str(yuan(invoice.total)) if dice(seed, "text", invoice.index, 3) == 0 else yuan(invoice.total),
        "issue_date": invoice.issued.isoformat(),
    }
    return spoilt(fields, invoice, amount=("total_amount", "面议"), date=("issue_date", "0000-00-00"))


def detail_row(invoice: Invoice, seed: int) -> dict[str, Any]:
    """The answer of invoice.getInvoice."""
    return {
        **list_row(invoice, seed),
        "tax_no": invoice.buyer.tax_no,
        "amount": yuan(invoice.amount),
        "tax_amount": yuan(invoice.tax),
        "items": [
            {
                "item_name": line.goods.name,
                "spec": line.goods.spec,
                "unit": line.goods.unit,
                "quantity": line.quantity,
                "price": line.price,
                "amount": yuan(line.amount),
            }
            for line in lines(invoice, seed)
        ],
    }


def result_row(invoice: Invoice, seed: int, changed_at: int, *, fraction: bool = False) -> dict[str, Any]:
    """A row of invoice.getResultList. Amounts stay positive on red rows; ``fraction``: the tax rate is 0.13 instead of
    13."""
    red = invoice.total < 0
    rate = yuan(invoice.goods.rate) / (100 if fraction else 1)
    return {
        "order_bn": invoice_bn(invoice),
        "type_id": 1 if "special" in invoice.kind else 0,
        "mode": 0 if invoice.kind.endswith("paper") else 1,
        "amount": yuan(abs(invoice.total)),
        "cost_tax": yuan(abs(invoice.tax)),
        "tax_rate": rate.normalize(),
        "invoice_code": invoice.code,
        "invoice_no": invoice.digital or invoice.number,
        "serial_no": serial_no(invoice),
        "billing_type": 2 if red else 1,
        "create_time": f"{local(invoice.seen):%Y-%m-%d %H:%M:%S}",
        "url": "" if invoice.kind.endswith("paper") else f"https://inv.example.com/{serial_no(invoice)}.pdf",
        "invoice_action_type": 2 if red else 1,
        "items": [
            {
                "item_name": line.goods.name,
                "quantity": abs(line.quantity),
                "price": line.price,
                "amount": yuan(abs(line.amount)),
            }
            for line in lines(invoice, seed)
        ],
    }
