"""Collecting vouchers into the upstream system and deleting them there, through the outbox.

What is to be sent is written down in the same transaction as the change it tells of. The voucher's ``push_state``
follows from its pushes; the outbox calls ``moved``, in its transaction, when one of them has moved.
"""

from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from apps.accounts.models import User
from apps.bills.models import Bill
from apps.core.errors import HubError
from apps.core.messages import Message
from apps.outbox import services as outbox
from apps.outbox.choices import PushState
from apps.outbox.models import Push
from apps.outbox.selectors import of_subject
from apps.sources.choices import PushKind

from . import bookings, checks, selectors, services
from .choices import VoucherState
from .collecting import collect_payload, delete_payload
from .models import ClosedPeriod, Voucher
from .states import Action, after, push_state
from .statuses import queue_statuses

_WAYS = (PushKind.VOUCHER_COLLECT, PushKind.VOUCHER_DELETE)


class NotReady(HubError):
    """The voucher has problems; ``problems`` are those that stop it."""

    def __init__(self, voucher: Voucher, problems: Sequence[checks.Problem]) -> None:
        self.problems = list(problems)
        reasons = " ".join(sentence(problem) for problem in problems)
        super().__init__("voucher.not_ready", voucher=voucher, reasons=reasons)


def sentence(problem: checks.Problem) -> str:
    """A problem in words; a missing field by the name people know it under."""
    params = dict(problem.params)
    if problem.code == "voucher.missing":
        names = {column.name: column.verbose_name for column in Voucher._meta.fields}
        params["field"] = str(names[params["field"]])
    return str(Message(problem.code, params))


def queue_collect(pk: int, revision: int | None, user: User | None) -> Voucher:
    """Book a voucher and let it be collected. Raises NotReady; HubError when it changed meanwhile or is void."""
    with transaction.atomic():
        voucher = services.locked(pk, revision)
        before = bookings.booked_by(voucher)
        voucher.state = services.require(voucher, Action.COLLECT)
        voucher.booked_by = user
        services.save(voucher)
        send(voucher, before, user)
    return voucher


def send(voucher: Voucher, before: bookings.Booked, user: User | None) -> None:
    """Queue what a booked voucher is now, behind whatever of it is on its way. Must run in the change's transaction."""
    services.require_open(voucher.book_id, voucher.period)
    # Two vouchers that book one bill queue here, so that the second one sees the first.
    list(Bill.objects.select_for_update().filter(voucher_links__voucher=voucher).order_by("pk").values_list("pk"))
    content = selectors.content_of(voucher)
    wrong = checks.blocking(checks.problems(content, selectors.closed_periods(voucher.book)))
    if wrong:
        raise NotReady(voucher, wrong)
    bookings.follow(voucher, before, user)
    _queue(PushKind.VOUCHER_COLLECT, voucher, collect_payload(content), user)
    queue_statuses(voucher, before, user)


def queue_delete(pk: int, revision: int | None, user: User | None) -> Voucher:
    """Void a voucher; one that was booked is deleted upstream, or never sent if it had not gone yet."""
    with transaction.atomic():
        voucher = services.locked(pk, revision)
        before = bookings.booked_by(voucher)
        was_booked = voucher.state == VoucherState.BOOKED
        services.require_open(voucher.book_id, voucher.period)
        voucher.state = services.require(voucher, Action.VOID)
        services.save(voucher)
        bookings.follow(voucher, before, user)
        if was_booked:
            _take_back(voucher, before, user)
    return voucher


def _take_back(voucher: Voucher, before: bookings.Booked, user: User | None) -> None:
    """What has not gone yet is not sent; what has, or may have, is deleted upstream."""
    # In this order: a collect that a worker claims while we look counts as out.
    outbox.cancel_unsent(subject_of(voucher.pk), [PushKind.VOUCHER_COLLECT])
    if not _anything_out(voucher):
        outbox.cancel_unsent(subject_of(voucher.pk), PushKind)
        return
    _queue(PushKind.VOUCHER_DELETE, voucher, delete_payload(voucher.vouch_no, voucher.vouch_id), user)
    queue_statuses(voucher, before, user)


def _queue(kind: PushKind, voucher: Voucher, payload: dict[str, object], user: User | None) -> None:
    """Hand it to the outbox, in order behind the other pushes of this voucher. Raises HubError."""
    book = voucher.book
    if book.source is None:
        raise HubError("voucher.book_without_source")
    outbox.queue(
        source=book.source,
        company=book.company,
        kind=kind,
        subject=subject_of(voucher.pk),
        label=str(voucher),
        payload=payload,
        revision=voucher.revision,
        user=user,
    )


def _anything_out(voucher: Voucher) -> bool:
    """Whether any push of this voucher had an effect upstream, or may have."""
    out = Q(state__in=[PushState.DONE, PushState.SENDING]) | Q(in_doubt=True)
    return Push.objects.filter(out, subject=subject_of(voucher.pk)).exists()


def subject_of(pk: int) -> str:
    """What the outbox calls a voucher."""
    return f"voucher:{pk}"


def timeline(voucher: Voucher) -> list[Push]:
    """The pushes of a voucher, the newest first."""
    return list(of_subject(subject_of(voucher.pk)))


def lock(pk: int) -> None:
    """Take the row that all changes of a voucher queue at."""
    list(Voucher.objects.select_for_update().filter(pk=pk).values_list("pk"))


def moved(pk: int, unsettled: Sequence[Push], latest: Push) -> None:
    """Let a voucher show what its pushes are: called in the transaction in which one of them moved."""
    voucher = Voucher.objects.select_for_update().filter(pk=pk).first()
    if voucher is None:
        return
    if latest.state == PushState.DONE and latest.kind in _WAYS:
        voucher.collected_revision = latest.revision if latest.kind == PushKind.VOUCHER_COLLECT else None
        voucher.ever_sent = True
    kinds = [push.kind for push in unsettled if push.kind in _WAYS]
    problem = any(push.state == PushState.NEEDS_PERSON for push in unsettled)
    held, ever = voucher.collected_revision, voucher.ever_sent
    voucher.push_state = push_state(kinds, problem, held, voucher.revision, ever).value
    voucher.save(update_fields=["collected_revision", "ever_sent", "push_state", "updated_at"])


def reasons_against(vouchers: Sequence[Voucher], action: Action) -> dict[int, str]:
    """Why some of these cannot be collected or voided now, by id, in a fixed number of queries."""
    found: dict[int, str] = {}
    closed: dict[int, set[str]] = defaultdict(set)
    for book, period in ClosedPeriod.objects.filter(book__in={v.book_id for v in vouchers}).values_list(
        "book", "period"
    ):
        closed[book].add(period)
    contents = selectors.contents(vouchers) if action == Action.COLLECT else {}
    for voucher in vouchers:
        if after(voucher.state, action) is None:
            found[voucher.pk] = str(
                Message("voucher.not_possible", {"voucher": str(voucher), "state": voucher.get_state_display()})
            )
        elif action == Action.COLLECT:
            wrong = checks.blocking(checks.problems(contents[voucher.pk], closed[voucher.book_id]))
            found.update({voucher.pk: " ".join(map(sentence, wrong))} if wrong else {})
        elif voucher.period in closed[voucher.book_id]:
            found[voucher.pk] = str(Message("voucher.period_closed", {"period": voucher.period}))
    return found
