"""The invoice list as a CSV or Excel file in the reader's language. Both writers hold one chunk in memory.

Numbers of invoices are text in Excel, because it rounds anything beyond fifteen digits.
"""

import csv
import itertools
import tempfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import IO

import xlsxwriter
from defusedcsv import csv as safe_csv
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from . import comparison
from .fields import FIELDS_BY_NAME
from .models import Invoice

MOST_ROWS = 1_000_000  # a sheet holds 1 048 576
_CHUNK = 2000
_FIELDS = [name for name in comparison.LABELS if name != "remark"]
_WIDTHS = {"digital_number": 23, "number": 23, "buyer_name": 32, "seller_name": 32, "kind": 22}


def csv_lines(invoices: QuerySet[Invoice], sources: Mapping[int, str]) -> Iterator[str]:
    """Lines of a CSV file; the byte order mark tells Excel that it is UTF-8."""
    writer = safe_csv.writer(_Echo(), quoting=csv.QUOTE_MINIMAL)
    yield "\ufeff" + writer.writerow(_header())
    for invoice in _read(invoices):
        yield writer.writerow(_row(invoice, sources))


def workbook(invoices: QuerySet[Invoice], sources: Mapping[int, str]) -> IO[bytes]:
    """An Excel file of at most MOST_ROWS invoices, rewound; it disappears when closed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        amount = book.add_format({"num_format": "#,##0.00"})
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(_header()):
            sheet.set_column(column, column, _WIDTHS.get(_FIELDS[column], 14) if column < len(_FIELDS) else 24)
            sheet.write_string(0, column, title, bold)
        for at, invoice in enumerate(_read(invoices), 1):
            for column, value in enumerate(_row(invoice, sources)):
                if not value:
                    continue
                if column < len(_FIELDS) and FIELDS_BY_NAME[_FIELDS[column]].is_amount:
                    sheet.write_number(at, column, Decimal(value), amount)
                else:
                    sheet.write_string(at, column, value)
    file.seek(0)
    return file


def _header() -> list[str]:
    return [*(str(comparison.LABELS[name]) for name in _FIELDS), _("Flags"), _("Sources")]


def _row(invoice: Invoice, sources: Mapping[int, str]) -> list[str]:
    source_names = ", ".join(sources[pk] for pk in invoice.source_ids if pk in sources)
    return [*(comparison.exported(invoice, name) for name in _FIELDS), " ".join(invoice.flags), source_names]


def _read(invoices: QuerySet[Invoice]) -> Iterator[Invoice]:
    """Dated invoices first, then the undated, through server-side cursors."""
    parts = (invoices.exclude(issue_date=None), invoices.filter(issue_date=None))
    return itertools.chain.from_iterable(part.iterator(chunk_size=_CHUNK) for part in parts)


class _Echo:
    """A file whose write gives the text back, so that csv makes lines and nothing is kept."""

    def write(self, text: str) -> str:
        return text
