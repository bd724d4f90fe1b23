"""The overview: what was received, what failed and why, what waits for a person."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import structlog
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.db.models import Count, OuterRef, Subquery, Sum
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from apps.accounts.visibility import visible_company_ids
from apps.core.counting import estimated_count
from apps.core.views import needs
from apps.invoices.choices import ConflictState, Flag, Flow
from apps.invoices.models import FieldConflict
from apps.invoices.selectors import ledger
from apps.sources.choices import QuarantineState
from apps.sources.connectors import CONNECTORS
from apps.sources.models import Source, SyncRun
from apps.sources.selectors import quarantine, runs

log = structlog.get_logger(__name__)

_SINCE = timedelta(hours=24)
_MONTHS = 12
_REMEMBERED_SECONDS = 600  # the figures read a year of the ledger
_COUNTS = ("received", "created", "changed", "quarantined")


@dataclass(frozen=True)
class Card:
    """One source: its newest pull, and what the last 24 hours brought."""

    source: Source
    run: SyncRun | None
    day: dict[str, int]

    @property
    def can_be_pulled(self) -> bool:
        return self.source.enabled and self.source.kind in CONNECTORS


@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    cards = _cards(user) if user.has_perm("sources.view_syncrun") else []
    context: dict[str, Any] = {
        "cards": cards,
        "live": any(card.run and card.run.is_active for card in cards),
        "has_role": user.has_perm("invoices.view_invoice"),
        "has_company": visible_company_ids(user) != [],
    }
    if context["has_role"]:
        context["invoices"] = estimated_count(ledger(user))
        disputes = FieldConflict.objects.filter(state=ConflictState.OPEN, invoice__in=ledger(user))
        context["conflicts"] = estimated_count(disputes)
        context["waiting"] = estimated_count(quarantine(user).filter(state=QuarantineState.OPEN))
    if request.headers.get("HX-Request"):
        return render(request, "overview/sources.html", context)
    return render(request, "overview/overview.html", context)


def _cards(user: Any) -> list[Card]:
    newest = SyncRun.objects.filter(source=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    visible = Source.objects.visible_to(user).select_related("state", "company")
    listed = list(visible.annotate(newest_run=Subquery(newest)))
    newest_runs = SyncRun.objects.in_bulk([source.newest_run for source in listed if source.newest_run])
    day = (
        runs(user)
        .filter(queued_at__gte=timezone.now() - _SINCE)
        .order_by()
        .values("source")
        .annotate(**{f"sum_{name}": Sum(name) for name in _COUNTS})
    )
    sums = {row["source"]: {name: row[f"sum_{name}"] for name in _COUNTS} for row in day}  # type: ignore[literal-required]
    nothing = dict.fromkeys(_COUNTS, 0)
    return [Card(source, newest_runs.get(source.newest_run), sums.get(source.pk, nothing)) for source in listed]


@require_safe
@needs("invoices.view_invoice")
def figures(request: HttpRequest) -> HttpResponse:
    """Charts and flags, loaded after the page and cached, because on a large ledger they take seconds."""
    user: Any = request.user
    companies = visible_company_ids(user)
    key = f"figures:{'all' if companies is None else '-'.join(map(str, sorted(companies)))}"
    values = _remembered(key, lambda: _figures(user))
    names = dict(Source.objects.visible_to(user).values_list("pk", "name"))
    context = {
        "months": _month_chart(values["months"]),
        "sources": _source_chart({names[pk]: number for pk, number in values["sources"] if pk in names}),
        "flags": values["flags"],
        "any": bool(values["months"]),
        "language": get_language(),
    }
    return render(request, "overview/figures.html", context)


def _figures(user: Any) -> dict[str, Any]:
    today = timezone.localdate()
    first = (today.replace(day=1) - timedelta(days=31 * (_MONTHS - 1))).replace(day=1)
    year = ledger(user).filter(issue_date__gte=first, issue_date__lte=today).order_by()
    grouped = year.annotate(month=TruncMonth("issue_date")).values_list("month", "direction", "source_ids")
    months, by_source = Counter[tuple[date, str]](), Counter[int]()
    for month, direction, source_ids, number in grouped.annotate(number=Count("*")):  # the year is read once
        months[month, direction] += number
        by_source.update(dict.fromkeys(source_ids, number))
    flags = [(flag, *estimated_count(ledger(user).filter(flags__contains=[flag]))[:2]) for flag in Flag.values]
    return {
        "months": [(month, direction, number) for (month, direction), number in months.items()],
        "sources": by_source.most_common(),
        "flags": sorted((flag for flag in flags if flag[1]), key=lambda flag: -flag[1]),
    }


def _remembered(key: str, compute: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The cached value; without Redis it is computed every time."""
    try:
        return cache.get_or_set(key, compute, _REMEMBERED_SECONDS)  # type: ignore[return-value]
    except (RedisError, OSError) as error:
        log.warning("cache.away", error=type(error).__name__)
        return compute()


def _month_chart(rows: list[tuple[date, str, int]]) -> dict[str, Any]:
    months = sorted({month for month, _direction, _number in rows})
    counted = {(month, direction): number for month, direction, number in rows}
    datasets = [
        {"label": str(flow.label), "data": [counted.get((month, flow.value), 0) for month in months]}
        for flow in Flow
        if any(direction == flow.value for _month, direction, _number in rows)
    ]
    return {"type": "bar", "data": {"labels": [date_format(month, "Y-m") for month in months], "datasets": datasets}}


def _source_chart(numbers: dict[str, int]) -> dict[str, Any]:
    data = {"labels": list(numbers), "datasets": [{"label": _("Invoices"), "data": list(numbers.values())}]}
    return {"type": "bar", "data": data, "options": {"indexAxis": "y"}}
