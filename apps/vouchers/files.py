"""Reads a file of vouchers into plain objects.

JSON: a list of objects. Excel: one row per entry; the head fields are repeated or left empty on the following rows.
Headings are field names or their labels in any language.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import IO, Any

import msgspec
from django.conf import settings
from django.utils.translation import override

from apps.bills.models import Bill
from apps.core import workbooks
from apps.core.errors import BadRecord

from . import imports
from .models import AccountBook, Voucher, VoucherEntry, VoucherInvoice

FORMATS = ("json", "xlsx")
MOST = 5000
_decode = msgspec.json.Decoder(float_hook=Decimal).decode
Raw = dict[str, Any]


def vouchers(file: IO[bytes], name: str) -> list[tuple[int, Raw]]:
    """(line, voucher) in the shape that ``imports.read`` takes. Raises BadRecord when the file cannot be read."""
    try:
        rows = list(_json(file) if name.lower().endswith(".json") else _xlsx(file))
    except (
        msgspec.DecodeError,
        UnicodeDecodeError,
        workbooks.UnreadableWorkbookError,
        RecursionError,
    ) as error:
        raise BadRecord("voucher_import.unreadable") from error
    return rows


def _json(file: IO[bytes]) -> Iterator[tuple[int, Raw]]:
    objects = _decode(file.read())
    if isinstance(objects, dict):
        objects = [objects]
    if not isinstance(objects, list) or not all(isinstance(one, dict) for one in objects):
        raise BadRecord("voucher_import.unreadable")
    if len(objects) > MOST:
        raise BadRecord("voucher_import.too_many", most=MOST)
    yield from enumerate(objects, 1)


def _xlsx(file: IO[bytes]) -> Iterator[tuple[int, Raw]]:
    with workbooks.opened(file, values=True) as book:
        if not book.worksheets:
            raise BadRecord("voucher_import.unreadable")
        links = _links(book.worksheets[1]) if len(book.worksheets) > 1 else {}
        current: tuple[int, Raw] | None = None
        count = 0
        for line, row in _rows(book.worksheets[0], (*imports.HEAD, "book", "bills", *imports.ENTRY)):
            head = {name: row[name] for name in (*imports.HEAD, "book") if row.get(name)}
            entry = {name: row[name] for name in imports.ENTRY if row.get(name)}
            if current is None or not _same(current[1], head):
                if current:
                    yield current
                count += 1
                if count > MOST:
                    raise BadRecord("voucher_import.too_many", most=MOST)
                current = line, {**head, "bills": _bills(row), "entries": [], "invoices": links.get(_name(head), [])}
            current[1]["entries"] += [entry] if entry else []
        if current:
            yield current


def _same(voucher: Mapping[str, Any], head: Mapping[str, Any]) -> bool:
    """Whether a row continues the voucher of the row above: it has no number, or the same one."""
    return not _name(head) or (
        _name(head) == _name(voucher)
        and all(head.get(n, voucher.get(n)) == voucher.get(n) for n in ("book", "period", "type"))
    )


def _name(head: Mapping[str, Any]) -> str:
    return str(head.get("vouch_id") or head.get("vouch_no") or "")


def _bills(row: Mapping[str, Any]) -> list[str]:
    return [part for part in str(row.get("bills", "")).replace(";", ",").replace("、", ",").split(",") if part.strip()]


def _links(sheet: Any) -> dict[str, list[Raw]]:
    """Id or number of a voucher → its invoices, from the second sheet."""
    links: dict[str, list[Raw]] = {}
    for _line, row in _rows(sheet, ("vouch_id", "vouch_no", *imports.INVOICE)):
        link = {name: row[name] for name in imports.INVOICE if row.get(name)}
        links.setdefault(_name(row), []).append(link)
    return links


def _rows(sheet: Any, allowed: tuple[str, ...]) -> Iterator[tuple[int, Raw]]:
    rows = workbooks.rows(sheet)
    names = _names(allowed)
    heading = [workbooks.text(value) for value in next(rows, ())]
    unknown = [text for text in heading if text and text.lower() not in names]
    if unknown:
        raise BadRecord("voucher_import.unknown_column", column=unknown[0])
    columns = [names.get(text.lower(), "") for text in heading]
    for line, values in enumerate(rows, 2):
        row = {name: workbooks.text(value) for name, value in zip(columns, values, strict=False) if name}
        if any(row.values()):
            yield line, row


def _names(columns: tuple[str, ...]) -> dict[str, str]:
    """Heading → field name. Headings are the field names and their labels in every language."""
    names = {name: name for name in columns}
    labels = {name: label for name, label in column_labels().items() if name in columns}
    for language, _title in settings.LANGUAGES:
        with override(language):
            names.update({str(label).lower(): name for name, label in labels.items()})
    return names


def column_labels() -> dict[str, Any]:
    """Column of an import → its label (lazy)."""
    labels: dict[str, Any] = {"book": AccountBook._meta.verbose_name, "bills": Bill._meta.verbose_name_plural}
    for model, names in ((Voucher, imports.HEAD), (VoucherEntry, imports.ENTRY), (VoucherInvoice, imports.INVOICE)):
        fields = {column.name: column for column in model._meta.fields}
        labels.update({name: fields[name].verbose_name for name in names})
    return labels
