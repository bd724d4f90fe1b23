"""What booking and voiding a reversal (红字冲销) changes in the voucher that it reverses.

A booked reversal ends what its original books: bills are bookable again, and invoices as used as without it. Voiding
the reversal restores that, unless another voucher books one of the bills meanwhile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from apps.accounts.models import User
from apps.core.errors import HubError
from apps.outbox.services import PushCommand

from . import bookings, selectors, statuses
from .bookings import Booked, BookingChange
from .choices import VoucherState
from .models import Voucher, VoucherBill


@dataclass(frozen=True)
class Effect:
    """What a reversal changes in what its original books."""

    reversal: Voucher
    change: BookingChange


def ended(vouchers: Sequence[Voucher]) -> dict[int, Effect]:
    """Reversal → its effect, for those of these vouchers that are reversals and about to be booked."""
    originals = _originals([voucher for voucher in vouchers if voucher.state != VoucherState.BOOKED])
    before = bookings.booked_by(list(originals.values()))
    changes = {pk: BookingChange(original, before[original.pk], Booked()) for pk, original in originals.items()}
    return {voucher.pk: Effect(voucher, changes[voucher.pk]) for voucher in vouchers if voucher.pk in changes}


def restored(vouchers: Sequence[Voucher]) -> dict[int, Effect]:
    """Reversal → its effect, for those of these vouchers that are booked reversals and about to be voided."""
    originals = _originals([voucher for voucher in vouchers if voucher.state == VoucherState.BOOKED])
    now = bookings.references_of(list(originals.values())) if originals else {}
    changes = {pk: BookingChange(original, Booked(), now[original.pk]) for pk, original in originals.items()}
    return {voucher.pk: Effect(voucher, changes[voucher.pk]) for voucher in vouchers if voucher.pk in changes}


def follow(effects: Mapping[int, Effect], user: User | None) -> dict[int, list[PushCommand]]:
    """Book or free what the originals of reversals book; reversal → usage updates of that. ``effects``: by the id of
    the reversal. Must run in the vouchers' transaction, after the reversals were saved.

    The updates go in the name of the reversal: the original may have pushed the same ones before.
    """
    if not effects:
        return {}
    changes = [effect.change for effect in effects.values()]
    bookings.apply_changes(changes, user)
    commands = statuses.commands(changes)
    return {
        pk: [_in_its_name(effect.reversal, command) for command in commands[effect.change.voucher.pk]]
        for pk, effect in effects.items()
    }


def _in_its_name(reversal: Voucher, command: PushCommand) -> PushCommand:
    """The command as one of the reversal, which still does not overtake the earlier ones of the original."""
    return replace(
        command,
        subject=f"voucher:{reversal.pk}",
        label=reversal.label,
        revision=reversal.revision,
        ordering_keys=[*command.ordering_keys, command.subject],
    )


def void_refusals(vouchers: Sequence[Voucher]) -> dict[int, HubError]:
    """Voucher → why it must not be voided: it has a live reversal, or it is a reversal and another voucher books a bill
    of its original now."""
    booked = {voucher.pk: voucher for voucher in vouchers if voucher.state == VoucherState.BOOKED}
    live = selectors.live_reversals(booked) if booked else {}
    refused = {
        pk: HubError("voucher.has_reversal", voucher=booked[pk], reversal=reversal) for pk, reversal in live.items()
    }
    originals = {voucher.reversal_of_id: voucher for voucher in booked.values() if voucher.reversal_of_id}
    if not originals:
        return refused
    bills = {link.bill_id: originals[link.voucher_id] for link in VoucherBill.objects.filter(voucher__in=originals)}
    others = VoucherBill.objects.filter(selectors.books_its_bills("voucher"), bill__in=bills)
    for other in others.select_related("voucher", "bill").order_by("pk"):
        reversal = bills[other.bill_id]
        error = HubError("voucher.booked_again", voucher=reversal, bill=other.bill.number, other=other.voucher)
        refused.setdefault(reversal.pk, error)
    return refused


def _originals(vouchers: Sequence[Voucher]) -> dict[int, Voucher]:
    """Reversal → its original, with its book and source. No query without reversals."""
    reversals = {voucher.pk: voucher for voucher in vouchers if voucher.reversal_of_id is not None}
    if not reversals:
        return {}
    originals = Voucher.objects.in_bulk({voucher.reversal_of_id for voucher in reversals.values()})
    books = selectors.books_with_source({original.book_id for original in originals.values()})
    for original in originals.values():
        original.book = books[original.book_id]
    return {pk: originals[voucher.reversal_of_id] for pk, voucher in reversals.items() if voucher.reversal_of_id}
