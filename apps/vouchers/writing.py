"""Writes vouchers with their entries, invoices and bills: many in as many statements as one, each on its own.

``write_errors`` reports beforehand which ones would be refused; ``write`` checks the same under locks and writes the
others. Invoices that the writer may not see stay on a voucher.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Func, Value
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.names import name_of
from apps.core import locks
from apps.core.bulk import update_rows
from apps.core.errors import HubError
from apps.invoices.models import Invoice

from . import attachments, deductions, numbering, selectors
from .choices import Resource, VoucherState
from .content import EntryContent
from .deductions import InvoiceLink
from .models import AccountBook, Voucher, VoucherBill, VoucherEntry, VoucherInvoice

_LOCK_BOOKS = """
SELECT pg_advisory_xact_lock{kind}(%s, id) FROM (SELECT id FROM unnest(%s::int[]) AS asked(id) ORDER BY id) AS books
"""
_TRIES = 3  # before giving up, when others take the numbers while we write
_MOST = Decimal(10) ** 16  # yuan, what a total can hold


@dataclass(frozen=True)
class Change:
    """New values of a voucher. ``head``: some of ``selectors.ENTERED_FIELDS``, for a voucher of another system names of
    people, too; ``attachments_count`` None: count them. ``bills``: ids. Without a number in it, a new period or type
    takes the number away.

    Entries, invoices and bills replace the existing ones, except for invoices that the writer may not see. None: leave
    them unchanged.
    """

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


Edit = tuple[Voucher, Change]  # a new or an existing voucher, and its new values


def new_voucher(book: AccountBook, user: User | None) -> Voucher:
    """An unsaved draft that this person prepares."""
    return Voucher(book=book, created_by=user, creator=name_of(user)[:100])


def write_errors(edits: Sequence[Edit]) -> dict[int, HubError]:
    """Index in ``edits`` → error of those that cannot be written, when done in this order. Only reads."""
    closed = selectors.closed_periods({voucher.book_id for voucher, _change in edits})
    keys = [_keys(voucher, change.head) for voucher, change in edits]
    taken = _taken([key for pair in keys for key in pair])
    errors: dict[int, HubError] = {}
    for index, ((voucher, change), own) in enumerate(zip(edits, keys, strict=True)):
        owner = voucher.pk or -1 - index
        try:
            _require_valid(voucher, change, closed[voucher.book_id])
            if any(taken.get(key, owner) != owner for key in own):
                number = _number(voucher, change.head) or change.head.get("vouch_id", voucher.vouch_id)
                raise HubError("voucher.number_taken", number=number)
        except HubError as error:
            errors[index] = error
        else:
            taken.update(dict.fromkeys(own, owner))
    return errors


def write(edits: Sequence[Edit], user: User | None) -> dict[int, HubError]:
    """Write vouchers, except for refused ones; index in ``edits`` → error. ``user`` None: sees everything.

    Must run in a transaction that has locked the existing vouchers. Prevents closing periods of their books until it
    ends.
    """
    lock_books({voucher.book_id for voucher, _change in edits}, exclusive=False)
    numbered = {voucher.book_id for voucher, change in edits if change.head.get("vouch_no")}
    if numbered:
        numbering.lock(numbered)
    refused: dict[int, HubError] = {}
    for _try in range(_TRIES):
        refused = write_errors(edits)
        valid = [one for index, one in enumerate(edits) if index not in refused]
        try:
            with transaction.atomic():
                _put(valid, user)
        except IntegrityError:  # somebody took a number since the check; now the check sees it
            continue
        return refused
    late = {index: HubError("voucher.number_taken", number=one.vouch_no) for index, (one, _change) in enumerate(edits)}
    return late | refused


def lock_books(book_ids: Collection[int], *, exclusive: bool) -> None:
    """Lock books until the transaction ends: shared by changes, ``exclusive`` for closing and opening periods."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LOCK_BOOKS.format(kind="" if exclusive else "_shared"), [locks.ACCOUNT_BOOK, sorted(set(book_ids))]
        )


