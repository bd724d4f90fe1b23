"""Rows of the invoice cloud: nine layouts by type, all values as text, its own codes of types and states."""

import hashlib
from typing import Any

from apps.sandbox.rows.defects import spoilt
from apps.sandbox.truth.invoices import Invoice, Trip, dice, lines, local, yuan

TYPES = {
    "vat_general_electronic": "1", "vat_special_electronic": "2", "vat_general_paper": "3", "vat_special_paper": "4",
    "vat_roll": "5", "machine_printed": "7", "taxi": "8", "train_paper": "9", "air_paper": "10", "other": "11",
    "vehicle_sale": "12", "used_vehicle": "13", "fixed_amount": "14", "vat_toll": "15", "coach": "16",
    "toll_receipt": "17", "tax_payment_proof": "19", "ship": "20",
    "machine_printed_electronic": "23", "digital_general": "26",
    "digital_special": "27",
}  # fmt: skip
_STATES = {"lost_control": "1", "void": "2", "red": "3", "fully_red": "3", "partly_red": "3", "abnormal": "4"}
_VAT = frozenset({"1", "2", "3", "4", "5", "12", "13", "15", "26", "27"})
EXPENSE_STATES = ("1", "30", "60", "25", "70")


def serial_no(invoice: Invoice, seed: int) -> str:
    """The current serial number; an edit of key fields gives a new one."""
    digest = hashlib.blake2b(
        f"{seed}/piaozone/{invoice.index}/{invoice.serial_turn}".encode(), digest_size=16
    ).hexdigest()
    return digest + str(invoice.index % 10)


def invoice_type(invoice: Invoice, seed: int) -> str:
    if invoice.kind in ("digital_general", "digital_special") and dice(seed, "newer type", invoice.index, 25) == 0:
        return "97"
    return TYPES[invoice.kind]


def expense_status(invoice: Invoice, seed: int) -> str:
    return invoice.expense or EXPENSE_STATES[dice(seed, "expense", invoice.index, len(EXPENSE_STATES))]


def detail(invoice: Invoice, seed: int) -> dict[str, Any]:
    """The invoice in the layout of its type, as in detail/query and invoices/query."""
    kind = invoice_type(invoice, seed)
    state = expense_status(invoice, seed)
    fields: dict[str, Any] = {
        "amount": str(yuan(invoice.amount)),
        "authenticateFlag": "1",
        "authenticateTime": "",
        "buyerAccount": invoice.buyer.bank_account,
        "buyerAddressPhone": invoice.buyer.address_phone,
        "buyerName": invoice.buyer.name,
        "buyerTaxNo": invoice.buyer.tax_no,
        "checkFlag": "1",
        "checkStatus": str((1, 1, 1, 1, 3, 2)[dice(seed, "check", invoice.index, 6)]),
        "checkTime": "",
        "downloadUrl": "",
        "expenseStatus": state,
        "invoiceCode": invoice.code,
        "invoiceDate": invoice.issued.isoformat(),
        "invoiceNo": invoice.digital or invoice.number,
        "invoiceType": kind,
        "isRevise": "2" if invoice.revision else "1",
        "originalGraphUrl": "",
        "pixel": "",
        "region": "",
        "remark": invoice.remark,
        "rotationAngle": "0",
        "salerAccount": invoice.seller.bank_account,
        "salerAddressPhone": invoice.seller.address_phone,
        "salerName": invoice.seller.name,
        "salerTaxNo": invoice.seller.tax_no,
        "serialNo": serial_no(invoice, seed),
        "snapshotUrl": f"https://img.example.com/{serial_no(invoice, seed)}.jpg",
        "taxAmount": str(yuan(invoice.tax)),
        "totalAmount": str(yuan(invoice.total)),
    }
    if kind in _VAT or kind == "97":
        fields |= _vat(invoice, seed)
    elif kind == "19":
        fields |= _proof(invoice)
        del fields["invoiceNo"], fields["invoiceCode"]
    else:
        fields |= _ticket(invoice, kind)
        if kind in ("11", "14"):
            fields["invoiceDate"] = f"{local(invoice.seen):%Y-%m-%d}"  # the day it was received
        if kind not in ("7", "23", "11"):
            fields |= {"buyerName": "", "buyerTaxNo": "", "buyerAccount": "", "buyerAddressPhone": ""}
    return spoilt(fields, invoice, amount=("totalAmount", "一百二"), date=("invoiceDate", "2026-06-31"))


