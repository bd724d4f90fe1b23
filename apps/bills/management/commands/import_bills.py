"""``import_bills FILE.xlsx``: create expense bills with lines and invoices from an Excel sheet."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.bills import imports


class Command(BaseCommand):
    help = (
        "Make drafts of the bills in an Excel sheet: one row per line, rows of one number are one bill. A bill is "
        "made as a whole or not at all; bills that are there already are left alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.xlsx")
        parser.add_argument("--dry-run", action="store_true", help="only list the bills that would be created")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                planned = imports.plan(imports.read(file), None)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except imports.BadSheetError as error:
            raise CommandError(str(error)) from error
        if options["dry_run"]:
            for one in planned:
                state = "there already" if one.exists else " ".join(one.problems) or "would be made"
                self.stdout.write(f"{one.number}: {state}")
            return
        done = imports.carry_out(planned, None)
        for number, why in done.refused:
            self.stderr.write(f"{number}: {why}")
        self.stdout.write(f"{done.made} made, {done.skipped} there already, {len(done.refused)} refused")
        if done.refused:
            raise CommandError("Some bills were refused; the others were made.")
