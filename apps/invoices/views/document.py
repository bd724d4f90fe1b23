"""One invoice: its values beside those of each source, its history, and the conflicts a person settles."""

import itertools
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.selectors import by_colleague
from apps.core.views import needs
from apps.invoices.advice import ADVICE
from apps.invoices.choices import ConflictState, Status
from apps.invoices.comparison import Column, changed_fields, compare, label, shown
from apps.invoices.forms import SettleForm
from apps.invoices.ingest import Version
from apps.invoices.masters import master_ids
from apps.invoices.models import FieldConflict, Invoice, SourceRecord
from apps.invoices.payloads import Change, changes, readable
from apps.invoices.selectors import ledger
from apps.invoices.services import reader, reopen_conflict, settle_conflict
from apps.sources.models import RawRecord
from apps.sources.records import loads

_MOST_VERSIONS = 20
_MOST_LINES = 500


@dataclass(frozen=True)
class Claim:
    """A disputed value and the sources that state it."""

    value: str
    text: str
    sources: list[str]


@dataclass(frozen=True)
class Step:
    """One version of a record: ``fields`` that changed (label, before, after), and every place that differs."""

    version: RawRecord
    fields: list[tuple[str | Promise, str, str]]
    changes: list[Change]


@require_safe
@needs("invoices.view_invoice")
def invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of an invoice; a merged one redirects to its master."""
    master_id = master_ids([pk]).get(pk, pk)
    shown_invoice = get_object_or_404(ledger(request.user).select_related("buyer", "seller"), pk=master_id)
    return redirect("invoice", pk=master_id) if master_id != pk else _page(request, shown_invoice)


def _page(request: HttpRequest, invoice: Invoice, failed: SettleForm | None = None) -> HttpResponse:
    columns = _columns(request, invoice)
    current = invoice.conflicts.exclude(state=ConflictState.GONE).select_related("settled_by").order_by("pk")
    conflicts = list(current.annotate(by_colleague=by_colleague(request.user, "settled_by")))
    context = {
        "invoice": invoice,
        "columns": columns,
        "hidden": len(invoice.source_ids) - len({column.source_record.source_id for column in columns}),
        "rows": compare(invoice, columns, conflicts),
        "lines": invoice.lines.all()[:_MOST_LINES],
        "journey": next((column.record.travel for column in columns if column.record.travel), None)
        if invoice.travel
        else None,
        "flags": [(flag, ADVICE.get(flag, "")) for flag in invoice.flags],
        "conflicts": [_dispute(conflict, columns) for conflict in conflicts],
        "statuses": Status.choices,
        "failed": failed,
        "companies": {column.source_record.source.company for column in columns},
    }
    return render(request, "invoices/detail.html", context, status=400 if failed else 200)


def _columns(request: HttpRequest, invoice: Invoice) -> list[Column]:
    """The source records of sources this person may see."""
    source_records = (
        SourceRecord.objects.visible_to(request.user)
        .filter(invoice=invoice)
        .select_related("source__company")
        .order_by("source__name", "pk")
    )
    return [Column(source_record, loads(source_record.record)) for source_record in source_records]


def _dispute(conflict: FieldConflict, columns: list[Column]) -> dict[str, object]:
    names = {column.source_record.source_id: column.source_record.source.name for column in columns}
    sources_of_value: dict[str, list[str]] = {}
    for claim in conflict.claims:
        sources_of_value.setdefault(claim["value"], []).append(
            names.get(claim["source_id"], _("another company's source"))
        )
    claims = [
        Claim(value, shown(conflict.field, value), sorted(set(claimants)))
        for value, claimants in sources_of_value.items()
    ]
    return {
        "conflict": conflict,
        "label": label(conflict.field),
        "claims": claims,
        "chosen": shown(conflict.field, conflict.chosen),
        "about_number": conflict.field.startswith("key:"),
    }


@require_safe
@needs("invoices.view_invoice")
def raw(request: HttpRequest, pk: int, source_record: int) -> HttpResponse:
    """The raw record the source sent last, personal numbers masked. For everybody who sees the invoice."""
    row = _source_record(request, pk, source_record)
    payload = RawRecord.objects.values_list("payload", flat=True).get(pk=row.raw_id)
    return render(request, "invoices/raw.html", {"text": readable(payload), "source_record": row})


@require_safe
@needs("invoices.view_invoice")
def history(request: HttpRequest, pk: int, source_record: int) -> HttpResponse:
    """The versions of one record, newest first, each with the changes: in canonical fields, and in the payload."""
    row = _source_record(request, pk, source_record)
    versions = list(
        RawRecord.objects.filter(source=row.source_id, external_id=row.external_id)
        .select_related("run")
        .order_by("-pk")[: _MOST_VERSIONS + 1]
    )
    parse = reader(row.source)
    records = [Version.stored(row.external_id, version.pk, version.payload, parse).record for version in versions]
    steps = [
        Step(
            newer,
            changed_fields(before, after) if before and after else [],
            changes(older.payload, newer.payload),
        )
        for (newer, older), (after, before) in zip(
            itertools.pairwise(versions), itertools.pairwise(records), strict=True
        )
    ]
    first = versions[-1] if len(versions) <= _MOST_VERSIONS and versions else None
    return render(request, "invoices/history.html", {"steps": steps, "first": first})


def _source_record(request: HttpRequest, pk: int, source_record: int) -> SourceRecord:
    invoice = get_object_or_404(ledger(request.user), pk=pk)
    return get_object_or_404(SourceRecord.objects.visible_to(request.user), invoice=invoice, pk=source_record)


@require_POST
@needs("invoices.settle_fieldconflict")
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    conflict = _conflict(request, pk)
    form = SettleForm(request.POST, conflict=conflict)
    if not form.is_valid():
        return _page(request, conflict.invoice, form)
    settle_conflict(conflict, form.cleaned_data["value"], form.cleaned_data["reason"], request.user)  # type: ignore[arg-type]
    messages.success(request, _("Settled: %(field)s.") % {"field": label(conflict.field)})
    return redirect("invoice", pk=conflict.invoice_id)


@require_POST
@needs("invoices.settle_fieldconflict")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    conflict = _conflict(request, pk)
    reopen_conflict(conflict, request.user)  # type: ignore[arg-type]
    messages.success(request, _("Undone: %(field)s is open again.") % {"field": label(conflict.field)})
    return redirect("invoice", pk=conflict.invoice_id)


def _conflict(request: HttpRequest, pk: int) -> FieldConflict:
    visible = FieldConflict.objects.filter(invoice__in=ledger(request.user))
    return get_object_or_404(visible.select_related("invoice__buyer", "invoice__seller"), pk=pk)
