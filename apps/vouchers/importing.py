"""Imports a file of vouchers in two steps: ``plan`` shows what would be done, ``carry_out`` does it.

A voucher is matched by book and id, else by book, period, type and number. An import makes and changes drafts; booked
vouchers are refused. Both steps run the same checks (``writing.write_errors``), each once for the whole file.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, cast

from django.db import transaction
from django.db.models import Q

from apps.accounts.models import User
from apps.bills.models import Bill
from apps.core.errors import HubError
from apps.core.messages import Message
from apps.invoices.models import Invoice
from apps.invoices.selectors import ledger

from . import checks, imports, locking, selectors, services, writing
from .charts import selectors as chart_selectors
from .charts.chart import Chart
from .choices import Resource, VoucherState
from .content import BookContent, EntryContent, VoucherContent
from .models import AccountBook, Voucher
from .sentences import message_of


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    REFUSED = "refused"


@dataclass
class Planned:
    """The plan for one voucher of the file. ``existing``: the voucher it changes, None for a new one; ``problems``:
    why it is refused; ``notes``: what it lacks to be collected."""

    row: imports.ParsedVoucher
    book: AccountBook | None = None
    existing: Voucher | None = None
    links: list[services.InvoiceLink] = field(default_factory=list)
    bills: list[int] = field(default_factory=list)
    chart: Chart | None = None
    problems: list[Message] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        if self.problems:
            return Outcome.REFUSED
        return Outcome.CHANGED if self.existing else Outcome.NEW

    @property
    def change(self) -> writing.Change:
        return writing.Change(self.row.head, self.row.entries, self.links, self.bills)

    @property
    def content(self) -> VoucherContent:
        book = selectors.book_content(self.book) if self.book else BookContent()
        return VoucherContent(book=book, entries=tuple(self.row.entries), chart=self.chart, **self.row.head)


def plan(raw: Iterable[tuple[int, Mapping[str, Any]]], user: Any) -> list[Planned]:
    """What importing these objects would do. Writes nothing. ``user`` None: a command, which sees everything."""
    rows = [Planned(row) for row in (imports.read(one, line) for line, one in raw)]
    _find_books(rows, user)
    _find_existing(rows)
    _find_invoices(rows, user)
    _find_bills(rows)
    _find_charts(rows)
    closed = selectors.closed_periods({planned.book.pk for planned in rows if planned.book})
    for planned in rows:
        _drop_people(planned)
        _check(planned, closed)
    ready = [planned for planned in rows if planned.outcome != Outcome.REFUSED]
    _refuse(ready, writing.write_errors([_edit(one, None) for one in ready]))
    return rows


@transaction.atomic
def carry_out(planned: Sequence[Planned], user: User | None) -> tuple[int, int]:
    """Make and change the drafts; (number made, number changed). A row that cannot be written gets a problem."""
    ready = [one for one in planned if one.outcome != Outcome.REFUSED]
    vouchers, refused = locking.all_locked({one.existing.pk: one.existing.revision for one in ready if one.existing})
    now = {voucher.pk: voucher for voucher in vouchers}
    for one in ready:
        if one.existing and one.existing.pk in refused:
            one.problems.append(refused[one.existing.pk].message)
        elif one.existing:
            one.existing = now[one.existing.pk]
            one.existing.revision += 1
            _require_draft(one)
    ready = [one for one in ready if one.outcome != Outcome.REFUSED]
    _refuse(ready, writing.write([_edit(one, user) for one in ready], user))
    outcomes = [one.outcome for one in ready]
    return outcomes.count(Outcome.NEW), outcomes.count(Outcome.CHANGED)


def _edit(planned: Planned, user: User | None) -> writing.Edit:
    """The row must not be refused, so that it has a book."""
    if planned.existing:
        return planned.existing, planned.change
    made = writing.new_voucher(cast(AccountBook, planned.book), user)
    if not _made_here(planned):
        made.creator = ""  # unless the file names who prepared it there
    return made, planned.change


def _refuse(planned: Sequence[Planned], errors: Mapping[int, HubError]) -> None:
    """``errors``: index in ``planned`` → error."""
    for index, error in errors.items():
        planned[index].problems.append(error.message)


def _require_draft(planned: Planned) -> None:
    if planned.existing and planned.existing.state != VoucherState.DRAFT:
        codes = {VoucherState.AUDITED: "voucher.is_audited", VoucherState.BOOKED: "voucher.is_booked"}
        code = codes.get(VoucherState(planned.existing.state), "voucher_import.void")
        planned.problems.append(Message(code, {"voucher": str(planned.existing)}))


def _made_here(planned: Planned) -> bool:
    resource = planned.existing.resource if planned.existing else Resource.PIAOZONE
    return bool(planned.row.head.get("resource", resource) == Resource.PIAOZONE)


def _drop_people(planned: Planned) -> None:
    """Leave out names of people of a voucher that is made here: its steps enter them."""
    if not _made_here(planned):
        return
    names = [planned.row.head.pop(name, "") for name in selectors.PEOPLE_FIELDS]
    if any(names):
        planned.notes.append(Message("voucher_import.people"))


def _find_books(rows: Sequence[Planned], user: Any) -> None:
    visible = selectors.books(user) if user is not None else AccountBook.objects.all()
    names = {planned.row.book for planned in rows}
    by_id: dict[str, list[AccountBook]] = defaultdict(list)
    by_name: dict[str, list[AccountBook]] = defaultdict(list)
    for book in visible.filter(Q(account_id__in=names) | Q(name__in=names)).select_related("company", "source"):
        by_id[book.account_id].append(book)
        by_name[book.name].append(book)
    for planned in rows:
        planned.problems += planned.row.problems
        name = planned.row.book
        matches = by_id.get(name) or by_name.get(name, [])
        planned.book = matches[0] if len(matches) == 1 else None
        if name and planned.book is None:
            code = "voucher_import.ambiguous_book" if matches else "voucher_import.unknown_book"
            planned.problems.append(Message(code, {"book": name}))


def _find_existing(rows: Sequence[Planned]) -> None:
    """Match rows with existing vouchers, in two queries."""
    books = {planned.book.pk for planned in rows if planned.book}
    ids = [planned.row.head["vouch_id"] for planned in rows if planned.row.head.get("vouch_id")]
    numbers = [planned.row.head["vouch_no"] for planned in rows if planned.row.head.get("vouch_no")]
    in_books = Voucher.objects.filter(book__in=books)
    by_id = {(v.book_id, v.vouch_id): v for v in in_books.filter(vouch_id__in=ids)}
    not_void = in_books.filter(vouch_no__in=numbers).exclude(state=VoucherState.VOID)
    by_number = {(v.book_id, v.period, v.type, v.vouch_no): v for v in not_void}
    lines: dict[int, int] = {}  # voucher → first line that matches it
    for planned in rows:
        head, book = planned.row.head, planned.book
        if book is None:
            continue
        period = head.get("period") or _month(head.get("account_date"))
        number = (book.pk, period, head.get("type", ""), head.get("vouch_no", ""))
        planned.existing = by_id.get((book.pk, head.get("vouch_id", ""))) or by_number.get(number)
        _require_draft(planned)
        if planned.existing and lines.setdefault(planned.existing.pk, planned.row.line) != planned.row.line:
            about = {"voucher": str(planned.existing), "line": lines[planned.existing.pk]}
            planned.problems.append(Message("voucher_import.twice", about))


def _month(day: Any) -> str:
    return f"{day:%Y%m}" if day else ""


def _find_invoices(rows: Sequence[Planned], user: Any) -> None:
    numbers = {link.number for planned in rows for link in planned.row.invoices}
    visible = ledger(user) if user is not None else Invoice.objects.filter(merged_into=None)
    by_number = Q(digital_number__in=numbers) | Q(number__in=numbers) | Q(key__in=numbers)
    by_name: dict[str, dict[int, str]] = defaultdict(dict)  # number → id → key
    for pk, key, digital, number in visible.filter(by_number).values_list("pk", "key", "digital_number", "number"):
        for name in {key, digital, number} - {""}:
            by_name[name][pk] = key
    for planned in rows:
        for link in planned.row.invoices:
            matches = by_name.get(link.number, {})
            if len(matches) == 1:
                deduction = link.deductible, link.deduction_tax, link.transfer_out_remark
                planned.links.append(services.InvoiceLink(next(iter(matches)), *deduction))
            else:
                planned.problems.append(_no_invoice(link.number, matches))


def _no_invoice(number: str, matches: Mapping[int, str]) -> Message:
    if not matches:
        return Message("voucher_import.unknown_invoice", {"invoice": number})
    return Message("voucher_import.ambiguous_invoice", {"invoice": number, "key": min(matches.values())})


def _find_bills(rows: Sequence[Planned]) -> None:
    """Match bills by number within the company of each row's book."""
    numbers = {number for planned in rows for number in planned.row.bills}
    pairs = Bill.objects.filter(number__in=numbers).values_list("company_id", "number", "pk")
    by_name = {(company, number): pk for company, number, pk in pairs}
    for planned in rows:
        for number in dict.fromkeys(planned.row.bills):
            pk = by_name.get((planned.book.company_id, number)) if planned.book else None
            if pk is not None:
                planned.bills.append(pk)
            elif planned.book:
                planned.problems.append(Message("voucher_import.unknown_bill", {"bill": number}))


def _find_charts(rows: Sequence[Planned]) -> None:
    """Match rows with the chart of their book, in three queries."""
    entries: dict[int, list[EntryContent]] = defaultdict(list)
    for planned in rows:
        if planned.book:
            entries[planned.book.pk] += planned.row.entries
    charts = chart_selectors.charts(entries)
    for planned in rows:
        planned.chart = charts.get(planned.book.pk) if planned.book else None


def _check(planned: Planned, closed: Mapping[int, set[str]]) -> None:
    """A closed or malformed period refuses the row; any other problem is noted, since the draft can be completed."""
    if planned.book is None:
        return
    planned.row.head.setdefault("period", "")
    planned.row.head["period"] = planned.row.head["period"] or _month(planned.row.head.get("account_date"))
    for problem in checks.problems(planned.content, closed[planned.book.pk]):
        message = message_of(problem)
        if problem.code in ("voucher.period_closed", "voucher.bad_period"):
            planned.problems.append(message)
        elif problem.field != "vouch_id":  # generated when it is saved
            planned.notes.append(message)
