"""What a person may see of sources: only those of the companies they may see."""

from typing import Any

from django.db.models import QuerySet

from apps.accounts.selectors import visible_company_ids

from .models import QuarantinedRecord, Source, SyncRun


def sources(user: Any) -> QuerySet[Source]:
    return _visible(Source.objects.all(), user, "company")


def runs(user: Any) -> QuerySet[SyncRun]:
    return _visible(SyncRun.objects.select_related("source"), user, "source__company")


def quarantine(user: Any) -> QuerySet[QuarantinedRecord]:
    return _visible(QuarantinedRecord.objects.select_related("source"), user, "source__company")


def _visible(queryset: QuerySet[Any], user: Any, company: str) -> QuerySet[Any]:
    ids = visible_company_ids(user)
    return queryset if ids is None else queryset.filter(**{f"{company}__in": ids})
