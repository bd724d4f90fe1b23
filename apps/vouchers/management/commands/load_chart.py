"""``load_chart --book ID --standard small|enterprise``: loads a standard chart of accounts into a book without one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core import refusals
from apps.vouchers.charts import services, standards
from apps.vouchers.models import AccountBook


class Command(BaseCommand):
    help = "Load a standard chart of accounts into an account book that has no accounts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--book", type=int, required=True, metavar="ID", help="id of the account book")
        parser.add_argument("--standard", choices=standards.STANDARDS, required=True)

    @refusals.on_command_line()
    def handle(self, *args: Any, **options: Any) -> None:
        book = AccountBook.objects.filter(pk=options["book"]).first()
        if book is None:
            raise CommandError(f"There is no account book {options['book']}.")
        count = services.load_standard(book, options["standard"])
        self.stdout.write(f"{count} accounts loaded into {book}")
