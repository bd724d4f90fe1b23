"""Builds the request bodies of pushes, in the vendor's names, without credentials. Pure.

Names are sorted, so that equal payloads give equal bytes. In vouchers, empty values are left out, except for the five
fields that the vendor requires and debit and credit of an entry; days are written yyyy_MM_dd. Facts:
``docs/upstreams/piaozone.md``.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec

from apps.sources.choices import PushKind
from apps.sources.pushes import (
    ZERO,
    BillLineRemoval,
    BillLines,
    BillReference,
    BillRemoval,
    Cover,
    EntryContent,
    Payload,
    PushedInvoice,
    UsageUpdate,
    VoucherBook,
    VoucherCollect,
    VoucherVoid,
    decimal_text,
)

from .codes import BILL_TYPE_CODES, EXPENSE_STATUS_CODES, MADE_IN_CODES, VOUCHER_AS_BILL


def body(kind: str, payload: Payload) -> dict[str, Any]:
    """The request body of a push of this kind."""
    named: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(_BODIES[kind](payload), order="sorted"))
    return named


def _cached_lines(payload: BillLines) -> dict[str, Any]:
    lines = [{"entryid": line.line_key, "fid": line.serial_numbers} for line in payload.lines]
    return {**_bill(payload.bill), "data": lines}


def _saved_lines(payload: BillLines) -> dict[str, Any]:
    lines = [
        {"entryid": line.line_key, "fid": line.serial_numbers, "costTypeId": "", "costTypeName": line.cost_type}
        for line in payload.lines
    ]
    return {**_bill(payload.bill), **_cover(payload.cover), "data": lines}


def _cover(cover: Cover | None) -> dict[str, str]:
    if cover is None:
        return {}
    return {"coverBase64": cover.base64, "coverFileType": cover.file_type, "coverNumber": cover.number}


def _line_removal(payload: BillLineRemoval) -> dict[str, Any]:
    """The vendor's sample and table disagree on the name of the field: both are sent."""
    return {**_bill(payload.bill), "branch_id": payload.line_key, "entryid": payload.line_key}


def _bill_removal(payload: BillRemoval) -> dict[str, Any]:
    return _bill(payload.bill)


def _status(payload: UsageUpdate) -> dict[str, Any]:
    """A usage update. The vendor requires a bill: without one, the voucher takes its place."""
    if payload.bill is not None:
        named = _bill(payload.bill)
    elif payload.voucher is not None:
        voucher = payload.voucher
        named = {"billnumber": voucher.number, "bxd_key": voucher.voucher_id, "billTypeId": VOUCHER_AS_BILL}
    else:
        raise ValueError("a usage update names a bill or a voucher")
    invoices = [_decision(invoice) for invoice in payload.invoices]
    return {**named, "expenseStatus": EXPENSE_STATUS_CODES[payload.status], "invoiceData": invoices}


def _decision(invoice: PushedInvoice) -> dict[str, str]:
    """The deduction; {} when it is not decided."""
    if invoice.deductible is None:
        return {"serialNo": invoice.serial_number}
    booked = invoice.input_tax if invoice.deductible and invoice.input_tax is not None else ZERO
    return {
        "serialNo": invoice.serial_number,
        "canBeDeduction": "1" if invoice.deductible else "0",
        "entryAmount": f"{booked:.2f}",
        "outputReason": invoice.transfer_out_reason,
    }


def _bill(bill: BillReference) -> dict[str, Any]:
    return {"billnumber": bill.number, "bxd_key": bill.external_key, "billTypeId": BILL_TYPE_CODES[bill.type]}


def _voucher_void(payload: VoucherVoid) -> dict[str, Any]:
    return {"vouchNo": payload.voucher.number, "vouchId": payload.voucher.voucher_id}


def _voucher_collect(payload: VoucherCollect) -> dict[str, Any]:
    book = payload.book
    return {
        "accountInfo": _account(book),
        "voucherInfo": _voucher(payload),
        "companyInfo": _filled(companyId=book.company_id, number=book.company_number, name=book.company_name),
        "expenseIdArray": payload.bill_keys,
        "serialNoArray": [invoice.serial_number for invoice in payload.invoices],
        "invoiceData": [_deduction(invoice) for invoice in payload.invoices],
    }


def _account(book: VoucherBook) -> dict[str, str]:
    return _filled(
        accountId=book.account_id,
        system=book.system,
        type=book.type,
        subject=book.chart_of_accounts,
        baseCurrency=book.base_currency,
        exchangeRate=book.exchange_rate,
    )


def _voucher(payload: VoucherCollect) -> dict[str, Any]:
    return {
        "vouchId": payload.voucher.voucher_id,
        "vouchNo": payload.voucher.number,
        "businessDate": _day(payload.business_date),
        "accountDate": _day(payload.account_date),
        "period": payload.period,
        **_filled(
            voucherAccountId=payload.book.account_id,
            voucherCompanyId=payload.book.company_id,
            type=payload.type,
            resource=MADE_IN_CODES[payload.made_in],
            supInformation=payload.supplement,
            supInformationAmount=decimal_text(payload.supplement_amount),
            creator=payload.creator,
            examiner=payload.examiner,
            reviewer=payload.reviewer,
            attachmentsCount=str(payload.attachments_count),
            item=payload.item,
            accountItem=payload.account_item,
            accountItemAmount=decimal_text(payload.account_item_amount),
        ),
        "entries": [_entry(entry) for entry in payload.entries],
    }


def _entry(entry: EntryContent) -> dict[str, str]:
    return {
        **_filled(
            unit=entry.unit,
            amount=decimal_text(entry.amount),
            exchangeRate=decimal_text(entry.exchange_rate),
            subject=entry.account,
            price=decimal_text(entry.price),
            accountDimension=entry.dimension,
            dueDate=_day(entry.due_date),
            num=decimal_text(entry.quantity),
            currency=entry.currency,
            abstract=entry.summary,
        ),
        "creditAmount": decimal_text(entry.credit),
        "debitsAmount": decimal_text(entry.debit),
    }


def _deduction(invoice: PushedInvoice) -> dict[str, Any]:
    return {
        "serialNo": invoice.serial_number,
        "deductionFlag": 1 if invoice.deductible else 0,
        "deductionTaxAmount": decimal_text(invoice.input_tax) if invoice.deductible else "0.00",
        "remark": invoice.transfer_out_reason,
    }


def _filled(**fields: str) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value}


def _day(day: date | None) -> str:
    return f"{day:%Y_%m_%d}" if day else ""


_BODIES: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    PushKind.VOUCHER_COLLECT: _voucher_collect,
    PushKind.VOUCHER_VOID: _voucher_void,
    PushKind.INVOICE_STATUS: _status,
    PushKind.BILL_LINES_CACHE: _cached_lines,
    PushKind.BILL_LINES_SAVE: _saved_lines,
    PushKind.BILL_LINE_REMOVE: _line_removal,
    PushKind.BILL_REMOVE: _bill_removal,
}