def _proof(invoice: Invoice) -> dict[str, Any]:
    """Fields of a tax payment proof, which names the bureau instead of a seller."""
    return {
        "taxAuthorityName": invoice.seller.name,
        "taxPaidProofNo": invoice.number,
        "trip": "无行程",
        "salerName": "",
    }


def _vat(invoice: Invoice, seed: int) -> dict[str, Any]:
    return {
        "checkCode": invoice.check_code,
        "drawer": "张会计",
        "invoiceMoney": str(yuan(invoice.amount)),
        "invoiceStatus": _STATES.get(invoice.status, "0"),
        "payee": "",
        "proxyMark": "",
        "reviewer": "",
        "items": [
            {
                "detailAmount": str(yuan(line.amount)),
                "discountType": "",
                "goodsCode": line.goods.code,
                "goodsName": line.goods.name,
                "num": str(line.quantity),
                "specModel": line.goods.spec,
                "taxAmount": str(yuan(line.tax)),
                "taxRate": str(yuan(line.goods.rate) / 100),
                "unit": line.goods.unit,
                "unitPrice": str(line.price),
            }
            for line in lines(invoice, seed)
        ],
    }


def _ticket(invoice: Invoice, kind: str) -> dict[str, Any]:
    trip = invoice.trip
    clock = f"{local(invoice.seen):%H:%M:%S}"
    if kind == "9" and trip:
        return _train(invoice, trip)
    if kind == "10" and trip:
        return _flight(invoice, trip)
    if kind in ("16", "20") and trip:
        return {
            "currencyType": "CNY",
            "passengerName": trip.passenger,
            "stationGetOff": trip.destination,
            "stationGetOn": trip.departure,
            "taxRate": "0",
            "time": f"{trip.leaves:%H:%M:%S}",
            "trip": f"{trip.departure}-{trip.destination}",
        }
    if kind == "8":
        return {
            "licenseNumber": f"浙AT{invoice.index % 10_000:04d}",
            "mileage": f"{invoice.total / 300:.1f}",
            "place": "杭州",
            "price": "2.50",
            "timeGetOff": clock[:5],
            "timeGetOn": clock[:5],
            "trip": "无行程",
        }
    if kind == "14":
        return {"consumptionType": "other", "place": "杭州", "trip": "无行程"}
    if kind == "17":
        return {"entrance": "杭州北", "exit": "德清", "place": "浙江", "time": clock, "trip": "无行程"}
    return {"trip": "" if kind in ("7", "23") else "无行程"}


def _train(invoice: Invoice, trip: Trip) -> dict[str, Any]:
    return {
        "invoiceCode": f"{trip.leaves:%Y%m%d}",
        "passengerName": trip.passenger,
        "printingSequenceNo": invoice.number,
        "seatGrade": trip.seat,
        "stationGetOff": trip.destination,
        "stationGetOn": trip.departure,
        "taxRate": "0.09",
        "trainNum": trip.vehicle,
        "trainTime": f"{trip.leaves:%H:%M:%S}",
        "trip": "无行程",
    }


def _flight(invoice: Invoice, trip: Trip) -> dict[str, Any]:
    return {
        "invoiceCode": f"{trip.leaves:%Y%m%d}",
        "invoiceNo": trip.ticket,
        "amount": str(yuan(trip.fare)),
        "airTime": f"{trip.leaves:%Y-%m-%d}",
        "airportConstructionFee": str(yuan(trip.fund)),
        "customerIdentityNum": trip.identity,
        "destination": trip.destination,
        "electronicTicketNum": invoice.number,
        "fillingUnit": trip.carrier,
        "flightNum": trip.vehicle,
        "fuelSurcharge": str(yuan(trip.fuel)),
        "insurancePremium": "0.00",
        "otherTotalTaxAmount": "0.00",
        "passengerName": trip.passenger,
        "placeOfDeparture": trip.departure,
        "salesUnitCode": "HGH001",
        "seatGrade": "Y",
        "seatGradeName": trip.seat,
        "taxRate": "0.09",
        "trip": f"{trip.departure}-{trip.destination}",
    }
