"""``renumber_vouchers --book ID --period yyyyMM [--dry-run]``: closes gaps in the numbers of a period."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core import refusals
from apps.vouchers import renumbering
from apps.vouchers.models import AccountBook


class Command(BaseCommand):
    help = (
        "Give drafts and audited vouchers of a period that were never sent the lowest free numbers, by the order of "
        "their dates. Vouchers that were sent, are void, or come from another system keep their numbers."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--book", type=int, required=True, metavar="ID")
        parser.add_argument("--period", required=True, metavar="yyyyMM")
        parser.add_argument("--dry-run", action="store_true", help="tell what would happen, write nothing")

    @refusals.on_command_line()
    def handle(self, *args: Any, **options: Any) -> None:
        book = AccountBook.objects.filter(pk=options["book"]).first()
        if book is None:
            raise CommandError(f"There is no account book {options['book']}.")
        act = renumbering.plan if options["dry_run"] else renumbering.renumber
        result = act(book, options["period"])
        for voucher, number in result.moved:
            self.stdout.write(f"{voucher.type} {voucher.vouch_no} -> {number}  {voucher.account_date}".strip())
        for type_, numbers in result.gaps.items():
            listed = ", ".join(map(str, numbers[:20])) + (" …" if len(numbers) > 20 else "")
            self.stdout.write(f"{type_ or '-'}: free because sent or void vouchers come after: {listed}")
        would = "would get" if options["dry_run"] else "got"
        self.stdout.write(f"{len(result.moved)} vouchers {would} another number")
