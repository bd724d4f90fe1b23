"""Imports of accounts and of dimension items: a file is read, its plan shown, and then carried out whole.

The plan's page carries the rows in its form: nothing is stored between the two steps, and the second one plans them
anew under the lock. While a row is refused, nothing can be imported: a chart without some of its parents is none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.accounts.models import Company
from apps.core import refusals
from apps.core.errors import BadRecord
from apps.vouchers.charts import planning, services, tables
from apps.vouchers.charts.forms import TableForm
from apps.vouchers.models import AccountBook

_MOST_SHOWN = 500
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[dict[str, str]]).decode


@dataclass(frozen=True)
class AccountImport:
    """An import into the chart of a book. ``back``: the list; the other addresses are those of the two steps."""

    owner: AccountBook
    back: str
    upload_address: str
    apply_address: str
    columns: ClassVar[Mapping[str, Sequence[str]]] = tables.ACCOUNT_COLUMNS
    required: ClassVar[Sequence[str]] = ("code", "name")
    field: ClassVar[str] = "book"
    page: ClassVar[str] = "accounts"

    def plan(self, raw: Sequence[tables.Raw]) -> Sequence[planning.PlannedAccount]:
        return planning.accounts(self.owner, raw)

    def carry_out(self, raw: Sequence[tables.Raw]) -> dict[str, int]:
        return services.import_accounts(self.owner, raw)


@dataclass(frozen=True)
class ItemImport:
    """An import into the dimension lists of a company; fields as in ``AccountImport``."""

    owner: Company
    back: str
    upload_address: str
    apply_address: str
    columns: ClassVar[Mapping[str, Sequence[str]]] = tables.ITEM_COLUMNS
    required: ClassVar[Sequence[str]] = ("kind", "name")
    field: ClassVar[str] = "company"
    page: ClassVar[str] = "items"

    def plan(self, raw: Sequence[tables.Raw]) -> Sequence[planning.PlannedItem]:
        return planning.items(self.owner, raw)

    def carry_out(self, raw: Sequence[tables.Raw]) -> dict[str, int]:
        return services.import_items(self.owner, raw)


Import = AccountImport | ItemImport


def upload(request: HttpRequest, its: Import) -> HttpResponse:
    """The form (GET), or the plan of the file (POST)."""
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        with refusals.on_form(form, "file"):
            return _plan(request, its, tables.read(file, file.name, its.columns, its.required))
    return render(request, "vouchers/charts/import.html", {"form": form, "its": its})


def apply(request: HttpRequest, its: Import) -> HttpResponse:
    """Carry out the plan; when a row is refused by now, show it again."""
    try:
        raw = _decode(request.POST.get("rows", ""))
    except msgspec.DecodeError:
        return render(request, "400.html", status=400)
    refusal = refusals.on_page(request)
    with refusal:
        if len(raw) > tables.MOST:
            raise BadRecord("chart_import.too_many", most=tables.MOST)
        done = its.carry_out(raw)
        messages.success(request, _("%(new)s made, %(changed)s changed, %(same)s the same.") % done)
    return _plan(request, its, raw) if refusal else redirect(its.back)


def template(columns: Mapping[str, Sequence[str]], name: str) -> HttpResponse:
    response = HttpResponse(tables.template(columns), content_type=_XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _plan(request: HttpRequest, its: Import, raw: Sequence[tables.Raw]) -> HttpResponse:
    planned: Any = its.plan(raw[: tables.MOST])
    order = {planning.Outcome.REFUSED: 0, planning.Outcome.CHANGED: 1, planning.Outcome.NEW: 2}
    shown = sorted(planned, key=lambda one: (order.get(one.outcome, 3), one.row.line))[:_MOST_SHOWN]
    context = {
        "its": its,
        "planned": shown,
        "counts": planning.counts(planned),
        "hidden": len(planned) - len(shown),
        "rows": _encode(raw).decode(),
    }
    return render(request, "vouchers/charts/import_plan.html", context)
