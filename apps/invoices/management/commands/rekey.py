"""``rekey [--all] [--dry-run]``: compute the keys of invoices anew under the current identity rules."""

from collections import deque
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.invoices import services
from apps.invoices.identity import IDENTITY_VERSION


class Command(BaseCommand):
    help = "Give invoices made under older identity rules the keys of today's."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="also invoices that carry today's version already")
        parser.add_argument("--dry-run", action="store_true", help="show what would change, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        done = deque(services.rekey(dry_run=options["dry_run"], everything=options["all"]), maxlen=1)
        total = done[0] if done else services.Reworked()
        would = "would change" if options["dry_run"] else "changed"
        self.stdout.write(
            f"Rules version {IDENTITY_VERSION}: {total.looked_at} invoices looked at, {total.changed} {would}."
        )
