"""Imports a file of vouchers: upload it, review its plan, carry it out."""

from datetime import timedelta
from typing import Any

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.core import refusals
from apps.core.views import needs
from apps.vouchers import files, importing
from apps.vouchers.forms import ImportForm
from apps.vouchers.models import VoucherImport

_KEPT = timedelta(days=1)
_MOST_SHOWN = 500
_encode = msgspec.json.Encoder(decimal_format="string").encode


@require_http_methods(["GET", "HEAD", "POST"])
@needs("vouchers.add_voucher")
@needs("vouchers.change_voucher")
def upload(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        with refusals.on_form(form, "file"):
            content = _encode(files.vouchers(file, file.name)).decode()
            VoucherImport.objects.filter(created_at__lt=timezone.now() - _KEPT).delete()
            user: Any = request.user
            voucher_import = VoucherImport.objects.create(user=user, name=file.name[:200], content=content)
            return redirect("voucher_import", voucher_import.pk)
    return render(request, "vouchers/import.html", {"form": form, "columns": files.column_labels()})


@require_http_methods(["GET", "HEAD"])
@needs("vouchers.add_voucher")
@needs("vouchers.change_voucher")
def look(request: HttpRequest, pk: int) -> HttpResponse:
    voucher_import = get_object_or_404(VoucherImport, pk=pk, user=request.user)
    planned = importing.plan(_rows(voucher_import), request.user)
    return render(request, "vouchers/import_plan.html", {"voucher_import": voucher_import, **_overview(planned)})


@require_POST
@needs("vouchers.add_voucher")
@needs("vouchers.change_voucher")
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Carry out the plan; the page shows the refused rows with their reasons."""
    voucher_import = get_object_or_404(VoucherImport, pk=pk, user=request.user)
    planned = importing.plan(_rows(voucher_import), request.user)
    made, changed = importing.carry_out(planned, request.user)  # type: ignore[arg-type]
    voucher_import.delete()
    done = {"made": made, "changed": changed}
    messages.success(request, _("%(made)s vouchers made, %(changed)s changed.") % done)
    refused = [one for one in planned if one.problems]
    if not refused:
        return redirect("vouchers")
    return render(
        request, "vouchers/import_plan.html", {"voucher_import": voucher_import, "done": True, **_overview(refused)}
    )


def _rows(voucher_import: VoucherImport) -> list[tuple[int, dict[str, Any]]]:
    return msgspec.json.decode(voucher_import.content, type=list[tuple[int, dict[str, Any]]])


def _overview(planned: list[importing.Planned]) -> dict[str, Any]:
    """The rows to show, refused ones first, and their counts."""
    shown = sorted(planned, key=lambda one: (not one.problems, one.row.line))[:_MOST_SHOWN]
    counts = {outcome.value: sum(one.outcome == outcome for one in planned) for outcome in importing.Outcome}
    return {"planned": shown, "counts": counts, "hidden": len(planned) - len(shown)}
