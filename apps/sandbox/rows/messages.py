"""Live messages of the invoice cloud: one shape per bill type, as the 发票助手 page sends them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from apps.sandbox.rows.piaozone import detail, serial_no
from apps.sandbox.truth.invoices import Invoice, yuan

SHAPES = ("", "Tra", "Pur", "BizOut", "saveEntrys", "updateInvoice")
USER = "eid-1544414642579"


@dataclass(frozen=True)
class Sheet:
    """The bill a message is about: its number, global key and entry, and the user of the page."""

    number: str
    key: str
    branch: str = ""
    user: str = USER


def of_shape(shape: str, invoices: Sequence[Invoice], seed: int) -> Iterator[dict[str, Any]]:
    """The messages of one channel; ``shape`` is a bill type or a message type of its own."""
    if shape == "updateInvoice":
        yield from (update_invoice(invoice, seed) for invoice in invoices)
    elif shape == "saveEntrys":
        yield from (save_entries([one], seed, _sheet(one, f"branch-{one.index}")) for one in invoices)
    else:
        yield save_bill(shape, invoices, seed, _sheet(invoices[0]))


def save_bill(shape: str, invoices: Sequence[Invoice], seed: int, sheet: Sheet) -> dict[str, Any]:
    """All invoices of a bill, at least one; ``shape`` is its type."""
    return {"type": "saveBill", "data": _BILLS[shape](invoices, seed, sheet)}


def save_entries(invoices: Sequence[Invoice], seed: int, sheet: Sheet) -> dict[str, Any]:
    """All invoices of one entry. ``list`` is an object when there is one invoice, as in the vendor's sample."""
    rows = [_entry_row(invoice, seed) for invoice in invoices]
    body = {"bxd_key": sheet.key, "branch_id": sheet.branch, "list": rows[0] if len(rows) == 1 else rows, "traList": []}
    return {"type": "saveEntrys", "data": body}


def update_invoice(invoice: Invoice, seed: int, sheet: Sheet | None = None) -> dict[str, Any]:
    """One invoice was edited; ``serialNo`` is its new number. Has no date."""
    full = detail(invoice, seed)
    kept = (
        "checkStatus",
        "expenseStatus",
        "invoiceType",
        "invoiceCode",
        "invoiceNo",
        "amount",
        "totalAmount",
        "taxAmount",
    )
    inner = {name: full[name] for name in kept if name in full}
    inner |= {
        "serialNo": serial_no(invoice, seed),
        "goodsCode": invoice.goods.code,
        "sallerName": invoice.seller.name,
        "sallerTaxNo": invoice.seller.tax_no,
    }
    sheet = sheet or _sheet(invoice)
    return {
        "type": "updateInvoice",
        "data": {"data": inner, "billnumber": sheet.number, "bxd_key": sheet.key, "userid": sheet.user},
    }


def _sheet(invoice: Invoice, branch: str = "") -> Sheet:
    """The bill of an invoice in the world."""
    return Sheet(invoice.bill, f"key-{invoice.bill}", branch)


def _head(invoices: Sequence[Invoice], seed: int, sheet: Sheet) -> dict[str, Any]:
    return {
        "billnumber": sheet.number,
        "bxd_key": sheet.key,
        "userid": sheet.user,
        "invoiceSerialNos": ",".join(serial_no(invoice, seed) for invoice in invoices),
        "isElectronicInvoice": all("electronic" in one.kind or one.kind.startswith("digital") for one in invoices),
        "invoicesTaxAmount": yuan(sum(invoice.tax for invoice in invoices)),
    }


def _expense(invoices: Sequence[Invoice], seed: int, sheet: Sheet) -> dict[str, Any]:
    entries = []
    for place, invoice in enumerate(invoices):
        full = detail(invoice, seed)
        number = {"taxPaidProofNo": invoice.number} if full["invoiceType"] == "19" else {"invoiceNo": full["invoiceNo"]}
        entries.append(
            {
                "serialNo": serial_no(invoice, seed),
                "invoiceType": full["invoiceType"],
                "invoiceCode": full.get("invoiceCode", ""),
                **number,
                "invoiceDate": full["invoiceDate"],
                "checkStatus": int(full["checkStatus"]),
                "expenseStatus": int(full["expenseStatus"]),
                "amount": yuan(invoice.amount),
                "totalAmount": yuan(invoice.total),
                "taxAmount": yuan(invoice.tax),
                "taxRate": str(yuan(invoice.goods.rate) / 100) if place else "99",
                "goodsCood" if place == 0 else "goodsCode": invoice.goods.code,
                "sallerName": invoice.seller.name,
                "sallerTaxNo": invoice.seller.tax_no,
                "buyerName": invoice.buyer.name,
                "buyerTaxNo": invoice.buyer.tax_no,
            }
        )
    return {**_head(invoices, seed, sheet), "data": entries, "invoicesAmount": yuan(sum(one.total for one in invoices))}


