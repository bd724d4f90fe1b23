"""Closes gaps in the numbers of a period, which drafts leave that moved to another period or type."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, IntegerField
from django.db.models.functions import Cast

from apps.core.errors import HubError

from . import numbering, writing
from .choices import VoucherState
from .models import AccountBook, ClosedPeriod, Voucher


@dataclass(frozen=True)
class Renumbering:
    """The numbers that would close the gaps of a period. ``moved``: (voucher, its new number), in the order of the new
    numbers; ``gaps``: numbers that stay free, by type, because vouchers that keep theirs come after."""

    moved: Sequence[tuple[Voucher, str]]
    gaps: Mapping[str, Sequence[int]]


def plan(book: AccountBook, period: str) -> Renumbering:
    """How to close the gaps of a period: drafts and audited vouchers that were never sent get the lowest free numbers
    in the order of their dates; all others keep theirs."""
    numbered = Voucher.objects.filter(book=book, period=period, vouch_no__regex=numbering.DIGITS)
    rows = numbered.annotate(value=Cast("vouch_no", IntegerField()))
    by_type: dict[str, list[Voucher]] = defaultdict(list)
    for voucher in rows.order_by(F("account_date").asc(nulls_last=True), "value", "pk"):
        by_type[voucher.type].append(voucher)
    moved: list[tuple[Voucher, str]] = []
    gaps: dict[str, Sequence[int]] = {}
    for type_, vouchers in sorted(by_type.items()):
        fixed = {int(voucher.vouch_no) for voucher in vouchers if not _may_move(voucher)}
        movable = [voucher for voucher in vouchers if _may_move(voucher)]
        width = max(len(voucher.vouch_no) for voucher in vouchers)
        numbers = _lowest_free(fixed, len(movable))
        pairs = [(voucher, str(number).zfill(width)) for voucher, number in zip(movable, numbers, strict=True)]
        moved += [(voucher, number) for voucher, number in pairs if voucher.vouch_no != number]
        used = fixed | set(numbers)
        gaps[type_] = sorted(set(range(1, max(used))) - used)
    return Renumbering(moved, {type_: numbers for type_, numbers in gaps.items() if numbers})


@transaction.atomic
def renumber(book: AccountBook, period: str) -> Renumbering:
    """Carry out ``plan``. Raises HubError ``voucher.period_closed``."""
    list(Voucher.objects.select_for_update().filter(book=book, period=period).order_by("pk").values_list("pk"))
    writing.lock_books([book.pk], exclusive=False)
    numbering.lock([book.pk])
    if ClosedPeriod.objects.filter(book=book, period=period).exists():
        raise HubError("voucher.period_closed", period=period)
    planned = plan(book, period)
    old = [voucher.vouch_no for voucher, _number in planned.moved]
    vouchers = [voucher for voucher, _number in planned.moved]
    for voucher in vouchers:
        voucher.vouch_no, voucher.revision = "", voucher.revision + 1
    numbering.save(vouchers)  # first without, so that two that swap their numbers are never equal
    for voucher, number in planned.moved:
        voucher.vouch_no = number
    numbering.save(vouchers)
    for voucher, number in zip(vouchers, old, strict=True):
        voucher.vouch_no = number  # as the plan has them: the new one stands beside it
    return planned


def _lowest_free(taken: Collection[int], count: int) -> list[int]:
    """The ``count`` lowest positive numbers that are not taken, ascending."""
    return [number for number in range(1, count + len(taken) + 1) if number not in taken][:count]


def _may_move(voucher: Voucher) -> bool:
    kept = voucher.ever_sent or voucher.collected_revision is not None
    return voucher.state in (VoucherState.DRAFT, VoucherState.AUDITED) and numbering.numbered_here(voucher) and not kept
