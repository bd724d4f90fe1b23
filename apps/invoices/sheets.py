"""The list as people take it away: the columns they see, in their language. Both ways hold one chunk in memory.

Numbers of invoices are text in Excel, because it rounds anything beyond fifteen digits.
"""

import csv
import itertools
import tempfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from defusedcsv import csv as safe_csv
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from . import comparison
from .models import Invoice

MOST_ROWS = 1_000_000  # a sheet holds 1 048 576
_CHUNK = 2000
_FIELDS = [field for field in comparison.LABELS if field != "remark"]
_YUAN = {"amount_excl_tax", "tax_amount", "total_amount", "deductible_tax"}
_WIDTHS = {"digital_number": 23, "number": 23, "buyer_name": 32, "seller_name": 32, "kind": 22}


def csv_lines(found: QuerySet[Invoice], sources: Mapping[int, str]) -> Iterator[str]:
    """Lines of a CSV file; the byte order mark tells Excel that it is UTF-8."""
    writer = safe_csv.writer(_Echo(), quoting=csv.QUOTE_MINIMAL)
    yield "\ufeff" + writer.writerow(_header())
    for invoice in _read(found):
        yield writer.writerow(_row(invoice, sources))


def workbook(found: QuerySet[Invoice], sources: Mapping[int, str]) -> IO[bytes]:
    """An Excel file of at most MOST_ROWS invoices, rewound; it disappears when closed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet, bold, yuan = (
            book.add_worksheet(),
            book.add_format({"bold": True}),
            book.add_format({"num_format": "#,##0.00"}),
        )
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(_header()):
            sheet.set_column(column, column, _WIDTHS.get(_FIELDS[column], 14) if column < len(_FIELDS) else 24)
            sheet.write_string(0, column, title, bold)
        for at, invoice in enumerate(_read(found), 1):
            for column, value in enumerate(_row(invoice, sources)):
                if column < len(_FIELDS) and _FIELDS[column] in _YUAN and value not in ("", None):
                    sheet.write_number(at, column, Decimal(value), yuan)
                elif value not in ("", None):
                    sheet.write_string(at, column, str(value))
    file.seek(0)
    return file


def _header() -> list[str]:
    return [*(str(comparison.LABELS[field]) for field in _FIELDS), _("Flags"), _("Sources")]


def _row(invoice: Invoice, sources: Mapping[int, str]) -> list[Any]:
    known_to = ", ".join(sources[pk] for pk in invoice.source_ids if pk in sources)
    return [*(comparison.exported(invoice, field) for field in _FIELDS), " ".join(invoice.flags), known_to]


def _read(found: QuerySet[Invoice]) -> Iterator[Invoice]:
    """Dated ones first, then the undated, through server-side cursors."""
    parts = (found.exclude(issue_date=None), found.filter(issue_date=None))
    return itertools.chain.from_iterable(part.iterator(chunk_size=_CHUNK) for part in parts)


class _Echo:
    """A file whose write gives the text back, so that csv makes lines and nothing is kept."""

    def write(self, text: str) -> str:
        return text
