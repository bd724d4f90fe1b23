"""``import_invoices FILE``: canonical JSONL, CSV or Excel through the same ingest as any source."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.models import Company
from apps.invoices import file_ingest
from apps.invoices.canonical import FIELDS
from apps.invoices.files import FORMATS, UnknownColumnsError, UnreadableFileError, rows

_MOST_SHOWN = 200


class Command(BaseCommand):
    help = (
        "Bring the invoices of a file into the ledger. Rows that cannot become invoices wait in quarantine; the others "
        "are not held up. Importing a file again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--format", choices=FORMATS, help="default: what the file is called")
        parser.add_argument("--company", metavar="TAX_NO", help="whose invoices they are, where a row does not tell")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        format_ = options["format"] or path.suffix.removeprefix(".").lower()
        if format_ not in FORMATS:
            raise CommandError(f"Say what kind of file {path} is: --format {' | '.join(FORMATS)}")
        try:
            filed = file_ingest.file_rows(rows(path, format_), _company(options["company"]))
        except UnknownColumnsError as error:
            wrong = error or "(no heading)"
            raise CommandError(
                f"Columns that are unknown or there twice: {wrong}. Known: {', '.join(FIELDS)}."
            ) from error
        except UnreadableFileError as error:
            raise CommandError(_unreadable(path, format_, error.line)) from error
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        self._report(filed)

    def _report(self, filed: file_ingest.Filed) -> None:
        for line, message in filed.bad[:_MOST_SHOWN]:
            self.stderr.write(f"line {line}: {message}")
        if len(filed.bad) > _MOST_SHOWN:
            self.stderr.write(f"… and {len(filed.bad) - _MOST_SHOWN} more; all of them are in the quarantine.")
        for name, counts in filed.counts.items():
            self.stdout.write(
                f"{name}: received {counts.received} = new {counts.created} + changed {counts.changed}"
                f" + unchanged {counts.unchanged} + quarantined {counts.quarantined}"
            )
        if not filed.counts:
            self.stdout.write("The file holds no rows.")


def _unreadable(path: Path, format_: str, line: int) -> str:
    if format_ == "xlsx":
        return f"{path} is not an Excel file (.xlsx), or it is damaged. Nothing was imported."
    return (
        f"{path} cannot be read from line {line} on: a quotation mark is never closed, or the text is neither UTF-8 nor"
        " GB18030 nor UTF-16. Nothing was imported."
    )


def _company(tax_no: str | None) -> Company | None:
    if not tax_no:
        return None
    company = Company.objects.filter(tax_no=tax_no).first()
    if company is None:
        raise CommandError(f"There is no company with the taxpayer number {tax_no}.")
    return company
