"""Builds the push payload of a voucher from its content. Pure.

An invoice that the upstream system does not know has no serial number and is left out; ``checks`` warns of it.
"""

from apps.sources.pushes import MadeIn, PushedInvoice, VoucherBook, VoucherCollect, VoucherReference

from .content import BookContent, InvoiceContent, VoucherContent


def collect_payload(content: VoucherContent) -> VoucherCollect:
    """The payload of a collect. The content must pass ``checks``, unless the payload is only shown in a preview."""
    return VoucherCollect(
        voucher=VoucherReference(content.vouch_id, content.vouch_no),
        book=_book(content.book),
        business_date=content.business_date,
        account_date=content.account_date,
        period=content.period,
        type=content.type,
        made_in=MadeIn(content.resource),
        supplement=content.sup_information,
        supplement_amount=content.sup_information_amount,
        creator=content.creator,
        examiner=content.examiner,
        reviewer=content.reviewer,
        attachments_count=content.attachments_count,
        item=content.item,
        account_item=content.account_item,
        account_item_amount=content.account_item_amount,
        entries=content.entries,
        bill_keys=tuple(bill.bill_id for bill in content.bills),
        invoices=tuple(_invoice(invoice) for invoice in content.invoices if invoice.serial),
    )


def _book(book: BookContent) -> VoucherBook:
    return VoucherBook(
        account_id=book.account_id,
        system=book.system,
        type=book.type,
        chart_of_accounts=book.chart_of_accounts,
        base_currency=book.base_currency,
        exchange_rate=book.exchange_rate,
        company_id=book.company_id,
        company_number=book.company_number,
        company_name=book.company_name,
    )


def _invoice(invoice: InvoiceContent) -> PushedInvoice:
    return PushedInvoice(
        serial_number=invoice.serial,
        deductible=invoice.deductible,
        input_tax=invoice.deduction_tax if invoice.deductible else None,
        transfer_out_reason=invoice.transfer_out_remark,
    )
