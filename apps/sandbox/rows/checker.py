"""The duplicate checker: what people scanned or typed, under its swapped English names, with the usual slips."""

import hashlib
import json
from typing import Any

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
    """Whether the row carries the statutory number; some people leave the code out."""
    return not (invoice.code and not invoice.digital and dice(seed, "codeless", invoice.index, 30) == 0)


def name_as_typed(name: str, seed: int, index: int) -> str:
    """A company name the way it ends up in systems: half-width brackets, stray spaces."""
    throw = dice(seed, "typed", index, 100)
    if throw < 45:
        name = name.replace("（", "(").replace("）", ")")
    if throw % 20 == 3:
        name = f"{name[:2]} {name[2:]}"
    return name + " " if throw % 25 == 4 else name


def row(invoice: Invoice, seed: int, changed_at: int) -> dict[str, Any]:
    """One record as it stands in the decrypted array. ``changed_at`` (epoch seconds) drives the feed."""
    index = invoice.index
    code = invoice.code if joins(invoice, seed) else ""
    number = invoice.number
    if invoice.digital and not invoice.code:
        code, number = "", invoice.digital
    first, second = (
        ("invoiceCode", "invoiceNum") if dice(seed, "straight", index, 33) == 0 else ("invoiceNum", "invoiceCode")
    )
    swept = dice(seed, "key case", index, 5) == 0
    goods = lines(invoice, seed)
    detail: str = "、".join(line.goods.name for line in goods)
    if dice(seed, "detail", index, 3):
        detail = json.dumps(
            [{"name": line.goods.name, "num": str(line.quantity), "amount": str(yuan(line.amount))} for line in goods],
            ensure_ascii=False,
        )
    buyer, seller = _party(invoice.buyer, seed, index), _party(invoice.seller, seed, index + 1)
    found = {
        "Id": record_id(invoice, seed),
        "unitid": "U20231107",
        "EntryPerson": invoice.person,
        "EntryTime": f"{local(invoice.seen):%Y-%m-%d %H:%M:%S}",
        "invoiceType": _TYPES.get(invoice.kind, 9 if dice(seed, "odd type", index, 150) == 0 else 0),
        first: code,
        second: number,
        "invoiceDate": invoice.issued.isoformat() + (" 00:00:00" if dice(seed, "timed", index, 3) == 0 else ""),
        "invoiceMoney": yuan(invoice.amount),
        "invoiceMoneyRate": yuan(invoice.total) if dice(seed, "text", index, 4) else str(yuan(invoice.total)),
        "rateNum": yuan(invoice.goods.rate // 100),
        "rateMoney": yuan(invoice.tax),
        "invoiceValCode": invoice.check_code[-6:],
        "reimbursePerson": invoice.person,
        "reimburseCert": f"记-{dice(seed, 'voucher', index, 900) + 1:04d}" if dice(seed, "booked", index, 3) else "",
        "memo": f"已更正{invoice.revision}次" if invoice.revision else "",
        "inputType": dice(seed, "input", index, 6),
        "departName": catalogue.DEPARTMENTS[dice(seed, "department", index, len(catalogue.DEPARTMENTS))],
        "pdfFrom": dice(seed, "pdf", index, 5) + 1,
        "pdfSaveAddress": f"/pdf/{invoice.issued:%Y%m}/{record_id(invoice, seed)}.pdf"
        if invoice.kind.startswith("digital")
        else "",
        "invoiceUseType": catalogue.PURPOSES[dice(seed, "purpose", index, len(catalogue.PURPOSES))],
        "administrativeDivisionName": "浙江省",
        "purchaserName": buyer.name,
        "purchaserTaxNo": buyer.tax_no,
        "purchaserAddressPhone": buyer.address_phone,
        "purchaserBank": buyer.bank_account,
        "salesName": seller.name,
        "salesTaxNo": seller.tax_no,
        "salesAddressPhone": seller.address_phone,
        "salesBank": seller.bank_account,
        "amountTaxCn": "",
        "Remarks": invoice.remark,
        "machineCode": invoice.typed
        or (f"66151{dice(seed, 'machine', index, 10**7):07d}" if invoice.check_code else ""),
        "state": _STATES.get(invoice.status, "正常") if dice(seed, "stale", index, 5) else "正常",
        "invoiceDetail": detail,
        "isdel" if swept else "Isdel": int(invoice.deleted),
        "CreateTime": f"{local(changed_at):%Y-%m-%d %H:%M:%S}",
    }
    if invoice.defect == "amount":
        found["invoiceMoney"] = "壹佰元整"
    elif invoice.defect == "date":
        found["invoiceDate"] = "2026-02-30"
    return found


def _party(party: Party, seed: int, salt: int) -> Party:
    tax_no = party.tax_no
    throw = dice(seed, "tax slip", salt, 60)
    if throw == 0:
        tax_no = tax_no[:-1]
    elif throw == 1:
        tax_no = tax_no.replace("0", "O", 1)
    return party._replace(name=name_as_typed(party.name, seed, salt), tax_no=tax_no)
