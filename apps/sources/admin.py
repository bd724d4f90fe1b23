"""Sources and their pulls in the administration."""

from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from apps.accounts.models import Company
from apps.core.admin import HistoryMixin, HubAdmin, ReadOnlyAdmin, confirmed, tell

from . import selectors, services
from .choices import RunStatus, RunTrigger
from .connectors import CONNECTORS
from .forms import fieldsets_for, form_for
from .kinds import SourceKind
from .models import Source, SyncRun


def moment(value: datetime | None) -> str:
    return date_format(localtime(value), "SHORT_DATETIME_FORMAT") if value else "—"


class SourceFilter(admin.SimpleListFilter):
    """By one of the sources this person may see; there are few of them, whatever the size of the list."""

    title = gettext_lazy("source")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return list(Source.objects.visible_to(request.user).values_list("pk", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(source=int(value)) if value and value.isdecimal() else queryset


@admin.register(Source)
class SourceAdmin(HistoryMixin, HubAdmin):
    list_display = ("name", "kind", "company", "enabled", "last_pull", "next_pull")
    list_filter = ("kind", "enabled")
    search_fields = ("name", "company__name")
    actions = ("sync_selected", "test_selected", "detect_selected")
    actions_detail = ("sync_now", "test_now", "detect_now")
    change_form_outer_before_template = "admin/sources/kind.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        last = SyncRun.objects.filter(source=OuterRef("pk")).order_by("-id")
        visible = Source.objects.visible_to(request.user).select_related("company", "state").defer("state__token")
        return visible.annotate(
            last_status=Subquery(last.values("status")[:1]), last_finished=Subquery(last.values("finished_at")[:1])
        )

    # Forms

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Which system comes first: the rest of the form depends on it."""
        if self.has_add_permission(request) and request.GET.get("kind") not in CONNECTORS:
            context = {
                **self.admin_site.each_context(request),
                "title": _("Which system?"),
                "opts": self.opts,
                "kinds": [(kind, connector.label) for kind, connector in CONNECTORS.items()],
            }
            return TemplateResponse(request, "admin/sources/choose.html", context)
        return super().add_view(request, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Source | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, form=form_for(_kind(request, obj)), **kwargs)
        if "company" in form.base_fields:
            form.base_fields["company"].queryset = Company.objects.visible_to(request.user)
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Source | None = None) -> Any:
        if obj and not self.has_change_permission(request, obj):
            return [(None, {"fields": ["name", "company", "base_url", "enabled", "interval_minutes"]})]
        return fieldsets_for(_kind(request, obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Sources of files make themselves."""
        if isinstance(obj, Source) and obj.kind == SourceKind.FILE:
            return False
        return super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Source, form: Any, change: bool) -> None:
        if form.has_changed() or not change:
            super().save_model(request, obj, form, change)

    # Buttons

    def has_sync_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("sources.sync_source")

    def has_test_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.has_sync_permission(request) or self.has_change_permission(request)

    def has_detect_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        if not self.has_change_permission(request):
            return False
        kinds = [kind for kind, connector in CONNECTORS.items() if connector.detect_label]
        return object_id is None or Source.objects.filter(pk=object_id, kind__in=kinds).exists()

    @action(description=gettext_lazy("Sync now"), permissions=["sync"], icon="sync")
    def sync_now(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        source = self._visible(request, object_id)
        return confirmed(
            self,
            request,
            source,
            question=_("Start a pull of %(source)s now?") % {"source": source},
            button=_("Sync now"),
            do=partial(_sync, source, request.user),
        )

    @action(description=gettext_lazy("Test connection"), permissions=["test"], icon="lan")
    def test_now(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        source = self._visible(request, object_id)
        return confirmed(
            self,
            request,
            source,
            question=_("Call %(address)s once with the stored credentials?") % {"address": source.base_url},
            button=_("Test connection"),
            do=partial(_test, source),
        )

    @action(description=gettext_lazy("Detect DES mode"), permissions=["detect"], icon="search_insights")
    def detect_now(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        source = self._visible(request, object_id)
        return confirmed(
            self,
            request,
            source,
            question=_("Fetch one page, try which options fit it, and save them?"),
            button=str(CONNECTORS[source.kind].detect_label),
            do=partial(_detect, source),
        )

    @admin.action(description=gettext_lazy("Sync now"), permissions=["sync"])
    def sync_selected(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        for source in queryset:
            tell(request, partial(_sync, source, request.user), source.name)

    @admin.action(description=gettext_lazy("Test connection"), permissions=["test"])
    def test_selected(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        for source in queryset.filter(kind__in=CONNECTORS):
            tell(request, partial(_test, source), source.name)

    @admin.action(description=gettext_lazy("Detect DES mode"), permissions=["detect"])
    def detect_selected(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        for source in queryset:
            if self.has_detect_permission(request, source.pk):
                tell(request, partial(_detect, source), source.name)

    def _visible(self, request: HttpRequest, object_id: Any) -> Source:
        source = get_object_or_404(Source.objects.visible_to(request.user).select_related("company"), pk=object_id)
        if source.kind not in CONNECTORS:
            raise PermissionDenied
        return source

    # Columns

    @admin.display(description=gettext_lazy("last pull"))
    def last_pull(self, source: Any) -> str:
        if not source.last_status:
            return "—"
        return f"{RunStatus(source.last_status).label} · {moment(source.last_finished)}"

    @admin.display(description=gettext_lazy("next pull"))
    def next_pull(self, source: Source) -> str:
        state = getattr(source, "state", None)
        if not source.enabled or source.kind not in CONNECTORS:
            return "—"
        if state is None or state.next_due_at is None:
            return _("at once") if source.interval_minutes else _("when asked for")
        return moment(state.next_due_at)


def _kind(request: HttpRequest, obj: Source | None) -> str:
    return obj.kind if obj else request.GET.get("kind", "")


def _sync(source: Source, user: Any) -> str:
    run, started = services.queue_run(source, RunTrigger.PERSON, user)
    if started:
        return _("Pull %(number)s has been started.") % {"number": run.pk}
    return _("Pull %(number)s is at work already.") % {"number": run.pk}


def _test(source: Source) -> str:
    return str(services.test_connection(source))


def _detect(source: Source) -> str:
    """Save what fits; says each option by its label."""
    detected = services.detect_options(source)
    labels = {spec.name: spec.label for spec in CONNECTORS[source.kind].options}
    if {**source.options, **detected} != source.options:
        source.options = {**source.options, **detected}
        source.save(update_fields=["options", "updated_at"])
    options = ", ".join(f"{labels.get(name, name)}: {value or '—'}" for name, value in detected.items())
    return _("Found and saved: %(options)s.") % {"options": options}


@admin.register(SyncRun)
class SyncRunAdmin(ReadOnlyAdmin):
    list_display = (
        "id",
        "source",
        "trigger",
        "status",
        "started_at",
        "finished_at",
        "received",
        "created",
        "changed",
        "unchanged",
        "quarantined",
    )
    list_filter = (SourceFilter, "status", "trigger")
    fields = (
        "source",
        "trigger",
        "requested_by",
        "status",
        ("queued_at", "started_at", "finished_at"),
        ("received", "created", "changed", "unchanged", "quarantined"),
        ("tombstoned", "charged", "pages", "backlog"),
        "progress",
        "what_happened",
    )
    readonly_fields = ("what_happened",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SyncRun]:
        return selectors.runs(request.user).select_related("requested_by").defer("source__credentials")

    @admin.display(description=gettext_lazy("what happened"))
    def what_happened(self, run: SyncRun) -> str:
        return "\n".join(str(message) for message in [run.error_message, *run.note_messages] if message) or "—"
