"""``bench [ingest|pull|rework|lists|bills|pushes|duplicates …]``: measures time and memory of reading, writing, sending
and searching, compared with a baseline where there is one. The docs quote these figures. Uses temporary databases."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from invoicehub.benchmarks import bills, duplicates, ingest, lists, pull, pushes, rework


class Command(BaseCommand):
    help = "Measure the ingest against COPY and against per-row writes, and a large pull for memory and steadiness."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "what",
            nargs="*",
            default=["ingest", "pull", "rework", "lists", "bills", "pushes", "duplicates"],
            help="ingest, pull, rework, lists, bills, pushes, duplicates; all by default",
        )
        parser.add_argument("--rows", type=int, default=20_000, help="invoices for the ingest comparison")
        parser.add_argument("--rework", type=int, default=100_000, help="invoices in the ledger that is reworked")
        parser.add_argument(
            "--ledger", type=int, default=1_000_000, help="invoices in the ledger that lists are read from"
        )
        parser.add_argument("--corpus", type=int, nargs="+", default=[10_000, 100_000], help="invoices to search")
        parser.add_argument("--seed", type=int, default=duplicates.PUBLISHED_SEED, help="of these ledgers")
        parser.add_argument(
            "--calibrate", action="store_true", help="write the shares behind the scores, from the largest of these"
        )
        parser.add_argument("--uses", type=int, default=500, help="invoices on the bill whose page is opened")
        parser.add_argument("--pushes", type=int, default=5_000, help="pushes in the queue that is drained")
        parser.add_argument("--invoices", type=int, default=100_000, help="invoices in the sandbox for the pull")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["calibrate"]:
            duplicates.calibrate(max(options["corpus"]), self.stdout.write)
            return
        if "ingest" in options["what"]:
            ingest.run(options["rows"], self.stdout.write)
        if "pull" in options["what"]:
            pull.run(options["invoices"], self.stdout.write)
        if "rework" in options["what"]:
            rework.run(options["rework"], self.stdout.write)
        if "lists" in options["what"]:
            lists.run(options["ledger"], self.stdout.write)
        if "bills" in options["what"]:
            bills.run(options["uses"], self.stdout.write)
        if "pushes" in options["what"]:
            pushes.run(options["pushes"], self.stdout.write)
        if "duplicates" in options["what"]:
            duplicates.run(options["corpus"], self.stdout.write, options["seed"])
