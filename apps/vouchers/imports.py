"""Vouchers of a file, read into content: the field names of REST, one object a voucher. Pure but for its messages.

A value that cannot be read is a problem of that voucher, with its line; the others are not held up.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from apps.core.errors import BadRecord
from apps.core.messages import Message
from apps.core.workbooks import rounded
from apps.sources import parsing
from apps.sources.pushes import MadeIn

from .content import ZERO, EntryContent

HEAD_TEXTS = {
    "vouch_id": 100,
    "vouch_no": 100,
    "period": 6,
    "type": 50,
    "resource": 10,
    "sup_information": 500,
    "creator": 100,
    "examiner": 100,
    "reviewer": 100,
    "item": 200,
    "account_item": 200,
}
HEAD_DAYS = ("business_date", "account_date")
HEAD_AMOUNTS = ("sup_information_amount", "account_item_amount")
HEAD = (*HEAD_TEXTS, *HEAD_DAYS, *HEAD_AMOUNTS, "attachments_count")
ENTRY_TEXTS = {"summary": 300, "account": 200, "dimension": 500, "currency": 3, "unit": 50}
ENTRY_NUMBERS = {"exchange_rate": 10, "quantity": 18, "price": 18}  # digits before the point
ENTRY = (*ENTRY_TEXTS, *ENTRY_NUMBERS, "debit", "credit", "amount", "due_date")
INVOICE = ("invoice", "deductible", "deduction_tax", "transfer_out_remark")
_RESOURCES = frozenset(MadeIn)
_YES, _NO = ("1", "true", "yes", "y", "是"), ("", "0", "false", "no", "n", "否")
_CENT = Decimal("0.01")
_NAMES = frozenset({"vouch_id", "vouch_no"})


@dataclass(frozen=True)
class NamedInvoice:
    """An invoice by its number as people know it."""

    number: str
    deductible: bool = False
    deduction_tax: Decimal | None = None
    transfer_out_remark: str = ""


@dataclass
class Row:
    """One voucher of a file. ``book``: its id upstream or its name here; ``problems``: what could not be read."""

    line: int
    book: str = ""
    head: dict[str, Any] = field(default_factory=dict)
    entries: list[EntryContent] = field(default_factory=list)
    invoices: list[NamedInvoice] = field(default_factory=list)
    bills: list[str] = field(default_factory=list)
    problems: list[Message] = field(default_factory=list)

    @property
    def name(self) -> str:
        """As people call it: type and number, else its id."""
        named = " ".join(filter(None, (self.head.get("type", ""), self.head.get("vouch_no", ""))))
        return named or str(self.head.get("vouch_id", ""))


def read(raw: Mapping[str, Any], line: int) -> Row:
    """The voucher of one object; whatever is wrong with it stands in ``problems``."""
    row = Row(line)
    known = {"book", "entries", "invoices", "bills", *HEAD}
    row.problems += [Message("voucher_import.unknown_column", {"column": name}) for name in raw if name not in known]
    row.book = parsing.text(raw.get("book"), 100)
    if not row.book:
        row.problems.append(Message("voucher_import.missing", {"column": "book"}))
    for name in HEAD:
        if name in raw:
            _keep(row, partial(row.head.__setitem__, name), _head, name, raw[name])
    if not row.head.get("vouch_id", "-"):
        del row.head["vouch_id"]  # nothing entered: it gets one by itself
    for entry in _objects(row, raw, "entries"):
        _keep(row, row.entries.append, _entry, entry)
    for link in _objects(row, raw, "invoices"):
        _keep(row, row.invoices.append, _invoice, link)
    bills = raw.get("bills") or []
    row.bills = [parsing.text(bill, 100) for bill in bills] if isinstance(bills, list) else [parsing.text(bills, 100)]
    return row


def _keep(row: Row, keep: Callable[[Any], object], parse: Callable[..., Any], *raw: Any) -> None:
    try:
        keep(parse(*raw))
    except BadRecord as error:
        row.problems.append(error.message)


def _objects(row: Row, raw: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = raw.get(name) or []
    if isinstance(found, list) and all(isinstance(one, dict) for one in found):
        return found
    row.problems.append(Message("record.bad_structure", {"field": name}))
    return []


def _head(name: str, value: Any) -> Any:
    if name in HEAD_DAYS:
        return parsing.day(str(value or "").replace("_", "-"), name)
    if name in HEAD_AMOUNTS:
        return parsing.exact_money(value, name)
    if name == "attachments_count":
        return _count(value, name)
    return _text(value, HEAD_TEXTS[name], name) or (MadeIn.PIAOZONE.value if name == "resource" else "")


def _entry(raw: Mapping[str, Any]) -> EntryContent:
    _only(raw, ENTRY, "entries")
    values: dict[str, Any] = {n: _text(raw.get(n), size, f"entries.{n}") for n, size in ENTRY_TEXTS.items()}
    values |= {n: _number(raw.get(n), digits, f"entries.{n}") for n, digits in ENTRY_NUMBERS.items()}
    values["currency"] = values["currency"].upper() or "CNY"
    return EntryContent(
        **values,
        debit=parsing.exact_money(raw.get("debit"), "entries.debit") or ZERO,
        credit=parsing.exact_money(raw.get("credit"), "entries.credit") or ZERO,
        amount=parsing.exact_money(raw.get("amount"), "entries.amount"),
        due_date=parsing.day(raw.get("due_date"), "entries.due_date"),
    )


def _invoice(raw: Mapping[str, Any]) -> NamedInvoice:
    _only(raw, INVOICE, "invoices")
    number = parsing.number_text(raw.get("invoice"), 260)
    if not number:
        raise BadRecord("record.missing", field="invoices.invoice")
    said = parsing.text(raw.get("deductible"), 10).lower()
    if said not in (*_YES, *_NO):
        raise BadRecord("record.bad_choice", field="invoices.deductible", value=said)
    return NamedInvoice(
        number=number,
        deductible=said in _YES,
        deduction_tax=parsing.exact_money(raw.get("deduction_tax"), "invoices.deduction_tax"),
        transfer_out_remark=_text(raw.get("transfer_out_remark"), 300, "invoices.transfer_out_remark"),
    )


def _only(raw: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for name in raw:
        if name not in known:
            raise BadRecord("voucher_import.unknown_column", column=f"{where}.{name}")


def _text(value: Any, size: int, name: str) -> str:
    found = parsing.text(value, size + 1)
    wrong = name == "resource" and found and found not in _RESOURCES
    if len(found) > size or wrong or (name in _NAMES and rounded(found)):
        raise BadRecord("voucher_import.bad_value", column=name, value=found[:60])
    return found


def _number(value: Any, digits: int, name: str) -> Decimal | None:
    number = parsing.decimal(value, name)
    if number is not None and abs(number) >= Decimal(10) ** digits:
        raise BadRecord("record.bad_amount", field=name, value=str(number))
    return number


def _count(value: Any, name: str) -> int:
    number = parsing.decimal(value, name)
    if number is None:
        return 0
    if number != int(number) or not 0 <= number < 100_000:
        raise BadRecord("voucher_import.bad_value", column=name, value=str(number))
    return int(number)
