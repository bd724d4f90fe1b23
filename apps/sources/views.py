"""Pulls: what runs, what ran, what it brought, and the buttons that start and stop one."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from apps.core import refusals
from apps.core.lists import ListView
from apps.core.views import needs, partial, place_to_return

from .choices import RunStatus, RunTrigger
from .connectors import CONNECTORS
from .models import Source, SyncRun
from .selectors import runs
from .services import cancel_run, queue_run


class PullList(ListView[SyncRun]):
    """Newest first. While something runs, its part of the page asks for itself again every two seconds."""

    permission = "sources.view_syncrun"
    template = "pulls/list.html"
    visible = staticmethod(runs)
    rows_template = "pulls/rows.html"
    counted = False
    related = ("source", "requested_by")

    @cached_property
    def chosen(self) -> dict[str, str]:
        return {name: self.request.GET.get(name, "") for name in ("source", "status")}

    def narrowed(self) -> QuerySet[SyncRun]:
        pulls = self.rows()
        if self.chosen["source"].isdecimal():
            pulls = pulls.filter(source=int(self.chosen["source"]))
        if self.chosen["status"] in RunStatus.values:
            pulls = pulls.filter(status=self.chosen["status"])
        return pulls

    def extra_context(self) -> dict[str, Any]:
        return {
            "live": any(run.is_active for run in self.page.rows),
            "chosen": self.chosen,
            "statuses": RunStatus.choices,
            "sources": Source.objects.visible_to(self.request.user),
        }


@require_safe
@needs("sources.view_syncrun")
def pull_detail(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(runs(request.user).select_related("source__company", "requested_by"), pk=pk)
    template = "pulls/progress.html" if partial(request) else "pulls/detail.html"
    return render(request, template, {"run": run, "RunTrigger": RunTrigger})


@require_POST
@needs("sources.sync_source")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(runs(request.user), pk=pk)
    if cancel_run(run, request.user):  # type: ignore[arg-type]
        messages.success(request, _("The pull stops after the page it is at. What has arrived is kept."))
    else:
        messages.info(request, _("The pull had ended already."))
    return redirect("pull", pk=pk)


@require_POST
@needs("sources.sync_source")
def sync(request: HttpRequest, pk: int) -> HttpResponse:
    source = get_object_or_404(Source.objects.visible_to(request.user), pk=pk)
    with refusals.on_page(request):
        run, started = queue_run(source, RunTrigger.PERSON, request.user)  # type: ignore[arg-type]
        if started:
            messages.success(request, _("The pull of %(source)s has been started.") % {"source": source})
        else:
            messages.info(request, _("%(source)s is being pulled already; here is how far it is.") % {"source": source})
        return redirect("pull", pk=run.pk)
    return redirect(place_to_return(request, reverse("pulls")))


@require_POST
@needs("sources.sync_source")
def sync_all(request: HttpRequest) -> HttpResponse:
    """Start a pull of every source that is switched on and can be pulled."""
    pullable = Source.objects.visible_to(request.user).filter(enabled=True, kind__in=CONNECTORS)
    started = sum(_started(source, request) for source in pullable)
    if started:
        sentence = ngettext("%(count)s pull has been started.", "%(count)s pulls have been started.", started)
        messages.success(request, sentence % {"count": started})
    else:
        messages.info(
            request, _("There was nothing to start: no source is switched on, or all are being pulled already.")
        )
    return redirect("pulls")


def _started(source: Source, request: HttpRequest) -> bool:
    return queue_run(source, RunTrigger.PERSON, request.user)[1]  # type: ignore[arg-type]
