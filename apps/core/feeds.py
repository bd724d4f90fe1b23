"""Feeds of changes that skip nothing while many transactions write (``docs/decisions/0010-feeds.md``).

A row is stamped when it is written, but becomes visible when its transaction commits, so a row with a later stamp may
become visible first. A reader that continues from that row would miss the other one. Therefore a feed ends before the
start of the oldest transaction that is writing to the table at this moment.
"""

from typing import Any

import pgtrigger
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from django_filters.constants import EMPTY_VALUES

FEED = _("Only what changed after this moment, the oldest change first: a feed that skips nothing.")
# The clock is read before the locks: a transaction that locks later also stamps later. A writer holds this lock on the
# table from before its first row until its commit is visible. A transaction whose start time we may not see is treated
# as the oldest.
_SETTLED = """
SELECT LEAST(statement_timestamp(), MIN(COALESCE(writer.xact_start, 'epoch')))
  FROM pg_locks lock LEFT JOIN pg_stat_activity writer USING (pid)
 WHERE lock.locktype = 'relation' AND lock.mode = 'RowExclusiveLock' AND lock.granted AND pid <> pg_backend_pid()
   AND lock.relation = %s::regclass
   AND lock.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def stamp(column: str) -> pgtrigger.Trigger:
    """A trigger that stamps every change of a row by the clock of the database, bulk writes included."""
    return pgtrigger.Trigger(
        name=f"stamp_{column}",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"NEW.{column} = clock_timestamp(); RETURN NEW;",
    )


def settled(rows: QuerySet[Any], column: str) -> QuerySet[Any]:
    """Without changes so recent that an earlier one may still become visible. ``column`` holds the stamp."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED, [rows.model._meta.db_table])
        (moment,) = cursor.fetchone()
    return rows.filter(**{f"{column}__lt": moment})


class ChangedAfter(filters.IsoDateTimeFilter):
    """``updated_after`` of a model with a ``stamp``."""

    def __init__(self, field_name: str, label: Any) -> None:
        super().__init__(field_name=field_name, lookup_expr="gt", label=label)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        rows = super().filter(qs, value)
        return rows if value in EMPTY_VALUES else settled(rows, self.field_name)
