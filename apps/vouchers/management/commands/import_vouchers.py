"""``import_vouchers FILE``: imports drafts from Excel or JSON. Refused vouchers are reported with their line."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core import refusals
from apps.vouchers import files, importing

_MOST_SHOWN = 200


class Command(BaseCommand):
    help = (
        "Make or change draft vouchers from a file (.xlsx or .json). A voucher is recognised by its book and id, or by "
        "book, period, type and number; booked ones are left alone. Exit code 1 when any was refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="tell what would happen, write nothing")

    @refusals.on_command_line()
    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if path.suffix.lower() not in (".xlsx", ".json"):
            raise CommandError(f"{path} is neither .xlsx nor .json.")
        try:
            with path.open("rb") as file:
                planned = importing.plan(files.vouchers(file, path.name), None)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        counts = (
            tuple(sum(one.outcome == outcome for one in planned) for outcome in ("new", "changed"))
            if options["dry_run"]
            else importing.carry_out(planned, None)
        )
        self._report(planned, counts, dry=options["dry_run"])

    def _report(self, planned: list[importing.Planned], counts: tuple[int, ...], *, dry: bool) -> None:
        refused = [one for one in planned if one.problems]
        for one in refused[:_MOST_SHOWN]:
            self.stderr.write(f"line {one.row.line} {one.row.name}: {' '.join(map(str, one.problems))}")
        made, changed = counts
        would = "would be " if dry else ""
        self.stdout.write(f"{made} {would}made, {changed} {would}changed, {len(refused)} refused")
        if refused:
            raise CommandError(f"{len(refused)} of {len(planned)} vouchers were refused.")
