"""A file of vouchers on its way into the books: first a plan that a person can read, then the same plan carried out.

A voucher is recognised by its book and id, else by book, period, type and number. Drafts are made or changed; what is
booked, an import leaves alone. Plan and deed ask the same questions (``writing.hindrances``), each for the whole file.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Q

from apps.accounts.models import User
from apps.bills.models import Bill
from apps.core.errors import HubError
from apps.core.messages import Message
from apps.invoices.models import Invoice
from apps.invoices.selectors import ledger

from . import checks, imports, locking, selectors, services, writing
from .choices import VoucherState
from .content import BookContent, VoucherContent
from .models import AccountBook, Voucher


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    REFUSED = "refused"


@dataclass
class Planned:
    """What becomes of one voucher of the file. ``problems`` refuse it; ``notes`` say what it lacks to be collected."""

    row: imports.Row
    book: AccountBook | None = None
    held: Voucher | None = None
    links: list[services.InvoiceLink] = field(default_factory=list)
    bills: list[int] = field(default_factory=list)
    problems: list[Message] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        if self.problems:
            return Outcome.REFUSED
        return Outcome.CHANGED if self.held else Outcome.NEW

    @property
    def change(self) -> writing.Change:
        return writing.Change(self.row.head, self.row.entries, self.links, self.bills)

    @property
    def content(self) -> VoucherContent:
        book = selectors.book_content(self.book) if self.book else BookContent()
        return VoucherContent(book=book, entries=tuple(self.row.entries), **self.row.head)


def plan(raw: Iterable[tuple[int, Mapping[str, Any]]], user: Any) -> list[Planned]:
    """What importing these objects would do; ``user`` None for a command, which sees all. Writes nothing."""
    found = [Planned(row) for row in (imports.read(one, line) for line, one in raw)]
    _find_books(found, user)
    _find_held(found)
    _find_invoices(found, user)
    _find_bills(found)
    closed = selectors.closed_periods({planned.book.pk for planned in found if planned.book})
    for planned in found:
        _judge(planned, closed)
    going = [planned for planned in found if planned.outcome != Outcome.REFUSED]
    _refuse(going, writing.hindrances([_wanted(one, None) for one in going]))
    return found


@transaction.atomic
def carry_out(planned: Sequence[Planned], user: User | None) -> tuple[int, int]:
    """Make and change the drafts; (made, changed). What cannot be written any more becomes a problem of its row."""
    going = [one for one in planned if one.outcome != Outcome.REFUSED]
    held, gone = locking.all_locked({one.held.pk: one.held.revision for one in going if one.held})
    now = {voucher.pk: voucher for voucher in held}
    for one in going:
        if one.held and one.held.pk in gone:
            one.problems.append(gone[one.held.pk].message)
        elif one.held:
            one.held = now[one.held.pk]
            one.held.revision += 1
            _require_draft(one)
    going = [one for one in going if one.outcome != Outcome.REFUSED]
    _refuse(going, writing.write([_wanted(one, user) for one in going], user))
    outcomes = [one.outcome for one in going]
    return outcomes.count(Outcome.NEW), outcomes.count(Outcome.CHANGED)


def _wanted(planned: Planned, user: User | None) -> writing.Wanted:
    """For one that is not refused, and so has a book."""
    return planned.held or Voucher(book=planned.book, created_by=user), planned.change


def _refuse(planned: Sequence[Planned], errors: Mapping[int, HubError]) -> None:
    """``errors``: by place in the row."""
    for place, error in errors.items():
        planned[place].problems.append(error.message)


def _require_draft(planned: Planned) -> None:
    if planned.held and planned.held.state != VoucherState.DRAFT:
        planned.problems.append(Message("voucher_import.booked", {"voucher": str(planned.held)}))


def _find_books(found: Sequence[Planned], user: Any) -> None:
    seen = selectors.books(user) if user is not None else AccountBook.objects.all()
    names = {planned.row.book for planned in found}
    by_id: dict[str, list[AccountBook]] = defaultdict(list)
    by_name: dict[str, list[AccountBook]] = defaultdict(list)
    for book in seen.filter(Q(account_id__in=names) | Q(name__in=names)).select_related("company", "source"):
        by_id[book.account_id].append(book)
        by_name[book.name].append(book)
    for planned in found:
        planned.problems += planned.row.problems
        said = planned.row.book
        meant = by_id.get(said) or by_name.get(said, [])
        planned.book = meant[0] if len(meant) == 1 else None
        if said and planned.book is None:
            code = "voucher_import.ambiguous_book" if meant else "voucher_import.unknown_book"
            planned.problems.append(Message(code, {"book": said}))


def _find_held(found: Sequence[Planned]) -> None:
    """The vouchers that are there already, in two queries."""
    books = {planned.book.pk for planned in found if planned.book}
    ids = [planned.row.head["vouch_id"] for planned in found if planned.row.head.get("vouch_id")]
    numbers = [planned.row.head["vouch_no"] for planned in found if planned.row.head.get("vouch_no")]
    held = Voucher.objects.filter(book__in=books)
    by_id = {(v.book_id, v.vouch_id): v for v in held.filter(vouch_id__in=ids)}
    live = held.filter(vouch_no__in=numbers).exclude(state=VoucherState.VOID)
    by_number = {(v.book_id, v.period, v.type, v.vouch_no): v for v in live}
    lines: dict[int, int] = {}  # voucher → the line that names it first
    for planned in found:
        head, book = planned.row.head, planned.book
        if book is None:
            continue
        period = head.get("period") or _month(head.get("account_date"))
        number = (book.pk, period, head.get("type", ""), head.get("vouch_no", ""))
        planned.held = by_id.get((book.pk, head.get("vouch_id", ""))) or by_number.get(number)
        _require_draft(planned)
        if planned.held and lines.setdefault(planned.held.pk, planned.row.line) != planned.row.line:
            about = {"voucher": str(planned.held), "line": lines[planned.held.pk]}
            planned.problems.append(Message("voucher_import.twice", about))


def _month(day: Any) -> str:
    return f"{day:%Y%m}" if day else ""


def _find_invoices(found: Sequence[Planned], user: Any) -> None:
    numbers = {link.number for planned in found for link in planned.row.invoices}
    seen = ledger(user) if user is not None else Invoice.objects.filter(merged_into=None)
    wanted = Q(digital_number__in=numbers) | Q(number__in=numbers) | Q(key__in=numbers)
    by_name: dict[str, dict[int, str]] = defaultdict(dict)  # number → id → key
    for pk, key, digital, number in seen.filter(wanted).values_list("pk", "key", "digital_number", "number"):
        for name in {key, digital, number} - {""}:
            by_name[name][pk] = key
    for planned in found:
        for link in planned.row.invoices:
            meant = by_name.get(link.number, {})
            if len(meant) == 1:
                told = link.deductible, link.deduction_tax, link.transfer_out_remark
                planned.links.append(services.InvoiceLink(next(iter(meant)), *told))
            else:
                planned.problems.append(_no_invoice(link.number, meant))


def _no_invoice(number: str, meant: Mapping[int, str]) -> Message:
    if not meant:
        return Message("voucher_import.unknown_invoice", {"invoice": number})
    return Message("voucher_import.ambiguous_invoice", {"invoice": number, "key": min(meant.values())})


def _find_bills(found: Sequence[Planned]) -> None:
    """Bills by number, of the company of each voucher's book."""
    numbers = {number for planned in found for number in planned.row.bills}
    rows = Bill.objects.filter(number__in=numbers).values_list("company_id", "number", "pk")
    by_name = {(company, number): pk for company, number, pk in rows}
    for planned in found:
        for number in dict.fromkeys(planned.row.bills):
            pk = by_name.get((planned.book.company_id, number)) if planned.book else None
            if pk is not None:
                planned.bills.append(pk)
            elif planned.book:
                planned.problems.append(Message("voucher_import.unknown_bill", {"bill": number}))


def _judge(planned: Planned, closed: Mapping[int, set[str]]) -> None:
    """A closed period refuses; whatever else is missing may be completed in the draft."""
    if planned.book is None:
        return
    planned.row.head.setdefault("period", "")
    planned.row.head["period"] = planned.row.head["period"] or _month(planned.row.head.get("account_date"))
    for problem in checks.problems(planned.content, closed[planned.book.pk]):
        message = Message(problem.code, dict(problem.params))
        if problem.code in ("voucher.period_closed", "voucher.bad_period"):
            planned.problems.append(message)
        elif problem.field != "vouch_id":  # made by itself
            planned.notes.append(message)
