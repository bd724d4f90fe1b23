"""Judges the input tax of bill invoices set-wise and writes it; gives the defaults of invoices on vouchers."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from apps.accounts.models import Company
from apps.bills.choices import BillInvoiceState, BillState
from apps.bills.models import Bill, BillInvoice
from apps.core.bulk import update_rows
from apps.core.messages import Message

from .gathering import BillFacts, invoice_facts, travel_rules
from .judgement import ZERO, Judgement, Reason, judge

_COLUMNS = ("id", "deductible", "input_tax", "transferred_out", "transfer_out_reason", "tax_reason")
# Pushed to the upstream with the invoice, so in Chinese for every user.
_TRANSFER_OUT = {
    "tax.use.welfare": "集体福利或者个人消费",
    "tax.use.entertainment": "业务招待",
    "tax.use.catering": "餐饮、居民日常或者娱乐服务",
    "tax.use.simplified": "简易计税项目",
    "tax.use.exempt": "免税项目",
    "tax.use.loss": "非正常损失",
    "tax.use.loan_interest": "贷款利息",
    "tax.service": "餐饮、居民日常或者娱乐服务",
    "tax.status": "发票状态异常",
}


@transaction.atomic
def refresh(bill_ids: Collection[int]) -> None:
    """Judge the live invoices of these bills anew. Leaves alone what a person decided, released invoices, and booked
    bills. Runs in the caller's transaction and locks the bills; the number of queries does not depend on the number of
    bills or invoices."""
    unbooked = Bill.objects.select_for_update(of=("self",)).filter(pk__in=bill_ids).exclude(state=BillState.BOOKED)
    bills = {bill.pk: bill for bill in unbooked.select_related("company").order_by("pk")}
    rows = BillInvoice.objects.filter(bill__in=bills, tax_by_hand=False).exclude(state=BillInvoiceState.RELEASED)
    bill_invoices = list(rows.select_related("line").order_by("pk")) if bills else []
    if not bill_invoices:
        return
    for bill_invoice in bill_invoices:
        bill_invoice.bill = bills[bill_invoice.bill_id]
    judgements = judge_all(bill_invoices)
    update_rows(
        "bills_billinvoice",
        _COLUMNS,
        [[bill_invoice.pk, *columns_of(judgements[bill_invoice.pk])] for bill_invoice in bill_invoices],
    )


def judge_all(bill_invoices: Sequence[BillInvoice]) -> dict[int, Judgement]:
    """Bill invoice id → judgement. The shares of an invoice are judged in the order of their ids, so that each knows
    the tax of the ones before it. They come with ``bill.company`` and ``line`` loaded."""
    facts, rules = BillFacts(bill_invoices), travel_rules()
    for bill_invoice in bill_invoices:
        facts.shares.set_tax(bill_invoice.invoice_id, bill_invoice.pk, ZERO)
    judgements: dict[int, Judgement] = {}
    for bill_invoice in sorted(bill_invoices, key=lambda one: one.pk):
        judgement = judge(facts.of(bill_invoice), rules)
        judgements[bill_invoice.pk] = judgement
        tax = abs(judgement.input_tax) + abs(judgement.transferred_out)
        facts.shares.set_tax(bill_invoice.invoice_id, bill_invoice.pk, tax)
    return judgements


def columns_of(judgement: Judgement) -> list[Any]:
    """The values of a bill invoice that a judgement sets, in the order of its columns."""
    return [
        judgement.deductible,
        judgement.input_tax if judgement.deductible else None,
        judgement.transferred_out or None,
        transfer_out_reason(judgement),
        message_of(judgement.reason).stored(),
    ]


def transfer_out_reason(judgement: Judgement) -> str:
    """Why tax is transferred out, for the upstream; '' when none is."""
    why = judgement.reason.params.get("why")
    return _TRANSFER_OUT.get(why.code, "") if judgement.transferred_out and isinstance(why, Reason) else ""


def message_of(reason: Reason) -> Message:
    params = {name: message_of(value) if isinstance(value, Reason) else value for name, value in reason.params.items()}
    return Message(reason.code, params)


def defaults_for(places: Collection[tuple[int, int]]) -> dict[tuple[int, int], Judgement]:
    """(invoice id, company id) → judgement of the whole invoice for a company that books it without a bill. Unknown
    invoices are left out. The number of queries does not depend on the number of places."""
    facts, rules = invoice_facts({invoice for invoice, _company in places}), travel_rules()
    companies = Company.objects.filter(pk__in={company for _invoice, company in places})
    small_scale = dict(companies.values_list("pk", "small_scale"))
    return {
        (invoice, company): judge(replace(facts[invoice], small_scale=small_scale[company]), rules)
        for invoice, company in places
        if invoice in facts
    }
