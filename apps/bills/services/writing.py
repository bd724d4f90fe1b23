"""The parts that every write to a bill shares: lock, revision, timeline, and the usage in the ledger."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts import names
from apps.accounts.models import User
from apps.bills import pushing
from apps.bills.choices import BillInvoiceState
from apps.bills.models import Bill, BillInvoice, BillLine, BillStep
from apps.bills.states import EDITABLE, Action, State
from apps.core.bulk import update_rows
from apps.core.errors import HubError
from apps.core.messages import Message
from apps.invoices import usage
from apps.invoices.choices import Expense

USAGE_APP = "bills"  # the name of this app in InvoiceUsage
MOMENTS = {State.SUBMITTED: "submitted_at", State.APPROVED: "approved_at", State.BOOKED: "booked_at"}
_HOW_FAR = (BillInvoiceState.RESERVED, BillInvoiceState.USED, BillInvoiceState.BOOKED)


def name_of(user: User | None) -> str | Message:
    """The name of a person in messages; None is the system."""
    return names.name_of(user) or Message("bills.system")


def locked(bill: Bill, revision: int | None = None) -> Bill:
    """The current row of the bill, locked until the transaction ends. Raises HubError for a bill of an upstream, and
    when ``revision`` is not the current one."""
    current = Bill.objects.select_for_update(of=("self",)).select_related("company").get(pk=bill.pk)
    if not current.is_own:
        raise HubError("bills.not_ours", bill=current.number, system=Message(f"bills.origin.{current.origin}"))
    if revision is not None and revision != current.revision:
        last = current.timeline.select_related("user").first()
        raise HubError("bills.changed_meanwhile", bill=current.number, who=name_of(last.user if last else None))
    return current


def editable(bill: Bill, revision: int | None = None) -> Bill:
    """``locked``, and a draft."""
    draft = locked(bill, revision)
    if State(draft.state) not in EDITABLE:
        raise HubError("bills.not_editable", bill=draft.number)
    return draft


def line_of(bill: Bill, line: BillLine) -> BillLine:
    """The current row of the line, under the bill's lock. Raises HubError when the line is not on the bill."""
    current = bill.lines.filter(pk=line.pk).first()
    if current is None:
        raise HubError("bills.line_gone", bill=bill.number)
    return current


def record(
    bill: Bill, action: str, user: User | None, code: str, reason: str = "", *, push: bool = True, **params: object
) -> BillStep:
    """Add a step to the timeline and raise the revision; saves the whole bill. ``push`` False: the caller queues the
    pushes to the bill's upstream."""
    bill.revision += 1
    bill.save()
    if push:
        pushing.follow(bill, action, user)
    return note(bill, action, user, code, reason, **params)


def record_all(
    bills: Sequence[Bill],
    action: Action,
    user: User | None,
    messages: Mapping[int, Message],
    followed: Sequence[Bill],
) -> None:
    """Write down that many bills took the same step. ``messages``: by bill id; ``followed``: the bills whose
    upstream is to know."""
    now = timezone.now()
    for bill in bills:
        bill.revision += 1
        bill.updated_at = now
    columns = ("id", "state", *MOMENTS.values(), "revision", "updated_at")
    update_rows("bills_bill", columns, [[getattr(bill, name) for name in columns] for bill in bills])
    pushing.follow_all(followed, action, user)
    BillStep.objects.bulk_create([_step(bill, action, user, messages[bill.pk]) for bill in bills])


def note(bill: Bill, action: str, user: User | None, code: str, reason: str = "", **params: object) -> BillStep:
    """Save a step of the timeline."""
    step = noted(bill, action, user, code, reason, **params)
    step.save()
    return step


def noted(bill: Bill, action: str, user: User | None, code: str, reason: str = "", **params: object) -> BillStep:
    """An unsaved step, for bulk writes."""
    return _step(bill, action, user, HubError(code, **params).message, reason)


def _step(bill: Bill, action: str, user: User | None, message: Message, reason: str = "") -> BillStep:
    return BillStep(
        bill=bill, user=user, action=action, state=bill.state, message=message.stored(), reason=reason[:300]
    )


def _reservations() -> QuerySet[BillInvoice]:
    """Bill invoices that exclude other bills."""
    return BillInvoice.objects.exclude(state=BillInvoiceState.RELEASED).filter(contested=False)


def update_usage(invoice_ids: Iterable[int]) -> None:
    """Write to the ledger how far the bills' use of these invoices (ids as stored in bill invoices) has come."""
    ids = set(invoice_ids)
    furthest: dict[int, str] = dict.fromkeys(ids, Expense.UNUSED)
    for pk, state in _reservations().filter(invoice__in=ids).values_list("invoice_id", "state"):
        if furthest[pk] == Expense.UNUSED or _HOW_FAR.index(BillInvoiceState(state)) > _HOW_FAR.index(
            BillInvoiceState(furthest[pk])
        ):
            furthest[pk] = state
    usage.set_usage(USAGE_APP, furthest)


def free(bill_invoices: QuerySet[BillInvoice], user: User | None, *, with_bill: bool = False) -> list[int]:
    """Release these bill invoices; the ids of their invoices, for ``update_usage``."""
    live = bill_invoices.exclude(state=BillInvoiceState.RELEASED)
    invoices = list(live.values_list("invoice_id", flat=True))
    live.update(
        state=BillInvoiceState.RELEASED, released_at=timezone.now(), released_by=user, released_with_bill=with_bill
    )
    return invoices
