"""What people and programs do to vouchers. Every change is one transaction with what it tells the upstream system.

A change says which version it was made on; an older one is refused. Nothing changes in a closed period: closing takes
the book's lock alone, every change shares it, so neither can slip past the other.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import HubError

from . import bookings, selectors
from .choices import VoucherState
from .content import EntryContent
from .models import AccountBook, ClosedPeriod, Voucher, VoucherBill, VoucherEntry, VoucherInvoice
from .states import Action, after

_BOOK_LOCK = 7_400
_LOCK_BOOKS = """
SELECT pg_advisory_xact_lock{kind}(%s, id) FROM (SELECT id FROM unnest(%s::int[]) AS asked(id) ORDER BY id) AS books
"""


@dataclass(frozen=True)
class InvoiceLink:
    """An invoice to be booked; see ``models.VoucherInvoice``."""

    invoice_id: int
    deductible: bool = False
    deduction_tax: Decimal | None = None
    transfer_out_remark: str = ""


@dataclass(frozen=True)
class Change:
    """What shall be different. ``head``: fields of ``selectors.HEAD_FIELDS``; ``bills``: ids. Entries, invoices and
    bills replace all that is there; None leaves them alone."""

    head: Mapping[str, Any] = field(default_factory=dict)
    entries: Sequence[EntryContent] | None = None
    invoices: Sequence[InvoiceLink] | None = None
    bills: Sequence[int] | None = None


def create(book: AccountBook, change: Change, user: User | None) -> Voucher:
    """A new draft; it may lack anything. Raises HubError ``voucher.period_closed`` or ``voucher.number_taken``."""
    voucher = Voucher(book=book, created_by=user)
    with transaction.atomic():
        _write(voucher, change)
    return voucher


def update(pk: int, revision: int | None, change: Change, user: User | None) -> Voucher:
    """Change a voucher as it was at ``revision`` (None: whatever it is now). A booked one is queued again.

    Raises HubError: changed meanwhile, void, period closed, number taken; NotReady for a booked one with problems.
    """
    from . import pushing  # it calls back for the lock and the checks of this module

    with transaction.atomic():
        voucher = locked(pk, revision)
        before = bookings.booked_by([voucher])[voucher.pk]
        require(voucher, Action.EDIT)
        if voucher.was_sent and change.head.get("vouch_id", voucher.vouch_id) != voucher.vouch_id:
            raise HubError("voucher.id_fixed", voucher=voucher)
        require_open(voucher.book_id, voucher.period)
        voucher.revision += 1
        _write(voucher, change)
        if voucher.state == VoucherState.BOOKED:
            pushing.send(voucher, before, user)
    return voucher


def discard(pk: int, revision: int | None) -> None:
    """Remove a draft that was never sent; one that was is voided instead. History keeps it."""
    with transaction.atomic():
        voucher = locked(pk, revision)
        require(voucher, Action.DISCARD)
        require_open(voucher.book_id, voucher.period)
        if voucher.ever_sent or voucher.collected_revision is not None:
            raise HubError("voucher.sent_before", voucher=voucher)
        voucher.delete()


def reopen(pk: int, revision: int | None) -> Voucher:
    """Make a void voucher a draft again."""
    with transaction.atomic():
        voucher = locked(pk, revision)
        voucher.state = require(voucher, Action.REOPEN)
        require_open(voucher.book_id, voucher.period)
        voucher.revision += 1
        save(voucher)
    return voucher


def close_period(book: AccountBook, period: str, user: User | None) -> ClosedPeriod:
    """Nothing in this period may change from now on. Raises HubError while vouchers of it are not collected yet."""
    with transaction.atomic():
        _lock_books([book.pk], alone=True)
        unfinished = selectors.unfinished(book, period).count()
        if unfinished:
            raise HubError("voucher.period_with_open_work", period=period, book=book, count=unfinished)
        return ClosedPeriod.objects.get_or_create(book=book, period=period, defaults={"closed_by": user})[0]


def open_period(book: AccountBook, period: str) -> bool:
    """Take a close back; False when it was open."""
    with transaction.atomic():
        _lock_books([book.pk], alone=True)
        return bool(ClosedPeriod.objects.filter(book=book, period=period).delete()[0])


def locked(pk: int, revision: int | None) -> Voucher:
    """One of ``all_locked``. Raises HubError."""
    found, refused = all_locked({pk: revision})
    if pk in refused:
        raise refused[pk]
    return found[0]


def all_locked(wanted: Mapping[int, int | None]) -> tuple[list[Voucher], dict[int, HubError]]:
    """Vouchers, held until the transaction ends, in the order in which they are named; and, by id, why others cannot
    be touched. ``wanted``: id → the version that was seen (None: whatever it is now)."""
    rows = Voucher.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    held = {voucher.pk: voucher for voucher in rows}
    books = selectors.books_with_source({voucher.book_id for voucher in held.values()})
    found, refused = [], {}
    for pk, revision in wanted.items():
        voucher = held.get(pk)
        if voucher is None:
            refused[pk] = HubError("voucher.gone")
        elif revision is not None and voucher.revision != revision:
            refused[pk] = HubError("voucher.changed_meanwhile", voucher=voucher)
        else:
            voucher.book = books[voucher.book_id]
            found.append(voucher)
    return found, refused


def turn(vouchers: Sequence[Voucher], **values: Any) -> None:
    """Give them all the same values, here and in the database, in one statement."""
    values["updated_at"] = timezone.now()
    Voucher.objects.filter(pk__in=[voucher.pk for voucher in vouchers]).update(**values)
    for voucher in vouchers:
        for name, value in values.items():
            setattr(voucher, name, value)


def require(voucher: Voucher, action: Action) -> VoucherState:
    """The state the action leads to. Raises HubError ``voucher.not_possible``."""
    state = after(voucher.state, action)
    if state is None:
        raise HubError("voucher.not_possible", voucher=voucher, state=voucher.get_state_display())
    return VoucherState(state.value)


def _write(voucher: Voucher, change: Change) -> None:
    for name, value in change.head.items():
        if name not in selectors.HEAD_FIELDS:
            raise ValueError(f"a voucher has no field {name!r} to enter")
        setattr(voucher, name, value)
    if not voucher.period and voucher.account_date:
        voucher.period = f"{voucher.account_date:%Y%m}"
    require_open(voucher.book_id, voucher.period)
    if change.entries is not None:
        voucher.total_debit = sum((entry.debit for entry in change.entries), Decimal(0))
        voucher.total_credit = sum((entry.credit for entry in change.entries), Decimal(0))
    save(voucher)
    if change.entries is not None:
        _write_entries(voucher, change.entries)
    if change.invoices is not None:
        _write_invoices(voucher, change.invoices)
    if change.bills is not None:
        voucher.bill_links.exclude(bill__in=change.bills).delete()
        links = [VoucherBill(voucher=voucher, bill_id=bill) for bill in dict.fromkeys(change.bills)]
        VoucherBill.objects.bulk_create(links, ignore_conflicts=True)


def save(voucher: Voucher) -> None:
    """Write the row. Raises HubError ``voucher.number_taken``."""
    try:
        with transaction.atomic():
            voucher.save()
    except IntegrityError as error:
        raise HubError("voucher.number_taken", number=voucher.vouch_no or voucher.vouch_id) from error


def _write_entries(voucher: Voucher, wanted: Sequence[EntryContent]) -> None:
    """Position by position, so that history tells what changed in a line; unchanged lines stay untouched."""
    held = {entry.position: entry for entry in voucher.entries.all()}
    new, changed = [], []
    for position, content in enumerate(wanted, 1):
        values = {name: getattr(content, name) for name in selectors.ENTRY_FIELDS}
        entry = held.pop(position, None)
        if entry is None:
            new.append(VoucherEntry(voucher=voucher, position=position, **values))
        elif any(getattr(entry, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(entry, name, value)
            changed.append(entry)
    VoucherEntry.objects.filter(pk__in=[entry.pk for entry in held.values()]).delete()
    VoucherEntry.objects.bulk_update(changed, selectors.ENTRY_FIELDS)
    VoucherEntry.objects.bulk_create(new)


def _write_invoices(voucher: Voucher, wanted: Sequence[InvoiceLink]) -> None:
    rows = [VoucherInvoice(voucher=voucher, **vars(link)) for link in wanted]
    voucher.invoice_links.exclude(invoice__in=[link.invoice_id for link in wanted]).delete()
    VoucherInvoice.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["voucher", "invoice"],
        update_fields=["deductible", "deduction_tax", "transfer_out_remark"],
    )


def require_open(book_id: int, period: str) -> None:
    """Raises HubError ``voucher.period_closed``; until the transaction ends nobody closes a period of this book."""
    share_books([book_id])
    if period and ClosedPeriod.objects.filter(book=book_id, period=period).exists():
        raise HubError("voucher.period_closed", period=period)


def share_books(book_ids: Collection[int]) -> None:
    """Until the transaction ends nobody closes a period of these books."""
    _lock_books(book_ids, alone=False)


def _lock_books(book_ids: Collection[int], *, alone: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_BOOKS.format(kind="" if alone else "_shared"), [_BOOK_LOCK, sorted(set(book_ids))])
