"""Creating, changing and deleting bills and their lines."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, ProtectedError
from django.utils import timezone

from apps.accounts.models import Company, User
from apps.bills import pushing
from apps.bills.choices import BillInvoiceState, BillState
from apps.bills.covers import services as covers
from apps.bills.input_tax.services import refresh
from apps.bills.models import Bill, BillLine
from apps.bills.selectors import live
from apps.core.bulk import next_ids
from apps.core.errors import HubError
from apps.core.messages import Message

from .placing import place
from .writing import editable, free, line_of, locked, note, record, update_usage

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
LINE_FIELDS = ("cost_type", "description", "spent_on", "amount", "without_invoice_reason")
_DELETABLE = (BillState.DRAFT, BillState.DISCARDED)


@transaction.atomic
def create_bill(company: Company, user: User | None, **values: Any) -> Bill:
    """Create a draft of our own; without a number it gets the next one. Raises HubError ``bills.number_taken``."""
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
    draft = editable(bill, revision)
    differing = {name: value for name, value in changes.items() if getattr(draft, name) != value}
    if differing.keys() - set(EDITABLE_FIELDS):
        raise TypeError(f"not for editing: {differing.keys() - set(EDITABLE_FIELDS)}")
    if not differing:
        return draft
    if "source" in differing:
        pushing.leave(draft, draft.source, user)
    for name, value in differing.items():
        setattr(draft, name, value)
    labels = [Message(f"bills.field.{name}") for name in differing]
    try:
        with transaction.atomic():
            record(draft, "edit", user, "bills.was_edited", fields=labels)
    except IntegrityError as error:
        raise HubError("bills.number_taken", number=draft.number) from error
    return draft


@transaction.atomic
def delete_bill(bill: Bill, user: User | None, revision: int | None = None) -> None:
    """Delete a draft or a discarded bill and release its invoices; the audit trail keeps its values. Raises HubError,
    also when a voucher names the bill."""
    current = locked(bill, revision)
    if current.state not in _DELETABLE:
        raise HubError("bills.not_editable", bill=current.number)
    freed = free(current.bill_invoices.all(), user)
    pushing.leave(current, current.source, user)
    covers.remove(current)
    try:
        current.delete()
    except ProtectedError as error:
        raise HubError("bills.named_by_voucher", bill=bill.number) from error
    update_usage(freed)


@transaction.atomic
def put_line(
    bill: Bill, user: User | None, revision: int | None = None, line: BillLine | None = None, **values: Any
) -> BillLine:
    """Add a line at the end of a draft, or change LINE_FIELDS of one of its lines. A new line makes new proposals for
    the invoices whose line no person chose."""
    draft = editable(bill, revision)
    is_new = line is None
    if line is None:
        last = draft.lines.aggregate(last=Max("position"))["last"] or 0
        line = BillLine(bill=draft, position=last + 1)
    else:
        line = line_of(draft, line)
    for name in LINE_FIELDS:
        if name in values:
            setattr(line, name, values[name])
    line.save()
    placed = place(draft) if is_new else 0
    refresh([draft.pk])
    record(draft, "line", user, "bills.line_put", position=line.position)
    if placed:
        note(draft, "adjust", user, "bills.was_placed", count=placed)
    return line


@transaction.atomic
def drop_line(bill: Bill, line: BillLine, user: User | None, revision: int | None = None) -> Bill:
    """Delete a line of a draft. Its invoices stay on the bill: on the lines proposed for them, without a line when none
    is left."""
    draft = editable(bill, revision)
    line = line_of(draft, line)
    position = line.position
    on_no_line = live(draft.bill_invoices.filter(line=None)).values("invoice")
    duplicate = live(line.bill_invoices.filter(invoice__in=on_no_line)).select_related("invoice").first()
    if duplicate is not None:
        raise HubError("bills.on_line_already", invoice=str(duplicate.invoice))
    if draft.bill_invoices.filter(line=line).exclude(state=BillInvoiceState.RELEASED).update(line=None):
        pushing.drop_line(draft, line.line_key, user)
    draft.bill_invoices.filter(line=line).update(line=None)
    draft.lines.filter(pk=line.pk).delete()
    placed = place(draft)
    refresh([draft.pk])
    record(draft, "line", user, "bills.line_dropped", position=position)
    if placed:
        note(draft, "adjust", user, "bills.was_placed", count=placed)
    return draft
