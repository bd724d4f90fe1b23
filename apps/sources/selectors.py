"""What people see of pulls: those of the sources of companies they may see, with the source."""

from typing import Any

from django.db.models import QuerySet

from .models import QuarantinedRecord, SyncRun


def runs(user: Any) -> QuerySet[SyncRun]:
    return SyncRun.objects.visible_to(user).select_related("source")


def quarantine(user: Any) -> QuerySet[QuarantinedRecord]:
    return QuarantinedRecord.objects.visible_to(user).select_related("source")
