"""Duplicates in the checker: invoices entered a second time, and invoices entered with a typing error.

The system treats a copy as a separate invoice. It is not part of the truth: a ledger must join the first sort to the
true invoice and suspect the second.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from .invoices import Invoice, dice

_ONE_IN_CLAIMED, _ONE_IN_MISTYPED = 15, 25
_LOOK_ALIKES = {"0": "8", "1": "7", "3": "8", "5": "6", "6": "5", "7": "1", "8": "3"}


def copies(invoices: Sequence[Invoice], seed: int) -> Iterator[Invoice]:
    """Copies in the checker, about one for thirty invoices."""
    after, latest = len(invoices) + 5_000_000, max((invoice.seen for invoice in invoices), default=0)
    for invoice in invoices:
        if invoice.trip or invoice.output or invoice.deleted or invoice.status != "normal":
            continue
        if not (invoice.digital or invoice.code) or invoice.kind == "fixed_amount":
            continue
        in_checker = "checker" in invoice.systems
        if in_checker and dice(seed, "claimed twice", invoice.index, _ONE_IN_CLAIMED) == 0:
            yield _entered_again(invoice, after + invoice.index, latest)
        elif not in_checker and dice(seed, "mistyped", invoice.index, _ONE_IN_MISTYPED) == 0:
            yield _mistyped(_entered_again(invoice, after + invoice.index, latest), seed)


def _entered_again(invoice: Invoice, index: int, latest: int) -> Invoice:
    """The same invoice, entered in the checker by another person some days later."""
    later = min(invoice.seen + (2 + index % 9) * 86_400, latest)
    person = f"{invoice.person[0]}经办"
    return replace(invoice, index=index, systems=("checker",), seen=later, person=person, bill="", form="")


def _mistyped(invoice: Invoice, seed: int) -> Invoice:
    """The invoice with one error in its number: a look-alike, two neighbours swapped, or an adjacent key."""
    number = invoice.number if invoice.code else invoice.digital
    sort, place = dice(seed, "slip", invoice.index, 3), len(number) - 2 - dice(seed, "where", invoice.index, 5)
    digit, following = number[place], number[place + 1]
    wrong = number[:place] + str((int(digit) + 1) % 10) + number[place + 1 :]
    if sort == 0 and digit in _LOOK_ALIKES:
        wrong = number[:place] + _LOOK_ALIKES[digit] + number[place + 1 :]
    elif sort == 1 and digit != following:
        wrong = number[:place] + following + digit + number[place + 2 :]
    a_day_off = dice(seed, "day", invoice.index, 4) == 0
    issued = invoice.issued - timedelta(days=1) if a_day_off else invoice.issued
    if invoice.code:
        return replace(invoice, number=wrong, issued=issued)
    return replace(invoice, digital=wrong, issued=issued)
