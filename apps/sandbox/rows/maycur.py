"""Rows of the expense system: uploads of employees, dates as epoch milliseconds, ticket details as JSON inside JSON."""

import hashlib
import json
from typing import Any

from apps.sandbox.rows.checker import name_as_typed
from apps.sandbox.rows.defects import spoilt
from apps.sandbox.truth.invoices import DIGITAL_PAPER, Invoice, Trip, dice, epoch, lines, local, yuan

_TYPES = {
    "vat_special_paper": ("01", "增值税专用发票"),
    "vat_general_paper": ("04", "增值税普通发票(纸质)"),
    "vat_special_electronic": ("08", "增值税电子专用发票"),
    "vat_general_electronic": ("10", "增值税电子普通发票"),
    "digital_special": ("31", "电子发票(增值税专用发票)"),
    "digital_general": ("32", "电子发票(普通发票)"),
    "digital_paper_special": ("01", "增值税专用发票"),
    "digital_paper_general": ("04", "增值税普通发票(纸质)"),
    "digital_rail": ("10018", "电子发票(铁路电子客票)"),
    "digital_air": ("10019", "电子发票(航空运输电子客票行程单)"),
}
_VALIDATION = {"VALIDATED": "已验真", "NOT_VALIDATION": "未验真", "VALIDATION_FAILED": "验真失败"}


def data_code(invoice: Invoice, seed: int) -> str:
    """invoiceDataCode, the record's own id."""
    digest = hashlib.blake2b(f"{seed}/maycur/{invoice.index}".encode(), digest_size=5).hexdigest().upper()
    return f"INV{local(invoice.seen):%y%m%d}{digest}"


