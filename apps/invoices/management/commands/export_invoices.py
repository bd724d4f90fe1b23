"""``export_invoices [--format jsonl|csv|xlsx] [--output F]``: the ledger in the canonical fields, streamed."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from apps.accounts.models import Company
from apps.invoices import exports
from apps.invoices.canonical import stream
from apps.invoices.choices import Flow
from apps.invoices.files import FORMATS
from apps.invoices.models import Invoice
from apps.sources.models import Source


class Command(BaseCommand):
    help = "Write the ledger, in the order in which invoices came in, to a file or to the standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=FORMATS, help="default: what the file is called, else jsonl")
        parser.add_argument("--output", type=Path, metavar="F", help="default: the standard output")
        parser.add_argument("--company", metavar="TAX_NO", help="only invoices of this company")
        parser.add_argument("--source", metavar="NAME", help="only invoices this source knows")
        parser.add_argument("--direction", choices=Flow.values)
        parser.add_argument("--from", dest="start", type=date.fromisoformat, metavar="DATE", help="issued on or after")
        parser.add_argument("--to", dest="end", type=date.fromisoformat, metavar="DATE", help="issued on or before")

    def handle(self, *args: Any, **options: Any) -> None:
        output: Path | None = options["output"]
        format_ = options["format"] or _format_of(output)
        if format_ == "xlsx" and output is None:
            raise CommandError("Excel files need a name: --output F.xlsx")
        rows = stream(_chosen(options))
        try:
            with _replacing(output) if output else _standard_output() as file:
                count = _write(format_, rows, file)
        except exports.TooManyRowsError as error:
            most = f"{exports.SHEET_ROWS:,}"
            raise CommandError(f"A sheet holds {most} rows at most. Narrow the choice, or use csv or jsonl.") from error
        self.stderr.write(f"{count} invoices written{f' to {output}' if output else ''}.")


def _write(format_: str, rows: Iterator[dict[str, Any]], file: IO[bytes]) -> int:
    if format_ == "jsonl":
        return exports.write_jsonl(rows, file)
    if format_ == "xlsx":
        return exports.write_xlsx(rows, file)
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    try:
        return exports.write_csv(rows, text)
    finally:
        text.detach()


@contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes its name only when it is complete."""
    unfinished = path.with_name(f"{path.name}.part")
    try:
        with unfinished.open("wb") as file:
            yield file
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


@contextmanager
def _standard_output() -> Iterator[IO[bytes]]:
    """Readers such as ``head`` may stop listening before the end."""
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _format_of(output: Path | None) -> str:
    ending = output.suffix.removeprefix(".").lower() if output else ""
    return ending if ending in FORMATS else "jsonl"


def _chosen(options: dict[str, Any]) -> QuerySet[Invoice]:
    invoices = Invoice.objects.filter(merged_into=None).order_by("pk")
    if options["company"]:
        invoices = invoices.filter(company_ids__contains=[_only(Company, tax_no=options["company"])])
    if options["source"]:
        invoices = invoices.filter(source_ids__contains=[_only(Source, name=options["source"])])
    if options["direction"]:
        invoices = invoices.filter(direction=options["direction"])
    if options["start"]:
        invoices = invoices.filter(issue_date__gte=options["start"])
    if options["end"]:
        invoices = invoices.filter(issue_date__lte=options["end"])
    return invoices


def _only(model: Any, **lookup: str) -> int:
    pk: int | None = model.objects.filter(**lookup).values_list("pk", flat=True).first()
    if pk is None:
        (value,) = lookup.values()
        raise CommandError(f"There is no {model._meta.model_name} {value}.")
    return pk
