"""What every write to a bill has in common: the lock, the revision, the timeline, and the word to the ledger."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import QuerySet
from django.utils import timezone

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

SAYS = "bills"  # in the ledger's standings
MOMENTS = {State.SUBMITTED: "submitted_at", State.APPROVED: "approved_at", State.BOOKED: "booked_at"}
_HOW_FAR = (BillInvoiceState.RESERVED, BillInvoiceState.USED, BillInvoiceState.BOOKED)


def name_of(user: User | None) -> str | Message:
    """How a person is called in sentences about them; None is the system."""
    return (user.get_full_name() or user.get_username()) if user else Message("bills.system")


def locked(bill: Bill, revision: int | None = None) -> Bill:
    """The bill as it is now, nobody else's until the transaction ends. Raises HubError when it is an upstream's, or not
    the one that was seen."""
    found = Bill.objects.select_for_update(of=("self",)).select_related("company").get(pk=bill.pk)
    if not found.is_own:
        raise HubError("bills.not_ours", bill=found.number, system=Message(f"bills.origin.{found.origin}"))
    if revision is not None and revision != found.revision:
        last = found.timeline.select_related("user").first()
        raise HubError("bills.changed_meanwhile", bill=found.number, who=name_of(last.user if last else None))
    return found


def editable(bill: Bill, revision: int | None = None) -> Bill:
    """``locked``, and a draft."""
    found = locked(bill, revision)
    if State(found.state) not in EDITABLE:
        raise HubError("bills.not_editable", bill=found.number)
    return found


def line_of(bill: Bill, line: BillLine) -> BillLine:
    """The line as it is now, under the bill's lock. Raises HubError when it is not on the bill (any more)."""
    found = bill.lines.filter(pk=line.pk).first()
    if found is None:
        raise HubError("bills.line_gone", bill=bill.number)
    return found


def record(
    bill: Bill, action: str, user: User | None, code: str, reason: str = "", *, tell: bool = True, **params: object
) -> BillStep:
    """Write down what happened, and raise the revision; saves the whole bill. ``tell`` False: somebody else lets the
    bill's upstream know."""
    bill.revision += 1
    bill.save()
    if tell:
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
    """A line of the timeline."""
    step = noted(bill, action, user, code, reason, **params)
    step.save()
    return step


def noted(bill: Bill, action: str, user: User | None, code: str, reason: str = "", **params: object) -> BillStep:
    """The same unsaved, for many at once."""
    return _step(bill, action, user, HubError(code, **params).message, reason)


def _step(bill: Bill, action: str, user: User | None, message: Message, reason: str = "") -> BillStep:
    return BillStep(
        bill=bill, user=user, action=action, state=bill.state, message=message.stored(), reason=reason[:300]
    )


def live_uses() -> QuerySet[BillInvoice]:
    """Uses that keep other bills away."""
    return BillInvoice.objects.exclude(state=BillInvoiceState.RELEASED).filter(contested=False)


def tell_ledger(invoice_ids: Iterable[int]) -> None:
    """Say of these invoices (as they were picked) how far our use of them has come."""
    ids = set(invoice_ids)
    furthest: dict[int, str] = dict.fromkeys(ids, Expense.UNUSED)
    for pk, state in live_uses().filter(invoice__in=ids).values_list("invoice_id", "state"):
        if furthest[pk] == Expense.UNUSED or _HOW_FAR.index(BillInvoiceState(state)) > _HOW_FAR.index(
            BillInvoiceState(furthest[pk])
        ):
            furthest[pk] = state
    usage.set_usage(SAYS, furthest)


def free(bill_invoices: QuerySet[BillInvoice], user: User | None, *, with_bill: bool = False) -> list[int]:
    """Release these uses; the invoices they held, of which the ledger must be told."""
    live = bill_invoices.exclude(state=BillInvoiceState.RELEASED)
    invoices = list(live.values_list("invoice_id", flat=True))
    live.update(
        state=BillInvoiceState.RELEASED, released_at=timezone.now(), released_by=user, released_with_bill=with_bill
    )
    return invoices
