"""The quarantine: records that could not be read, grouped by reason, to retry or dismiss."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import Count, Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from apps.core import refusals
from apps.core.lists import ListView
from apps.core.messages import Message
from apps.core.views import needs, place_to_return
from apps.invoices.forms import DismissForm
from apps.invoices.payloads import readable
from apps.invoices.services import RetryResult, dismiss_quarantined, reopen_quarantined, retry_quarantined
from apps.sources.choices import QuarantineState
from apps.sources.models import QuarantinedRecord, Source
from apps.sources.selectors import quarantine

_MOST_RETRIED = 1000  # at one press of the button


class QuarantineList(ListView[QuarantinedRecord]):
    """Records of one state (open ones at first), grouped by reason above the list."""

    permission = "sources.view_quarantinedrecord"
    template = "quarantine/list.html"
    visible = staticmethod(quarantine)
    related = ("source", "settled_by")

    @cached_property
    def chosen(self) -> dict[str, str]:
        return _chosen(*(self.request.GET.get(name, "") for name in ("state", "source", "reason")))

    def narrowed(self) -> QuerySet[QuarantinedRecord]:
        return _narrowed(self.request, self.chosen)

    def extra_context(self) -> dict[str, Any]:
        return {
            "chosen": self.chosen,
            "reasons": _reasons(self.request, self.chosen),
            "states": QuarantineState.choices,
            "sources": Source.objects.visible_to(self.request.user),
        }


def _chosen(state: str, source: str, reason: str) -> dict[str, str]:
    return {
        "state": state if state in QuarantineState.values else QuarantineState.OPEN.value,
        "source": source if source.isdecimal() else "",
        "reason": reason,
    }


def _narrowed(request: HttpRequest, chosen: dict[str, str]) -> QuerySet[QuarantinedRecord]:
    records = quarantine(request.user).filter(state=chosen["state"])
    if chosen["source"]:
        records = records.filter(source=int(chosen["source"]))
    if chosen["reason"]:
        records = records.filter(reason_code=chosen["reason"])
    return records


def _reasons(request: HttpRequest, chosen: dict[str, str]) -> list[dict[str, object]]:
    """The reasons of this state and source with their counts, most frequent first, and one example's message each."""
    groups = list(
        _narrowed(request, {**chosen, "reason": ""})
        .order_by()
        .values("reason_code")
        .annotate(records=Count("pk"), example=Min("pk"))
        .order_by("-records", "reason_code")[:20]
    )
    examples = QuarantinedRecord.objects.in_bulk([group["example"] for group in groups])
    return [{**group, "message": examples[group["example"]].message} for group in groups]


@require_safe
@needs("sources.view_quarantinedrecord")
def raw(request: HttpRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(quarantine(request.user).select_related("raw"), pk=pk)
    return render(request, "invoices/raw.html", {"text": readable(record.raw.payload)})


@require_POST
@needs("sources.retry_quarantinedrecord")
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(quarantine(request.user), pk=pk)
    result = retry_quarantined([record.pk], user=request.user)  # type: ignore[arg-type]
    if record.state == QuarantineState.OPEN:
        record.refresh_from_db()
    if result.remaining and record.message:
        messages.warning(request, _still(record.message))
    else:
        _report(request, result)
    return redirect(place_to_return(request, reverse("quarantine")))


def _still(message: Message) -> str:
    return _("The record still cannot be used. The reason is now: %(reason)s") % {"reason": message}


@require_POST
@needs("sources.retry_quarantinedrecord")
def retry_many(request: HttpRequest) -> HttpResponse:
    """Retry all records that fit the filter of the page, the oldest first."""
    chosen = _chosen(QuarantineState.OPEN, request.POST.get("source", ""), request.POST.get("reason", ""))
    matching = _narrowed(request, chosen).order_by("pk").values_list("pk", flat=True)
    ids = list(matching[: _MOST_RETRIED + 1])
    _report(request, retry_quarantined(ids[:_MOST_RETRIED], user=request.user))  # type: ignore[arg-type]
    if len(ids) > _MOST_RETRIED:
        messages.info(
            request, _("The oldest %(count)s were retried; press again for the next.") % {"count": _MOST_RETRIED}
        )
    return redirect(place_to_return(request, reverse("quarantine")))


def _report(request: HttpRequest, result: RetryResult) -> None:
    if result.resolved:
        sentence = ngettext(
            "%(count)s record is an invoice now.", "%(count)s records are invoices now.", result.resolved
        )
        messages.success(request, sentence % {"count": result.resolved})
    if result.remaining:
        sentence = ngettext(
            "%(count)s record still cannot be used.", "%(count)s records still cannot be used.", result.remaining
        )
        messages.warning(request, sentence % {"count": result.remaining})
    if not result.resolved and not result.remaining:
        messages.info(request, _("There was nothing to retry."))


@require_POST
@needs("sources.retry_quarantinedrecord")
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(quarantine(request.user), pk=pk)
    form = DismissForm(request.POST)
    if form.is_valid():
        comment = form.cleaned_data["comment"]
        sentence = _("Dismissed: %(record)s. It is kept under “dismissed”.") % {"record": record.external_id}
        _settle(request, lambda: dismiss_quarantined(record, request.user, comment), sentence)  # type: ignore[arg-type]
    else:
        messages.error(request, " ".join(str(error) for error in form.errors["comment"]))
    return redirect(place_to_return(request, reverse("quarantine")))


@require_POST
@needs("sources.retry_quarantinedrecord")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(quarantine(request.user), pk=pk)
    sentence = _("%(record)s waits in quarantine again.") % {"record": record.external_id}
    _settle(request, lambda: reopen_quarantined(record, request.user), sentence)  # type: ignore[arg-type]
    return redirect(place_to_return(request, reverse("quarantine")))


def _settle(request: HttpRequest, act: Callable[[], None], sentence: str) -> None:
    with refusals.on_page(request):
        act()
        messages.success(request, sentence)
