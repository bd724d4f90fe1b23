"""One invoice: what counts, what each source says, its history, and the conflicts a person settles."""

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
from apps.invoices.comparison import Statement, compare, label, said_anew, shown
from apps.invoices.forms import SettleForm
from apps.invoices.ingest import read_stored
from apps.invoices.models import FieldConflict, Invoice, SourceRecord
from apps.invoices.payloads import Change, changes, readable
from apps.invoices.selectors import ledger
from apps.invoices.services import reader, reopen_conflict, settle_conflict
from apps.sources.models import RawRecord
from apps.sources.records import InvoiceRecord, loads

_MOST_VERSIONS = 20
_MOST_LINES = 500


@dataclass(frozen=True)
class Column:
    """A source record with the record it holds, read once."""

    source_record: SourceRecord
    record: InvoiceRecord

    @property
    def statement(self) -> Statement:
        return Statement(self.source_record.source.kind, self.record, self.source_record.deleted)


@dataclass(frozen=True)
class Claim:
    """A value in dispute and the sources that say it."""

    value: str
    text: str
    sources: list[str]


@dataclass(frozen=True)
class Step:
    """One version of a record: ``fields`` it says anew (field, before, after), and every place that differs."""

    version: RawRecord
    fields: list[tuple[str | Promise, str, str]]
    changes: list[Change]


@require_safe
@needs("invoices.view_invoice")
def invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """A document that was joined to another one sends its old links there."""
    shell = Invoice.objects.filter(pk=pk).exclude(merged_into=None).values_list("merged_into", flat=True).first()
    if shell is not None:
        get_object_or_404(ledger(request.user), pk=shell)
        return redirect("invoice", pk=shell)
    found = get_object_or_404(ledger(request.user).select_related("buyer", "seller"), pk=pk)
    return _page(request, found)


def _page(request: HttpRequest, found: Invoice, failed: SettleForm | None = None) -> HttpResponse:
    columns = _columns(request, found)
    alive = found.conflicts.exclude(state=ConflictState.GONE).select_related("settled_by").order_by("pk")
    conflicts = list(alive.annotate(by_colleague=by_colleague(request.user, "settled_by")))
    context = {
        "invoice": found,
        "columns": columns,
        "hidden": len(found.source_ids) - len({column.source_record.source_id for column in columns}),
        "rows": compare(found, [column.statement for column in columns], conflicts),
        "lines": found.lines.all()[:_MOST_LINES],
        "journey": next((column.record.travel for column in columns if column.record.travel), None)
        if found.travel
        else None,
        "flags": [(flag, ADVICE.get(flag, "")) for flag in found.flags],
        "conflicts": [_dispute(conflict, columns) for conflict in conflicts],
        "statuses": Status.choices,
        "failed": failed,
        "companies": {column.source_record.source.company for column in columns},
    }
    return render(request, "invoices/detail.html", context, status=400 if failed else 200)


def _columns(request: HttpRequest, found: Invoice) -> list[Column]:
    """The source records of sources this person may see."""
    source_records = (
        SourceRecord.objects.visible_to(request.user)
        .filter(invoice=found)
        .select_related("source__company")
        .order_by("source__name", "pk")
    )
    return [Column(source_record, loads(source_record.record)) for source_record in source_records]


def _dispute(conflict: FieldConflict, columns: list[Column]) -> dict[str, object]:
    names = {column.source_record.source_id: column.source_record.source.name for column in columns}
    said: dict[str, list[str]] = {}
    for claim in conflict.claims:
        said.setdefault(claim["value"], []).append(names.get(claim["source_id"], _("another company's source")))
    claims = [Claim(value, shown(conflict.field, value), sorted(set(who))) for value, who in said.items()]
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
    """What the source sent last, personal numbers masked. For everybody who sees the invoice."""
    found = _source_record(request, pk, source_record)
    payload = RawRecord.objects.values_list("payload", flat=True).get(pk=found.raw_id)
    return render(request, "invoices/raw.html", {"text": readable(payload), "source_record": found})


@require_safe
@needs("invoices.view_invoice")
def history(request: HttpRequest, pk: int, source_record: int) -> HttpResponse:
    """The versions of one record, newest first, each with what it changed: in our words, and to the letter."""
    found = _source_record(request, pk, source_record)
    versions = list(
        RawRecord.objects.filter(source=found.source_id, external_id=found.external_id)
        .select_related("run")
        .order_by("-pk")[: _MOST_VERSIONS + 1]
    )
    read = reader(found.source)
    records = [read_stored(found.external_id, version.payload, read)[0] for version in versions]
    steps = [
        Step(
            newer,
            said_anew(before, after) if before and after else [],
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
