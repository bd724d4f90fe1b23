"""Facts of the ledger that connectors need about their own records (``apps.sources.context.LedgerFacts``)."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q

from apps.sources.context import LedgerFacts

from .choices import Expense, Status
from .models import SourceRecord

_BATCH = 50
_FINAL = Q(invoice__status__in=[Status.VOID, Status.FULLY_RED], invoice__expense_status=Expense.BOOKED)


class Ledger(LedgerFacts):
    def issued_between(self, source_id: int, start: date, end: date) -> set[str]:
        rows = SourceRecord.objects.filter(source_id=source_id, deleted=False, invoice__issue_date__range=(start, end))
        return set(rows.values_list("external_id", flat=True))

    def unsettled(self, source_id: int) -> Iterator[list[str]]:
        """External ids in batches, by key, so that a large source is never in memory as a whole."""
        last = ""
        waiting = (
            SourceRecord.objects.filter(source_id=source_id, deleted=False).exclude(_FINAL).order_by("external_id")
        )
        while batch := list(waiting.filter(external_id__gt=last).values_list("external_id", flat=True)[:_BATCH]):
            yield batch
            last = batch[-1]