def _keys(voucher: Voucher, head: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Unique keys of a voucher: book and id; book, period, type and number when it has a number."""
    number = _number(voucher, head)
    keys: list[tuple[Any, ...]] = [(voucher.book_id, head.get("vouch_id", voucher.vouch_id))]
    if number:
        keys.append((voucher.book_id, _period(voucher, head), head.get("type", voucher.type), number))
    return keys


def _number(voucher: Voucher, head: Mapping[str, Any]) -> str:
    """The entered number, else its own; '' when the voucher leaves the series in which it has that."""
    same = (voucher.period, voucher.type) == (_period(voucher, head), head.get("type", voucher.type))
    number: str = head.get("vouch_no", voucher.vouch_no if same else "")
    return number


def _period(voucher: Voucher, head: Mapping[str, Any]) -> str:
    """yyyyMM; the month of the accounting date when no period was entered."""
    day = head.get("account_date", voucher.account_date)
    return head.get("period", voucher.period) or (f"{day:%Y%m}" if day else "")


def _taken(keys: Sequence[tuple[Any, ...]]) -> dict[tuple[Any, ...], int]:
    """Key → voucher that uses it, for the keys that are in use."""
    in_books = Voucher.objects.filter(book__in={key[0] for key in keys})
    ids = in_books.filter(vouch_id__in={key[-1] for key in keys if len(key) == 2})
    numbers = in_books.filter(vouch_no__in={key[-1] for key in keys if len(key) > 2}).exclude(state=VoucherState.VOID)
    owners: dict[tuple[Any, ...], int] = {tuple(key): pk for pk, *key in ids.values_list("pk", "book_id", "vouch_id")}
    columns = ("pk", "book_id", "period", "type", "vouch_no")
    return owners | {tuple(key): pk for pk, *key in numbers.values_list(*columns)}


def _require_valid(voucher: Voucher, change: Change, closed: Collection[str]) -> None:
    """Check one edit without regard to the others. Raises HubError."""
    head = change.head
    unknown = head.keys() - set(selectors.HEAD_FIELDS)
    if unknown:
        raise ValueError(f"a voucher has no fields {unknown} to enter")
    if head.keys() & set(selectors.PEOPLE_FIELDS) and head.get("resource", voucher.resource) == Resource.PIAOZONE:
        raise ValueError("the steps of a voucher name its people")
    if voucher.was_sent and head.get("vouch_id", voucher.vouch_id) != voucher.vouch_id:
        raise HubError("voucher.id_fixed", voucher=voucher)
    if voucher.pk and voucher.reversal_of_id and (change.entries, change.invoices, change.bills) != (None, None, None):
        raise HubError("voucher.reversal_fixed", voucher=voucher)
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


def _put(edits: Sequence[Edit], user: User | None) -> None:
    """Write all of them, existing ones first: a new one gets its id only when nothing can fail any more."""
    for voucher, change in edits:
        voucher.vouch_no = _number(voucher, change.head)
        attachments.enter(voucher, change.head)
        for name, value in change.head.items():
            if name != "attachments_count":
                setattr(voucher, name, value)
        voucher.period = _period(voucher, {})
        voucher.updated_at = timezone.now()
        if change.entries is not None:
            voucher.total_debit, voucher.total_credit = change.totals
    computed = ("attachments_by_hand", "revision", "total_debit", "total_credit", "updated_at")
    columns = ("id", *selectors.HEAD_FIELDS, *computed)
    old = [voucher for voucher, _change in edits if voucher.pk]
    update_rows("vouchers_voucher", columns, [[getattr(one, name) for name in columns] for one in old])
    if user and old:
        _add_editor(old, user)
    # Sorted, so that two transactions that make vouchers of the same numbers cannot deadlock.
    new = [voucher for voucher, _change in edits if not voucher.pk]
    Voucher.objects.bulk_create(sorted(new, key=lambda one: (one.book_id, one.period, one.type, one.vouch_no)))
    _put_entries([(voucher.pk, change.entries) for voucher, change in edits if change.entries is not None])
    book_of = {voucher.pk: voucher.book_id for voucher, _change in edits}
    links = [(voucher.pk, change.invoices) for voucher, change in edits if change.invoices is not None]
    _put_invoices(links, book_of, user)
    _put_bills([(voucher.pk, change.bills) for voucher, change in edits if change.bills is not None])
    attachments.count([voucher for voucher, change in edits if _may_change_attachments(change)])


def _may_change_attachments(change: Change) -> bool:
    return change.invoices is not None or change.bills is not None or "attachments_count" in change.head


def _add_editor(vouchers: Sequence[Voucher], user: User) -> None:
    """Remember who changed the content, in one statement."""
    others = Voucher.objects.filter(pk__in=[voucher.pk for voucher in vouchers]).exclude(editor_ids__contains=[user.pk])
    others.update(editor_ids=Func(F("editor_ids"), Value(user.pk), function="array_append"))
    for voucher in vouchers:
        voucher.editor_ids = sorted({*voucher.editor_ids, user.pk})


def _put_entries(entries_by_voucher: Sequence[tuple[int, Sequence[EntryContent]]]) -> None:
    """Update entries by position, so that history shows what changed in each; unchanged ones are not written."""
    rows = VoucherEntry.objects.filter(voucher__in=[pk for pk, _entries in entries_by_voucher])
    existing = {(voucher, position): pk for pk, voucher, position in rows.values_list("pk", "voucher_id", "position")}
    new, kept = [], []
    for pk, entries in entries_by_voucher:
        for position, entry in enumerate(entries, 1):
            values = {name: getattr(entry, name) for name in selectors.ENTRY_FIELDS}
            entry_pk = existing.pop((pk, position), None)
            if entry_pk is None:
                new.append(VoucherEntry(voucher_id=pk, position=position, **values))
            else:
                kept.append([entry_pk, *values.values()])
    VoucherEntry.objects.filter(pk__in=existing.values()).delete()
    update_rows("vouchers_voucherentry", ("id", *selectors.ENTRY_FIELDS), kept)
    VoucherEntry.objects.bulk_create(new)


def _put_invoices(links_by_voucher: deductions.LinksByVoucher, book_of: Mapping[int, int], user: User | None) -> None:
    linked = {(pk, link.invoice_id) for pk, links in links_by_voucher for link in links}
    rows = list(VoucherInvoice.objects.filter(voucher__in=[pk for pk, _links in links_by_voucher]))
    links_by_voucher = deductions.filled(links_by_voucher, book_of, rows)
    others = [one for one in rows if (one.voucher_id, one.invoice_id) not in linked]
    visible = selectors.visible_masters({link.invoice_id for link in others}, user) if user else {}
    dropped = [link.pk for link in others if user is None or link.invoice_id in visible]
    VoucherInvoice.objects.filter(pk__in=dropped).delete()
    VoucherInvoice.objects.bulk_create(
        [VoucherInvoice(voucher_id=pk, **vars(link)) for pk, links in links_by_voucher for link in links],
        update_conflicts=True,
        unique_fields=["voucher", "invoice"],
        update_fields=["deductible", "deduction_tax", "transfer_out_remark"],
    )


def _put_bills(bills_by_voucher: Sequence[tuple[int, Sequence[int]]]) -> None:
    rows = VoucherBill.objects.filter(voucher__in=[pk for pk, _bills in bills_by_voucher])
    existing = {(voucher, bill): pk for pk, voucher, bill in rows.values_list("pk", "voucher_id", "bill_id")}
    bill_ids: dict[int, list[int]] = defaultdict(list)
    for pk, bills in bills_by_voucher:
        bill_ids[pk] += dict.fromkeys(bills)
    VoucherBill.objects.filter(
        pk__in=[pk for (one, bill), pk in existing.items() if bill not in bill_ids[one]]
    ).delete()
    links = [VoucherBill(voucher_id=pk, bill_id=bill) for pk, bills in bill_ids.items() for bill in bills]
    VoucherBill.objects.bulk_create([link for link in links if (link.voucher_id, link.bill_id) not in existing])
