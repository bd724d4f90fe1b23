"""Exactly what the upstream system is sent for a voucher, in the vendor's names. Pure.

Amounts travel as exact decimal text, dates as yyyy_MM_dd. What nobody entered is left out, except the five fields the
vendor requires and both sides of an entry. Invoices the upstream system does not know have no serial number and cannot
be named there; ``checks`` warns of them.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from .content import BookContent, EntryContent, InvoiceContent, VoucherContent


def collect_payload(content: VoucherContent) -> dict[str, Any]:
    """The body of a voucher collect call. Call it for a voucher that passes ``checks`` only."""
    known = [invoice for invoice in content.invoices if invoice.serial]
    return {
        "accountInfo": _account(content.book),
        "voucherInfo": _voucher(content),
        "companyInfo": _filled(
            companyId=content.book.company_id, number=content.book.company_number, name=content.book.company_name
        ),
        "expenseIdArray": [bill.bill_id for bill in content.bills],
        "serialNoArray": [invoice.serial for invoice in known],
        "invoiceData": [_invoice(invoice) for invoice in known],
    }


def delete_payload(vouch_no: str, vouch_id: str) -> dict[str, Any]:
    """The body of a voucher delete call."""
    return {"vouchNo": vouch_no, "vouchId": vouch_id}


def _account(book: BookContent) -> dict[str, Any]:
    return _filled(
        accountId=book.account_id,
        system=book.system,
        type=book.type,
        subject=book.subject,
        baseCurrency=book.base_currency,
        exchangeRate=book.exchange_rate,
    )


def _voucher(content: VoucherContent) -> dict[str, Any]:
    return {
        "vouchId": content.vouch_id,
        "vouchNo": content.vouch_no,
        "businessDate": _day(content.business_date),
        "accountDate": _day(content.account_date),
        "period": content.period,
        **_filled(
            voucherAccountId=content.book.account_id,
            voucherCompanyId=content.book.company_id,
            type=content.type,
            resource=content.resource,
            supInformation=content.sup_information,
            supInformationAmount=_number(content.sup_information_amount),
            creator=content.creator,
            examiner=content.examiner,
            reviewer=content.reviewer,
            attachmentsCount=str(content.attachments_count),
            item=content.item,
            accountItem=content.account_item,
            accountItemAmount=_number(content.account_item_amount),
        ),
        "entries": [_entry(entry) for entry in content.entries],
    }


def _entry(entry: EntryContent) -> dict[str, Any]:
    return {
        **_filled(
            unit=entry.unit,
            amount=_number(entry.amount),
            exchangeRate=_number(entry.exchange_rate),
            subject=entry.subject,
            price=_number(entry.price),
            accountDimension=entry.dimension,
            dueDate=_day(entry.due_date),
            num=_number(entry.quantity),
            currency=entry.currency,
            abstract=entry.summary,
        ),
        "creditAmount": _number(entry.credit),
        "debitsAmount": _number(entry.debit),
    }


def _invoice(invoice: InvoiceContent) -> dict[str, Any]:
    return {
        "serialNo": invoice.serial,
        "deductionFlag": 1 if invoice.deductible else 0,
        "deductionTaxAmount": _number(invoice.deduction_tax) if invoice.deductible else "0.00",
        "remark": invoice.transfer_out_remark,
    }


def _filled(**fields: str) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value}


def _day(day: date | None) -> str:
    return f"{day:%Y_%m_%d}" if day else ""


def _number(number: Decimal | None) -> str:
    """Exact, never in scientific notation, with at least two decimals; '' for None."""
    if number is None:
        return ""
    whole, _point, decimals = format(number, "f").partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"
