"""The cover sheet on a bill's page."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.bills.forms import CoverForm
from apps.bills.models import BillCover
from apps.bills.views.bill import seen_revision, tried, visible_bill
from apps.core import refusals
from apps.core.views import needs

from . import services


@require_http_methods(["GET", "HEAD", "POST"])
@needs("bills.change_bill")
def put(request: HttpRequest, pk: int) -> HttpResponse:
    bill = visible_bill(request, pk)
    form = CoverForm(request.POST or None, request.FILES or None, initial={"number": bill.number})
    if request.method == "POST" and form.is_valid():
        user: Any = request.user
        file = form.cleaned_data["file"]
        with refusals.on_form(form):
            services.put_cover(bill, user, file, form.file_type, form.cleaned_data["number"], seen_revision(request))
            return redirect("bill", pk=pk)
    return render(request, "bills/cover.html", {"form": form, "bill": bill})


@require_POST
@needs("bills.change_bill")
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    bill = visible_bill(request, pk)
    user: Any = request.user
    tried(request, lambda: services.drop_cover(bill, user, seen_revision(request)), _("The cover sheet is gone."))
    return redirect("bill", pk=pk)


@require_safe
@needs("bills.view_bill")
def show(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as an attachment, because the browser must not render uploaded content under our origin."""
    cover = get_object_or_404(BillCover, bill=visible_bill(request, pk))
    return FileResponse(cover.file.open("rb"), as_attachment=True, filename=f"{cover.number}.{cover.file_type}")
