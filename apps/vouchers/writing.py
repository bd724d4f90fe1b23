"""Writing vouchers with all that is on them: many in as many statements as one, each written or refused for itself.

``hindrances`` says beforehand what would refuse them; ``write`` asks it again under the locks and then writes. What
a person cannot see of a voucher, their change does not take off it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core import locks
from apps.core.bulk import update_rows
from apps.core.errors import HubError
from apps.invoices.models import Invoice

from . import selectors
from .choices import VoucherState
from .content import EntryContent
from .models import Voucher, VoucherBill, VoucherEntry, VoucherInvoice

_LOCK_BOOKS = """
SELECT pg_advisory_xact_lock{kind}(%s, id) FROM (SELECT id FROM unnest(%s::int[]) AS asked(id) ORDER BY id) AS books
"""
_LOOKS = 3  # how often a number may be snatched away while we write, before we give up
_MOST = Decimal(10) ** 16  # yuan, what a total can hold


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
    bills replace all that is there, but for invoices that the writer does not see; None leaves them alone."""

    head: Mapping[str, Any] = field(default_factory=dict)
    entries: Sequence[EntryContent] | None = None
    invoices: Sequence[InvoiceLink] | None = None
    bills: Sequence[int] | None = None

    @property
    def totals(self) -> tuple[Decimal, Decimal]:
        """Debit and credit of the entries, in base currency."""
        entries = self.entries or ()
        zero = Decimal(0)
        return sum((entry.debit for entry in entries), zero), sum((entry.credit for entry in entries), zero)


Wanted = tuple[Voucher, Change]  # a new voucher, or one that is there, and what shall become of it


def hindrances(wanted: Sequence[Wanted]) -> dict[int, HubError]:
    """Why some of these cannot be written one after the other as things are, by their place in the row. Reads only."""
    closed = selectors.closed_periods({voucher.book_id for voucher, _change in wanted})
    keys = [_keys(voucher, change.head) for voucher, change in wanted]
    taken = _taken([key for pair in keys for key in pair])
    found: dict[int, HubError] = {}
    for place, ((voucher, change), own) in enumerate(zip(wanted, keys, strict=True)):
        owner = voucher.pk or -1 - place
        try:
            _require_fitting(voucher, change, closed[voucher.book_id])
            if any(taken.get(key, owner) != owner for key in own):
                number = change.head.get("vouch_no", voucher.vouch_no)
                raise HubError("voucher.number_taken", number=number or change.head.get("vouch_id", voucher.vouch_id))
        except HubError as error:
            found[place] = error
        else:
            taken.update(dict.fromkeys(own, owner))
    return found


def write(wanted: Sequence[Wanted], user: User | None) -> dict[int, HubError]:
    """Write those that can be; why the others cannot, by place. ``user`` None sees everything.

    Must run in a transaction that holds the vouchers which are there already; nobody closes a period of their books
    until it ends.
    """
    lock_books({voucher.book_id for voucher, _change in wanted}, alone=False)
    refused: dict[int, HubError] = {}
    for _look in range(_LOOKS):
        refused = hindrances(wanted)
        going = [one for place, one in enumerate(wanted) if place not in refused]
        try:
            with transaction.atomic():
                _put(going, user)
        except IntegrityError:  # somebody took a number since we looked; by now it can be seen
            continue
        return refused
    late = {place: HubError("voucher.number_taken", number=one.vouch_no) for place, (one, _change) in enumerate(wanted)}
    return late | refused


