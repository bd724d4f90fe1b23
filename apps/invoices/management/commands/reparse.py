"""``reparse [NAME…] [--dry-run]``: read stored raw records again, without calling any upstream."""

from collections import deque
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.invoices import services
from apps.sources.models import Source


class Command(BaseCommand):
    help = "Read the stored raw records of sources again (all of them without names). Calls no upstream."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME")
        parser.add_argument("--dry-run", action="store_true", help="show what would change, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        sources = Source.objects.select_related("company").order_by("name")
        if options["names"]:
            sources = sources.filter(name__in=options["names"])
            if sources.count() != len(set(options["names"])):
                raise CommandError("At least one of these sources does not exist.")
        for source in sources:
            done = deque(services.reparse(source, dry_run=options["dry_run"]), maxlen=1)
            total = done[0] if done else services.Reworked()
            would = "would change" if options["dry_run"] else "changed"
            self.stdout.write(
                f"{source.name}: {total.looked_at} read, {total.changed} {would}, {total.quarantined} quarantined"
            )
