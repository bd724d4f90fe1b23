"""``sync [NAME…] [--all] [--inline] [--json]``: pull sources, queued (default) or here and now."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections

from apps.invoices.pull import pull
from apps.sources import services
from apps.sources.choices import RunStatus, RunTrigger
from apps.sources.connectors import CONNECTORS
from apps.sources.models import Source, SyncRun


class Command(BaseCommand):
    help = "Pull sources: queue a pull for each (default), or do it here and now (--inline). Exit code 1 if any failed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME")
        parser.add_argument("--all", action="store_true", help="every enabled source")
        parser.add_argument("--inline", action="store_true", help="pull in this process and wait")
        parser.add_argument("--json", action="store_true", help="one JSON object per source")

    def handle(self, *args: Any, **options: Any) -> None:
        failed = False
        for source in _chosen(options["names"], options["all"]):
            run, created = services.queue_run(source, RunTrigger.COMMAND)
            if options["inline"]:
                if not created and run.status == RunStatus.RUNNING:
                    raise CommandError(f"{source.name}: pull #{run.pk} is running elsewhere; wait for it or cancel it.")
                run = pull(run.pk) or SyncRun.objects.get(pk=run.pk)
                close_old_connections()
            failed |= run.status in (RunStatus.FAILED, RunStatus.INTERRUPTED)
            self._report(run, options["json"])
        if failed:
            sys.exit(1)

    def _report(self, run: SyncRun, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(summary(run), ensure_ascii=False))
            return
        numbers = (
            f"received {run.received} = new {run.created} + changed {run.changed} + unchanged {run.unchanged}"
            f" + quarantined {run.quarantined}"
        )
        self.stdout.write(f"{run.source.name}: {run.status}; {numbers}")
        for message in filter(None, [run.error_message, *run.note_messages]):
            self.stdout.write(f"  {message}")


def summary(run: SyncRun) -> dict[str, Any]:
    """The fixed fields of ``sync --json``."""
    counts = ("received", "created", "changed", "unchanged", "quarantined", "tombstoned", "backlog")
    error = run.error_message
    return {
        "source": run.source.name,
        "status": str(run.status),
        **{name: getattr(run, name) for name in counts},
        "error": str(error) if error else None,
    }


def _chosen(names: list[str], everything: bool) -> list[Source]:
    sources = Source.objects.filter(kind__in=CONNECTORS).select_related("company").order_by("pk")
    if everything or not names:
        if names:
            raise CommandError("Give names or --all, not both.")
        if not everything:
            raise CommandError("Name the sources to pull, or say --all.")
        return list(sources.filter(enabled=True))
    by_name = {source.name: source for source in sources.filter(name__in=names)}
    missing = [name for name in names if name not in by_name]
    if missing:
        existing = ", ".join(sources.values_list("name", flat=True)) or "none yet; see import_sources"
        raise CommandError(f"No source is called {', '.join(missing)}. Known: {existing}.")
    return [by_name[name] for name in names]
