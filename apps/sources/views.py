"""Pulls: what runs, what ran, what it brought, and the buttons that start and stop one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from apps.core import keyset, refusals
from apps.core.views import needs, partial, place_to_return

from .choices import RunStatus, RunTrigger
from .connectors import CONNECTORS
from .models import Source
from .selectors import runs
from .services import cancel_run, queue_run

_PAGE_SIZE = 50
_NEWEST_FIRST = keyset.Order(field=None)


@require_safe
@needs("sources.view_syncrun")
def pull_list(request: HttpRequest) -> HttpResponse:
    """Newest first. While something runs, its part of the page asks for itself again every two seconds."""
    chosen = {"source": request.GET.get("source", ""), "status": request.GET.get("status", "")}
    found = runs(request.user).select_related("source", "requested_by")
    if chosen["source"].isdecimal():
        found = found.filter(source=int(chosen["source"]))
    if chosen["status"] in RunStatus.values:
        found = found.filter(status=chosen["status"])
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = keyset.page(found, _NEWEST_FIRST, _PAGE_SIZE, after, before)
    context = {
        "page": page,
        "live": any(run.is_active for run in page.rows),
        "chosen": chosen,
        "statuses": RunStatus.choices,
        "sources": Source.objects.visible_to(request.user),
    }
    return render(request, "pulls/rows.html" if partial(request) else "pulls/list.html", context)


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
    wanted = Source.objects.visible_to(request.user).filter(enabled=True, kind__in=CONNECTORS)
    started = sum(_started(source, request) for source in wanted)
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
