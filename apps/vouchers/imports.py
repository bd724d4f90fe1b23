"""Parses the objects of an import file, one per voucher, with the field names of REST. Pure except for messages.

A value that cannot be parsed becomes a problem of its voucher; the other vouchers are not affected.
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
    """An invoice by its number, and the deduction of its tax. ``deductible`` None: nothing is said about it."""

    number: str
    deductible: bool | None = None
    deduction_tax: Decimal | None = None
    transfer_out_remark: str = ""


@dataclass
class ParsedVoucher:
    """One voucher of a file. ``book``: upstream id or name of its book; ``problems``: what could not be parsed."""

    line: int
    book: str = ""
    head: dict[str, Any] = field(default_factory=dict)
    entries: list[EntryContent] = field(default_factory=list)
    invoices: list[NamedInvoice] = field(default_factory=list)
    bills: list[str] = field(default_factory=list)
    problems: list[Message] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Type and number, else the id."""
        type_and_number = " ".join(filter(None, (self.head.get("type", ""), self.head.get("vouch_no", ""))))
        return type_and_number or str(self.head.get("vouch_id", ""))


def read(raw: Mapping[str, Any], line: int) -> ParsedVoucher:
    """Parse one object; errors are added to ``problems`` of the result."""
    voucher = ParsedVoucher(line)
    columns = {"book", "entries", "invoices", "bills", *HEAD}
    voucher.problems += [
        Message("voucher_import.unknown_column", {"column": name}) for name in raw if name not in columns
    ]
    voucher.book = parsing.text(raw.get("book"), 100)
    if not voucher.book:
        voucher.problems.append(Message("voucher_import.missing", {"column": "book"}))
    for name in HEAD:
        counted = name == "attachments_count" and raw.get(name) in (None, "")
        if name in raw and not counted:
            _keep(voucher, partial(voucher.head.__setitem__, name), _head, name, raw[name])
    if not voucher.head.get("vouch_id", "-"):
        del voucher.head["vouch_id"]  # left empty: one is generated
    for entry in _objects(voucher, raw, "entries"):
        _keep(voucher, voucher.entries.append, _entry, entry)
    for link in _objects(voucher, raw, "invoices"):
        _keep(voucher, voucher.invoices.append, _invoice, link)
    bills = raw.get("bills") or []
    voucher.bills = (
        [parsing.text(bill, 100) for bill in bills] if isinstance(bills, list) else [parsing.text(bills, 100)]
    )
    return voucher


def _keep(voucher: ParsedVoucher, keep: Callable[[Any], object], parse: Callable[..., Any], *raw: Any) -> None:
    try:
        keep(parse(*raw))
    except BadRecord as error:
        voucher.problems.append(error.message)


def _objects(voucher: ParsedVoucher, raw: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    objects = raw.get(name) or []
    if isinstance(objects, list) and all(isinstance(one, dict) for one in objects):
        return objects
    voucher.problems.append(Message("record.bad_structure", {"field": name}))
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
    flag = parsing.text(raw.get("deductible"), 10).lower()
    if flag not in (*_YES, *_NO):
        raise BadRecord("record.bad_choice", field="invoices.deductible", value=flag)
    tax = parsing.exact_money(raw.get("deduction_tax"), "invoices.deduction_tax")
    remark = _text(raw.get("transfer_out_remark"), 300, "invoices.transfer_out_remark")
    left_open = not flag and tax is None and not remark
    return NamedInvoice(number, None if left_open else flag in _YES, tax, remark)


def _only(raw: Mapping[str, Any], columns: tuple[str, ...], where: str) -> None:
    for name in raw:
        if name not in columns:
            raise BadRecord("voucher_import.unknown_column", column=f"{where}.{name}")


def _text(value: Any, size: int, name: str) -> str:
    text = parsing.text(value, size + 1)
    wrong = name == "resource" and text and text not in _RESOURCES
    if len(text) > size or wrong or (name in _NAMES and rounded(text)):
        raise BadRecord("voucher_import.bad_value", column=name, value=text[:60])
    return text


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
