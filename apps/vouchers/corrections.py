"""Corrects collected vouchers: reverses them in red (红字冲销), and copies vouchers.

A collected voucher is read-only (domain.md). A reversal is another voucher with the same entries in negative amounts.
It starts as a draft and takes the usual steps; when it is booked, bills and invoices of its original are free again.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import HubError

from . import locking, numbering, selectors, writing
from .content import EntryContent, VoucherContent
from .deductions import InvoiceLink
from .models import AccountBook, Voucher, VoucherInvoice
from .states import Action
from .writing import Change

_LONGEST_SUMMARY = 300
_COPIED = ("type", "sup_information", "sup_information_amount", "item", "account_item", "account_item_amount")
_AMOUNTS = ("sup_information_amount", "account_item_amount")


@transaction.atomic
def reverse(pk: int, revision: int | None, user: User | None, day: date | None = None) -> Voucher:
    """Make a draft that reverses a collected voucher. ``day``: its accounting date; None: today.

    Raises HubError when the voucher changed meanwhile, cannot be reversed (see ``refusal``), or the day is in a closed
    period.
    """
    original = locking.locked(pk, revision)
    error = refusal(original)
    if error is not None:
        raise error
    made = writing.new_voucher(original.book, user)
    made.reversal_of = original
    links = [
        InvoiceLink(link.invoice_id, link.deductible, _negative(link.deduction_tax), link.transfer_out_remark)
        for link in VoucherInvoice.objects.filter(voucher=original).order_by("pk")
    ]
    head, entries = _reversed(original, day)
    # Its invoices are attached to the original already.
    made.attachments_by_hand = True
    _write(made, Change(head, entries, links, []), user)
    return made


def refusal(original: Voucher) -> HubError | None:
    """Why this voucher cannot be reversed: it is not collected, reverses another one, or has a live reversal."""
    try:
        locking.require(original, Action.REVERSE)
    except HubError as error:
        return error
    if original.reversal_of_id is not None:
        return HubError("voucher.is_reversal", voucher=original)
    live = selectors.live_reversals([original.pk]).get(original.pk)
    if live is not None:
        return HubError("voucher.reversed_already", voucher=original, reversal=live)
    if original.collected_revision is None:
        return HubError("voucher.not_upstream", voucher=original)
    return None


def preview(original: Voucher, day: date | None = None) -> VoucherContent:
    """The content of the reversal that ``reverse`` would make, without its invoices."""
    content = selectors.content_of(original)
    head, entries = _reversed(original, day)
    return replace(VoucherContent(book=content.book, entries=tuple(entries)), **head)


@transaction.atomic
def copy(voucher: Voucher, user: User | None, day: date | None = None) -> Voucher:
    """Make a draft with the entries of a voucher, whatever its state, without its bills, invoices and number.
    ``day``: its accounting date; None: today. Raises HubError when the day is in a closed period."""
    return draft(voucher.book, _head(voucher, day), selectors.content_of(voucher).entries, user)


def draft(book: AccountBook, head: dict[str, Any], entries: Sequence[EntryContent], user: User | None) -> Voucher:
    """Make a draft of these entries. Raises HubError when its period is closed."""
    made = writing.new_voucher(book, user)
    made.type = numbering.DEFAULT_TYPE
    with transaction.atomic():
        _write(made, Change(head, entries, [], []), user)
    return made


def dates(day: date | None) -> dict[str, Any]:
    """The head fields of a new voucher of this day; None: today."""
    day = day or timezone.localdate()
    return {"business_date": day, "account_date": day, "period": f"{day:%Y%m}"}


def require_unreversed(voucher: Voucher) -> None:
    """Raise HubError ``voucher.has_reversal`` when the voucher has a live reversal, which follows from its content."""
    live = selectors.live_reversals([voucher.pk])
    if live:
        raise HubError("voucher.has_reversal", voucher=voucher, reversal=live[voucher.pk])


def require_reversible_again(voucher: Voucher) -> None:
    """Raise HubError when a void reversal cannot become a draft again: its original is not booked any more, or another
    voucher reverses it meanwhile. The caller has locked both."""
    if voucher.reversal_of_id is None:
        return
    original = Voucher.objects.select_related("book").get(pk=voucher.reversal_of_id)
    error = refusal(original)
    if error is not None:
        raise error


def _reversed(original: Voucher, day: date | None) -> tuple[dict[str, Any], list[EntryContent]]:
    """Head and entries of the reversal of a voucher."""
    head = _head(original, day)
    head |= {name: _negative(getattr(original, name)) for name in _AMOUNTS}
    return head, [negative(entry, summary_of(original, entry)) for entry in selectors.content_of(original).entries]


def negative(entry: EntryContent, summary: str) -> EntryContent:
    """The entry on the same side with all amounts negative, and another summary."""
    return replace(
        entry,
        summary=summary,
        debit=-entry.debit,
        credit=-entry.credit,
        amount=_negative(entry.amount),
        quantity=_negative(entry.quantity),
    )


def summary_of(original: Voucher, entry: EntryContent) -> str:
    """The summary of a reversing entry. It is stored and pushed, so it is in Chinese for every user."""
    period = f"（{original.period[:4]}-{original.period[4:]}）" if original.period else ""
    return f"冲销 {original.name}{period}：{entry.summary}"[:_LONGEST_SUMMARY]


def _head(voucher: Voucher, day: date | None) -> dict[str, Any]:
    return {name: getattr(voucher, name) for name in _COPIED} | dates(day)


def _negative(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else -amount


def _write(voucher: Voucher, change: Change, user: User | None) -> None:
    for error in writing.write([(voucher, change)], user).values():
        raise error