def _travel(invoices: Sequence[Invoice], seed: int, sheet: Sheet) -> dict[str, Any]:
    kept = (
        "amount", "invoiceDate", "invoiceCode", "serialNo", "totalAmount", "invoiceType", "taxAmount", "invoiceNo",
        "salerName", "salerTaxNo", "salerAddressPhone", "salerAccount",
    )  # fmt: skip
    inner = []
    for invoice in invoices:
        full = detail(invoice, seed)
        inner.append(
            {name: full[name] for name in kept if name in full}
            | {"classify": "other", "classifyName": "其他费用", "airItemsArr": [], "goodsName": invoice.goods.name}
            | {"goodsCode": invoice.goods.code, "stationGeton": "", "stationGetoff": "", "seatGrade": ""}
        )
    group = {
        "invoiceData": inner,
        "costName": "其他费用",
        "costType": "other",
        "size": len(inner),
        "amount": yuan(sum(one.amount for one in invoices)),
        "taxAmount": yuan(sum(one.tax for one in invoices)),
        "totalAmount": yuan(sum(one.total for one in invoices)),
        "invoiceDate": invoices[0].issued.isoformat(),
    }
    total = yuan(sum(one.total for one in invoices))
    return {**_head(invoices, seed, sheet), "data": [group], "invoicesTotalAmount": total, "allSize": len(inner)}


def _purchase(invoices: Sequence[Invoice], seed: int, sheet: Sheet) -> dict[str, Any]:
    buyer = invoices[0].buyer
    return {
        **_head(invoices, seed, sheet),
        "type": "",
        "data": {
            "buyerInfo": [
                {
                    "buyerName": buyer.name,
                    "buyerTaxNo": buyer.tax_no,
                    "buyerAddressPhone": buyer.address_phone,
                    "buyerAccount": buyer.bank_account,
                }
            ],
            "purchaseInfo": [
                {
                    "salerName": one.seller.name,
                    "salerTaxNo": one.seller.tax_no,
                    "goodsName": one.goods.name,
                    "goodsCode": one.goods.code,
                    "invoiceDate": one.issued.isoformat(),
                    "unit": one.goods.unit,
                    "detailAmount": str(yuan(one.amount)),
                    "taxAmount": str(yuan(one.tax)),
                    "size": "1",
                    "invoiceData": [serial_no(one, seed)],
                }
                for one in invoices
            ],
        },
    }


def _corporate(invoices: Sequence[Invoice], seed: int, sheet: Sheet) -> dict[str, Any]:
    groups = []
    for one in invoices:
        full = detail(one, seed)
        groups.append(
            {
                "salerTaxNo": one.seller.tax_no,
                "salerName": one.seller.name,
                "salerAddressPhone": one.seller.address_phone,
                "salerAccount": one.seller.bank_account,
                "amount": yuan(one.amount),
                "taxAmount": yuan(one.tax),
                "totalAmount": str(yuan(one.total)),
                "invoiceType": full["invoiceType"],
                "invoiceNo": full.get("invoiceNo", ""),
                "invoiceCode": full.get("invoiceCode", ""),
                "goodsCode": one.goods.code,
                "goodsName": one.goods.name,
                "taxRate": str(yuan(one.goods.rate) / 100),
                "serialNo": serial_no(one, seed),
            }
        )
    total = yuan(sum(one.total for one in invoices))
    return {**_head(invoices, seed, sheet), "type": "savebill", "invoicesTotalAmount": total, "data": groups}


def _entry_row(invoice: Invoice, seed: int) -> dict[str, Any]:
    full = detail(invoice, seed)
    return {
        "fplx": full["invoiceType"],
        "spbm": invoice.goods.code,
        "fpdm": full.get("invoiceCode", ""),
        "fphm": full.get("invoiceNo", ""),
        "jshj": yuan(invoice.total),
        "kprq": full["invoiceDate"],
        "se": yuan(invoice.tax),
        "fid": serial_no(invoice, seed),
    }


_BILLS = {"": _expense, "Tra": _travel, "Pur": _purchase, "BizOut": _corporate}
