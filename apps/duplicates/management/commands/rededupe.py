"""``rededupe [--dry-run]``: search the whole ledger for duplicates again, after the rules changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.duplicates import searching


class Command(BaseCommand):
    help = "Search the whole ledger for duplicates. What people decided is never touched."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="show what would open and close, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        done = 0

        def progress(count: int) -> None:
            nonlocal done
            done += count
            if self.stdout.isatty():
                self.stdout.write(f"\r{done} invoices", ending="")
                self.stdout.flush()

        changes = searching.search_all(dry_run=options["dry_run"], progress=progress)
        would = "would be" if options["dry_run"] else "were"
        self.stdout.write(f"{done} invoices: {changes.opened} cases {would} opened, {changes.closed} {would} closed.")
