"""Feeds of changes over REST that skip nothing, though many write at once (``docs/decisions/0010-feeds.md``).

A row gets the moment of its change when it is written, but shows when its transaction commits; one that was written
later may show first. Whoever goes on from that one must still meet the other: a feed ends before the moment at which
the oldest transaction began that is writing to the table just now.
"""

from typing import Any

import pgtrigger
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from django_filters.constants import EMPTY_VALUES

FEED = _("Only what changed after this moment, the oldest change first: a feed that skips nothing.")
# The clock is read before the locks are: who takes one later writes later moments. Writers hold this lock on the table
# from before the first row until after their commit shows. Whose beginning is hidden from us counts as very old.
_SETTLED = """
SELECT LEAST(statement_timestamp(), MIN(COALESCE(writer.xact_start, 'epoch')))
  FROM pg_locks held LEFT JOIN pg_stat_activity writer USING (pid)
 WHERE held.locktype = 'relation' AND held.mode = 'RowExclusiveLock' AND held.granted AND pid <> pg_backend_pid()
   AND held.relation = %s::regclass
   AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def stamp(column: str) -> pgtrigger.Trigger:
    """Lets the database write the moment of every change of a row: one clock for all, also for bulk writes."""
    return pgtrigger.Trigger(
        name=f"stamp_{column}",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"NEW.{column} = clock_timestamp(); RETURN NEW;",
    )


def settled(rows: QuerySet[Any], column: str) -> QuerySet[Any]:
    """Without changes so young that an earlier one may still turn up. ``column``: the one that is stamped."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED, [rows.model._meta.db_table])
        (moment,) = cursor.fetchone()
    return rows.filter(**{f"{column}__lt": moment})


class ChangedAfter(filters.IsoDateTimeFilter):
    """``updated_after`` of a model with a ``stamp``."""

    def __init__(self, field_name: str, label: Any) -> None:
        super().__init__(field_name=field_name, lookup_expr="gt", label=label)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        found = super().filter(qs, value)
        return found if value in EMPTY_VALUES else settled(found, self.field_name)
