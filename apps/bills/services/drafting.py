"""Making and changing bills and their lines."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, ProtectedError
from django.utils import timezone

from apps.accounts.models import Company, User
from apps.bills import pushing
from apps.bills.choices import BillInvoiceState, BillState
from apps.bills.covers import services as covers
from apps.bills.models import Bill, BillLine
from apps.bills.selectors import live
from apps.core.bulk import next_ids
from apps.core.errors import HubError
from apps.core.messages import Message

from .writing import editable, free, line_of, locked, record, tell_ledger

EDITABLE_FIELDS = (
    "number",
    "type",
    "title",
    "employee",
    "department",
    "payee",
    "currency",
    "bill_date",
    "amount",
    "source",
)
LINE_FIELDS = ("cost_type", "description", "spent_on", "amount")
_DELETABLE = (BillState.DRAFT, BillState.DISCARDED)


@transaction.atomic
def create_bill(company: Company, user: User | None, **values: Any) -> Bill:
    """A new draft of our own. Without a number it gets one. Raises HubError ``bills.number_taken``."""
    (pk,) = next_ids("bills_bill", 1)
    today = timezone.localdate()
    values.setdefault("bill_date", today)
    number = values.pop("number", "") or f"BX{today:%Y%m}{pk:06d}"
    bill = Bill(pk=pk, company=company, number=number, created_by=user, **values)
    try:
        with transaction.atomic():
            bill.save(force_insert=True)
    except IntegrityError as error:
        raise HubError("bills.number_taken", number=number) from error
    record(bill, "create", user, "bills.was_created")
    return bill


@transaction.atomic
def edit_bill(bill: Bill, user: User | None, revision: int | None = None, **changes: Any) -> Bill:
    """Change fields of EDITABLE_FIELDS of a draft. Raises HubError."""
    found = editable(bill, revision)
    differing = {name: value for name, value in changes.items() if getattr(found, name) != value}
    if differing.keys() - set(EDITABLE_FIELDS):
        raise TypeError(f"not for editing: {differing.keys() - set(EDITABLE_FIELDS)}")
    if not differing:
        return found
    if "source" in differing:
        pushing.leave(found, found.source, user)
    for name, value in differing.items():
        setattr(found, name, value)
    labels = [Message(f"bills.field.{name}") for name in differing]
    try:
        with transaction.atomic():
            record(found, "edit", user, "bills.was_edited", fields=labels)
    except IntegrityError as error:
        raise HubError("bills.number_taken", number=found.number) from error
    return found


@transaction.atomic
def delete_bill(bill: Bill, user: User | None, revision: int | None = None) -> None:
    """Remove a draft or a discarded bill for good; its invoices are free. What it was stays in the audit trail. Raises
    HubError, also when a voucher names it."""
    found = locked(bill, revision)
    if found.state not in _DELETABLE:
        raise HubError("bills.not_editable", bill=found.number)
    freed = free(found.bill_invoices.all(), user)
    pushing.leave(found, found.source, user)
    covers.remove(found)
    try:
        found.delete()
    except ProtectedError as error:
        raise HubError("bills.still_named", bill=bill.number) from error
    tell_ledger(freed)


@transaction.atomic
def put_line(
    bill: Bill, user: User | None, revision: int | None = None, line: BillLine | None = None, **values: Any
) -> BillLine:
    """A new line at the end of a draft, or new LINE_FIELDS of one it has."""
    found = editable(bill, revision)
    if line is None:
        last = found.lines.aggregate(last=Max("position"))["last"] or 0
        line = BillLine(bill=found, position=last + 1)
    else:
        line = line_of(found, line)
    for name in LINE_FIELDS:
        if name in values:
            setattr(line, name, values[name])
    line.save()
    record(found, "line", user, "bills.line_put", position=line.position)
    return line


@transaction.atomic
def drop_line(bill: Bill, line: BillLine, user: User | None, revision: int | None = None) -> Bill:
    """Take a line off a draft. Its invoices stay on the bill, on no line."""
    found = editable(bill, revision)
    line = line_of(found, line)
    position = line.position
    freely = live(found.bill_invoices.filter(line=None)).values("invoice")
    twice = live(line.bill_invoices.filter(invoice__in=freely)).select_related("invoice").first()
    if twice is not None:
        raise HubError("bills.there_already", invoice=str(twice.invoice))
    if found.bill_invoices.filter(line=line).exclude(state=BillInvoiceState.RELEASED).update(line=None):
        pushing.drop_line(found, line.line_key, user)
    found.bill_invoices.filter(line=line).update(line=None)
    found.lines.filter(pk=line.pk).delete()
    record(found, "line", user, "bills.line_dropped", position=position)
    return found