def lock_books(book_ids: Collection[int], *, alone: bool) -> None:
    """Until the transaction ends nobody closes a period of these books; ``alone``: nobody else changes anything."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_BOOKS.format(kind="" if alone else "_shared"), [locks.ACCOUNT_BOOK, sorted(set(book_ids))])


def _keys(voucher: Voucher, head: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """What no two vouchers of a book share: the id, and period, type and number where there is a number."""
    number = head.get("vouch_no", voucher.vouch_no)
    found: list[tuple[Any, ...]] = [(voucher.book_id, head.get("vouch_id", voucher.vouch_id))]
    if number:
        found.append((voucher.book_id, _period(voucher, head), head.get("type", voucher.type), number))
    return found


def _period(voucher: Voucher, head: Mapping[str, Any]) -> str:
    """yyyyMM; where none was entered, that of the accounting date."""
    day = head.get("account_date", voucher.account_date)
    return head.get("period", voucher.period) or (f"{day:%Y%m}" if day else "")


def _taken(keys: Sequence[tuple[Any, ...]]) -> dict[tuple[Any, ...], int]:
    """Which of these are in use, and by which voucher."""
    held = Voucher.objects.filter(book__in={key[0] for key in keys})
    ids = held.filter(vouch_id__in={key[-1] for key in keys if len(key) == 2})
    numbers = held.filter(vouch_no__in={key[-1] for key in keys if len(key) > 2}).exclude(state=VoucherState.VOID)
    found: dict[tuple[Any, ...], int] = {tuple(key): pk for pk, *key in ids.values_list("pk", "book_id", "vouch_id")}
    columns = ("pk", "book_id", "period", "type", "vouch_no")
    return found | {tuple(key): pk for pk, *key in numbers.values_list(*columns)}


def _require_fitting(voucher: Voucher, change: Change, closed: Collection[str]) -> None:
    """Raises HubError for what is wrong with this one alone."""
    head = change.head
    unknown = head.keys() - set(selectors.HEAD_FIELDS)
    if unknown:
        raise ValueError(f"a voucher has no fields {unknown} to enter")
    if voucher.was_sent and head.get("vouch_id", voucher.vouch_id) != voucher.vouch_id:
        raise HubError("voucher.id_fixed", voucher=voucher)
    for period in (voucher.period, _period(voucher, head)):
        if period in closed:
            raise HubError("voucher.period_closed", period=period)
    seen: set[int] = set()
    for link in change.invoices or ():
        if link.invoice_id in seen:
            raise HubError("voucher.invoice_twice", invoice=Invoice.objects.get(pk=link.invoice_id))
        seen.add(link.invoice_id)
    if max(map(abs, change.totals)) >= _MOST:
        raise HubError("voucher.too_large")


def _put(wanted: Sequence[Wanted], user: User | None) -> None:
    """All of them, new and old. Old ones first: what is new has no id until nothing can go wrong any more."""
    for voucher, change in wanted:
        for name, value in change.head.items():
            setattr(voucher, name, value)
        voucher.period = _period(voucher, {})
        voucher.updated_at = timezone.now()
        if change.entries is not None:
            voucher.total_debit, voucher.total_credit = change.totals
    columns = ("id", *selectors.HEAD_FIELDS, "revision", "total_debit", "total_credit", "updated_at")
    old = [voucher for voucher, _change in wanted if voucher.pk]
    update_rows("vouchers_voucher", columns, [[getattr(one, name) for name in columns] for one in old])
    # In one order, so that two who make vouchers of the same numbers wait for each other and not in a circle.
    new = [voucher for voucher, _change in wanted if not voucher.pk]
    Voucher.objects.bulk_create(sorted(new, key=lambda one: (one.book_id, one.period, one.type, one.vouch_no)))
    _put_entries([(voucher.pk, change.entries) for voucher, change in wanted if change.entries is not None])
    _put_invoices([(voucher.pk, change.invoices) for voucher, change in wanted if change.invoices is not None], user)
    _put_bills([(voucher.pk, change.bills) for voucher, change in wanted if change.bills is not None])


def _put_entries(wanted: Sequence[tuple[int, Sequence[EntryContent]]]) -> None:
    """Position by position, so that history tells what changed in a line; unchanged lines stay untouched."""
    rows = VoucherEntry.objects.filter(voucher__in=[pk for pk, _entries in wanted])
    held = {(voucher, position): pk for pk, voucher, position in rows.values_list("pk", "voucher_id", "position")}
    new, kept = [], []
    for pk, entries in wanted:
        for position, entry in enumerate(entries, 1):
            values = {name: getattr(entry, name) for name in selectors.ENTRY_FIELDS}
            there = held.pop((pk, position), None)
            if there is None:
                new.append(VoucherEntry(voucher_id=pk, position=position, **values))
            else:
                kept.append([there, *values.values()])
    VoucherEntry.objects.filter(pk__in=held.values()).delete()
    update_rows("vouchers_voucherentry", ("id", *selectors.ENTRY_FIELDS), kept)
    VoucherEntry.objects.bulk_create(new)


def _put_invoices(wanted: Sequence[tuple[int, Sequence[InvoiceLink]]], user: User | None) -> None:
    named = {(pk, link.invoice_id) for pk, links in wanted for link in links}
    rows = VoucherInvoice.objects.filter(voucher__in=[pk for pk, _links in wanted])
    others = [one for one in rows.only("voucher_id", "invoice_id") if (one.voucher_id, one.invoice_id) not in named]
    seen = selectors.living_seen({link.invoice_id for link in others}, user) if user else {}
    gone = [link.pk for link in others if user is None or link.invoice_id in seen]
    VoucherInvoice.objects.filter(pk__in=gone).delete()
    VoucherInvoice.objects.bulk_create(
        [VoucherInvoice(voucher_id=pk, **vars(link)) for pk, links in wanted for link in links],
        update_conflicts=True,
        unique_fields=["voucher", "invoice"],
        update_fields=["deductible", "deduction_tax", "transfer_out_remark"],
    )


def _put_bills(wanted: Sequence[tuple[int, Sequence[int]]]) -> None:
    rows = VoucherBill.objects.filter(voucher__in=[pk for pk, _bills in wanted])
    held = {(voucher, bill): pk for pk, voucher, bill in rows.values_list("pk", "voucher_id", "bill_id")}
    named: dict[int, list[int]] = defaultdict(list)
    for pk, bills in wanted:
        named[pk] += dict.fromkeys(bills)
    VoucherBill.objects.filter(pk__in=[pk for (one, bill), pk in held.items() if bill not in named[one]]).delete()
    links = [VoucherBill(voucher_id=pk, bill_id=bill) for pk, bills in named.items() for bill in bills]
    VoucherBill.objects.bulk_create([link for link in links if (link.voucher_id, link.bill_id) not in held])
