"""Rows of the invoice checker: scanned or typed by people, with swapped English field names and typical errors."""

import hashlib
import json
from typing import Any

from apps.sandbox.rows.defects import spoilt
from apps.sandbox.truth import catalogue
from apps.sandbox.truth.invoices import Invoice, Party, dice, lines, local, yuan

_TYPES = {
    "vat_special_paper": 1, "vat_special_electronic": 1, "digital_special": 1, "digital_paper_special": 1,
    "vat_general_paper": 2, "digital_paper_general": 2, "vat_roll": 3, "vehicle_sale": 4, "vat_freight": 5,
}  # fmt: skip
_STATES = {
    "void": "作废",
    "red": "红冲",
    "fully_red": "红冲",
    "partly_red": "部分红冲",
    "lost_control": "失控",
    "abnormal": "异常",
}


def record_id(invoice: Invoice, seed: int) -> str:
    return hashlib.blake2b(f"{seed}/checker/{invoice.index}".encode(), digest_size=16).hexdigest()


def joins(invoice: Invoice, seed: int) -> bool:
    """Whether the row has the complete statutory number; some people leave the code out."""
    return not (invoice.code and not invoice.digital and dice(seed, "codeless", invoice.index, 30) == 0)


def name_as_typed(name: str, seed: int, index: int) -> str:
    """A company name as people type it: half-width brackets, stray spaces."""
    throw = dice(seed, "typed", index, 100)
    if throw < 45:
        name = name.replace("（", "(").replace("）", ")")
    if throw % 20 == 3:
        name = f"{name[:2]} {name[2:]}"
    return name + " " if throw % 25 == 4 else name


def row(invoice: Invoice, seed: int, changed_at: int) -> dict[str, Any]:
    """One record of the decrypted array. The feed is ordered by ``changed_at`` (epoch seconds)."""
    index = invoice.index
    swept = dice(seed, "key case", index, 5) == 0
    fields = {
        "Id": record_id(invoice, seed),
        "unitid": "U20231107",
        "EntryPerson": invoice.person,
        "EntryTime": f"{local(invoice.seen):%Y-%m-%d %H:%M:%S}",
        "invoiceType": _TYPES.get(invoice.kind, 9 if dice(seed, "odd type", index, 150) == 0 else 0),
        **_numbers(invoice, seed),
        "invoiceDate": invoice.issued.isoformat() + (" 00:00:00" if dice(seed, "timed", index, 3) == 0 else ""),
        "invoiceMoney": yuan(invoice.amount),
        "invoiceMoneyRate": yuan(invoice.total) if dice(seed, "text", index, 4) else str(yuan(invoice.total)),
        "rateNum": yuan(invoice.goods.rate // 100),
        "rateMoney": yuan(invoice.tax),
        "invoiceValCode": invoice.check_code[-6:],
        "reimbursePerson": invoice.person,
        "reimburseCert": f"记-{dice(seed, 'voucher', index, 900) + 1:04d}" if dice(seed, "booked", index, 3) else "",
        **_entry(invoice, seed),
        "administrativeDivisionName": "浙江省",
        **_party("purchaser", invoice.buyer, seed, index),
        **_party("sales", invoice.seller, seed, index + 1),
        "amountTaxCn": "",
        "Remarks": invoice.remark,
        "machineCode": invoice.typed
        or (f"66151{dice(seed, 'machine', index, 10**7):07d}" if invoice.check_code else ""),
        "state": _STATES.get(invoice.status, "正常") if dice(seed, "stale", index, 5) else "正常",
        "invoiceDetail": _detail(invoice, seed),
        "isdel" if swept else "Isdel": int(invoice.deleted),
        "CreateTime": f"{local(changed_at):%Y-%m-%d %H:%M:%S}",
    }
    return spoilt(fields, invoice, amount=("invoiceMoney", "壹佰元整"), date=("invoiceDate", "2026-02-30"))


def _numbers(invoice: Invoice, seed: int) -> dict[str, str]:
    """Code and number, under each other's field name except in a few rows."""
    code = invoice.code if joins(invoice, seed) else ""
    number = invoice.digital if invoice.digital and not invoice.code else invoice.number
    if dice(seed, "straight", invoice.index, 33) == 0:
        return {"invoiceCode": code, "invoiceNum": number}
    return {"invoiceNum": code, "invoiceCode": number}


def _entry(invoice: Invoice, seed: int) -> dict[str, Any]:
    """Way of entry, department and purpose."""
    index = invoice.index
    digital = invoice.kind.startswith("digital")
    return {
        "memo": f"已更正{invoice.revision}次" if invoice.revision else "",
        "inputType": dice(seed, "input", index, 6),
        "departName": catalogue.DEPARTMENTS[dice(seed, "department", index, len(catalogue.DEPARTMENTS))],
        "pdfFrom": dice(seed, "pdf", index, 5) + 1,
        "pdfSaveAddress": f"/pdf/{invoice.issued:%Y%m}/{record_id(invoice, seed)}.pdf" if digital else "",
        "invoiceUseType": catalogue.PURPOSES[dice(seed, "purpose", index, len(catalogue.PURPOSES))],
    }


def _detail(invoice: Invoice, seed: int) -> str:
    """The goods as JSON inside the JSON, in every third row by name only."""
    goods = lines(invoice, seed)
    if dice(seed, "detail", invoice.index, 3) == 0:
        return "、".join(line.goods.name for line in goods)
    rows = [{"name": line.goods.name, "num": str(line.quantity), "amount": str(yuan(line.amount))} for line in goods]
    return json.dumps(rows, ensure_ascii=False)


def _party(side: str, party: Party, seed: int, salt: int) -> dict[str, str]:
    """A party as typed; a few taxpayer numbers lack a character or have the letter O for a zero."""
    tax_no = party.tax_no
    throw = dice(seed, "tax slip", salt, 60)
    if throw == 0:
        tax_no = tax_no[:-1]
    elif throw == 1:
        tax_no = tax_no.replace("0", "O", 1)
    return {
        f"{side}Name": name_as_typed(party.name, seed, salt),
        f"{side}TaxNo": tax_no,
        f"{side}AddressPhone": party.address_phone,
        f"{side}Bank": party.bank_account,
    }