def _properties(trip: Trip, kind: str, seed: int, index: int) -> str:
    facts: dict[str, Any] = {
        "consumeLocation": trip.departure,
        "consumeDate": f"{trip.leaves:%Y-%m-%d}",
        "departureLocation": trip.departure,
        "destinationLocation": trip.destination,
        "seat": "SECOND" if kind == "digital_rail" else "ECONOMY",
        "seatName": trip.seat,
        "vehicleNumber": trip.vehicle,
        "passenger": trip.passenger,
        "identityNo": trip.identity,
        "departureTime": f"{trip.leaves:%Y-%m-%d %H:%M}",
        "roundWay": False,
        "ticketNo": trip.ticket,
        "taxRate": 0.09,
    }
    if kind == "digital_rail":
        facts |= {"trainNumber": trip.vehicle, "seatNo": f"{index % 16 + 1:02d}车{index % 18 + 1:02d}C号"}
    else:
        facts |= {
            "issueBy": trip.carrier,
            "carrier": trip.carrier,
            "fare": str(yuan(trip.fare)),
            "fuelSurcharge": str(yuan(trip.fuel)),
            "caacDevelopmentFund": str(yuan(trip.fund)),
            "insurance": 0,
            "otherTaxAmount": 0,
        }
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    return text[: len(text) // 2] if dice(seed, "malformed", index, 60) == 7 else text


def taxless(invoice: Invoice, seed: int) -> bool:
    """Whether the row states a tax of 0: some air tickets that no other system has."""
    return (
        invoice.kind == "digital_air" and "etax" not in invoice.systems and dice(seed, "taxless", invoice.index, 3) == 0
    )


def row(invoice: Invoice, seed: int) -> dict[str, Any]:
    """One record of invoice/search."""
    index = invoice.index
    kind, description = _type(invoice, seed)
    fields = {
        "invoiceDataCode": data_code(invoice, seed),
        "userCode": f"UI17072{dice(seed, 'user', index, 400):03d}NIOC",
        "feeCode": f"FD{index:08d}",
        "feeTypeBizCode": "MK_FT_" + str(100 + dice(seed, "fee", index, 30)),
        "qrCode": "",
        "buyerName": name_as_typed(invoice.buyer.name, seed, index + 2),
        "buyerTaxNumber": invoice.buyer.tax_no,
        "buyerAddressPhone": "",
        "buyerBankAccount": "",
        **_numbers(invoice, seed),
        "issueDate": epoch(invoice.issued, 0) * 1000,
        "checkCode": invoice.check_code,
        **_amounts(invoice, seed),
        "supplierName": invoice.seller.name,
        "supplierAddress": "",
        "supplierTaxNumber": invoice.seller.tax_no,
        "supplierBankAccount": "",
        "consumeType": {"digital_rail": "TRAIN", "digital_air": "FLIGHT"}.get(invoice.kind),
        "invoiceTypeDesc": description,
        "attachments": None,
        **_validation(index, seed),
        "remark": invoice.remark,
        "importedAt": invoice.seen * 1000 + index % 1000,
        "importedAtYearMonth": f"{local(invoice.seen):%Y%m}",
        "hasQrCodePic": False,
        "processing": bool(invoice.form),
        "invoiceDateStr": None,
        "invoiceStatus": None,
        **_conflicts(invoice),
        "source": "",
        "exportAt": invoice.seen * 1000 + 10_000 if invoice.trip is None else None,
        "comment": f"第{invoice.revision}次修改" if invoice.revision else "",
        "trafficFeeFlag": False,
        "bizType": "CORP" if dice(seed, "corporate", index, 5) == 0 else "PERSONAL",
        "jsonProps": _properties(invoice.trip, invoice.kind, seed, index) if invoice.trip else None,
        "reimburseDataCode": invoice.form or None,
        "userName": invoice.person,
        "checksum": "",
        "type": kind,
        "lineItems": None if invoice.trip else _line_items(invoice, seed),
    }
    return spoilt(fields, invoice, amount=("totalPriceAndTax", "无法识别"), date=("issueDate", "昨天"))


def _type(invoice: Invoice, seed: int) -> tuple[str, str]:
    usual = _TYPES[invoice.kind]
    return ("10099", "财政电子票据(新)") if dice(seed, "odd type", invoice.index, 90) == 0 else usual


def _numbers(invoice: Invoice, seed: int) -> dict[str, Any]:
    """Code and number. A digital invoice on paper is entered either under its printed pair or under its twenty
    digits."""
    pair_known = invoice.kind not in DIGITAL_PAPER or dice(seed, "pair", invoice.index, 3) == 0
    digital = invoice.digital and (not invoice.code or not pair_known)
    return {
        "invoiceCode": invoice.code if pair_known else "",
        "invoiceNumber": invoice.digital if digital else invoice.number,
    }


def _amounts(invoice: Invoice, seed: int) -> dict[str, Any]:
    """Numbers, in every third row as text."""
    text = dice(seed, "text", invoice.index, 3) == 0
    amount, tax = (invoice.total, 0) if taxless(invoice, seed) else (invoice.amount, invoice.tax)
    stated = {"totalPriceAmount": amount, "totalTaxAmount": tax, "totalPriceAndTax": invoice.total}
    return {name: str(yuan(cents)) if text else yuan(cents) for name, cents in stated.items()}


def _validation(index: int, seed: int) -> dict[str, Any]:
    state = ("NOT_VALIDATION", "VALIDATION_FAILED", *["VALIDATED"] * 8)[dice(seed, "validation", index, 10)]
    return {"validateStatus": state, "validateStatusDesc": _VALIDATION[state]}


def _conflicts(invoice: Invoice) -> dict[str, Any]:
    return {
        "invoiceTitleConflict": not invoice.buyer.name or "（个人）" in invoice.buyer.name,
        "invoiceTitleConflictWithFee": False,
        "invoiceTaxNumberConflictWithFee": not invoice.buyer.tax_no,
    }


def _line_items(invoice: Invoice, seed: int) -> list[dict[str, Any]]:
    return [
        {
            "name": line.goods.name,
            "priceAmount": yuan(line.amount),
            "taxRate": yuan(line.goods.rate) / 100,
            "taxAmount": yuan(line.tax),
        }
        for line in lines(invoice, seed)
    ]
