"""Rows of the tax bureau: its codes, exact names and amounts, no total, and the ticking state."""

from typing import Any

from apps.sandbox.rows.defects import spoilt
from apps.sandbox.truth.invoices import DIGITAL_PAPER, Invoice, dice, epoch, local, yuan

_TYPES = {
    "vat_special_paper": "01", "vehicle_sale": "03", "vat_general_paper": "04", "vat_special_electronic": "08",
    "vat_general_electronic": "10", "vat_roll": "11", "vat_toll": "14", "used_vehicle": "15", "digital_special": "81",
    "digital_general": "82", "digital_vehicle": "83", "digital_used_vehicle": "84",
    "digital_rail": "51", "digital_air": "61", "digital_toll": "8208",
    "digital_paper_special": "85", "digital_paper_general": "86", "digital_paper_vehicle": "87",
    "digital_paper_used_vehicle": "88",
    "customs_payment": "17", "tax_payment_proof": "18",
}  # fmt: skip
_OLDER_TYPES = {"digital_special": "09", "digital_general": "90"}
_STATES = {
    "normal": "0", "void": "1", "red": "2", "lost_control": "3", "abnormal": "4", "partly_red": "7", "fully_red": "8",
    "red_pending": "80",
}  # fmt: skip
_MODES = {"11": "1", "40": "1", "17": "2", "15": "4", "12": "1"}
SLIPS = frozenset({"17", "18"})


def invoice_type(invoice: Invoice, seed: int) -> str:
    if dice(seed, "odd type", invoice.index, 300) == 0 and _TYPES[invoice.kind] not in SLIPS:
        return "97"
    if invoice.kind in _OLDER_TYPES and dice(seed, "older type", invoice.index, 7) == 0:
        return _OLDER_TYPES[invoice.kind]
    return _TYPES[invoice.kind]


def state(invoice: Invoice) -> str:
    return _STATES[invoice.status]


def management_status(invoice: Invoice, seed: int) -> str:
    return {0: "1", 1: "2", 2: "3", 3: "4"}.get(dice(seed, "risk", invoice.index, 150), "0")


def risk(invoice: Invoice, seed: int) -> str:
    """The filter fxdjdm: 01 normal, 02 doubtful, 03 abnormal."""
    return {"1": "02", "2": "03"}.get(management_status(invoice, seed), "01")


def resold(invoice: Invoice, seed: int) -> str:
    """The filter znxpz of list 12: Y: sold domestically instead of exported, N: not."""
    return "Y" if dice(seed, "resold", invoice.index, 2) else "N"


def period(invoice: Invoice) -> str:
    """The tax period (yyyyMM) it was deducted in; '' when not ticked."""
    return f"{invoice.ticked:%Y%m}" if invoice.ticked else ""


def row(invoice: Invoice, seed: int, *, timed: bool = False) -> dict[str, Any]:
    """One invoice or slip. ``timed``: dates carry a time, as in the answer by period."""
    digital = invoice.digital if invoice.kind not in DIGITAL_PAPER else ""
    kind = invoice_type(invoice, seed)
    clock = f" {local(epoch(invoice.issued, 0) + dice(seed, 'clock', invoice.index, 86_400)):%H:%M:%S}" if timed else ""
    ticked = invoice.ticked.isoformat() + clock if invoice.ticked else ""
    fields = {
        "billingDate": invoice.issued.isoformat() + (" 00:00:00" if timed else ""),
        **_deduction(invoice, ticked),
        "invoiceCode": "" if digital else invoice.code,
        "invoiceNumber": digital or invoice.number,
        "invoiceType": kind,
        "purchaserName": invoice.buyer.name,
        "purchaserTaxNo": invoice.buyer.tax_no,
        **({} if kind == "17" else {"salesTaxName": invoice.seller.name, "salesTaxNo": invoice.seller.tax_no}),
        "state": state(invoice),
        **({} if kind in SLIPS else {"totalAmount": yuan(invoice.amount)}),
        "totalTax": yuan(invoice.tax if kind != "18" else invoice.total),
        "validTax": yuan(_valid_tax(invoice)),
        "checkStatus": "1" if ticked else "0",
        "checkDate": ticked,
        "managementStatus": management_status(invoice, seed),
        "abnormalType": "2" if management_status(invoice, seed) == "2" else "",
        "checkCode": invoice.check_code,
        "ylzd2": "0",
        "ylzd3": "",
        "ylzd4": str(dice(seed, "reason", invoice.index, 5) + 1) if invoice.ticking == "15" else "",
        "ylzd5": invoice.digital if invoice.kind in DIGITAL_PAPER else "",
        "tdyslxDm": "08" if "toll" in invoice.kind else "",
    }
    return spoilt(fields, invoice, amount=("totalAmount", "--"), date=("billingDate", "2026-13-01"))


def _deduction(invoice: Invoice, ticked: str) -> dict[str, str]:
    return {
        "deductible": "1" if ticked else "0",
        "deductibleDate": ticked,
        "deductiblePeriod": period(invoice),
        "deductibleType": "1" if ticked else "",
        "deductibleMode": _MODES.get(invoice.ticking, ""),
    }


def _valid_tax(invoice: Invoice) -> int:
    """The deductible tax in cents."""
    lost = invoice.ticking == "10" or invoice.status in ("void", "lost_control")
    return 0 if (lost and invoice.status != "normal") or "general" in invoice.kind else invoice.tax
