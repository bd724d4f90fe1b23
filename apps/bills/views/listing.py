"""The list of bills, and the import of bills from a file."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from apps.bills import imports
from apps.bills.assistant.selectors import for_people
from apps.bills.filters import BillFilter
from apps.bills.forms import UploadForm
from apps.bills.models import Bill
from apps.bills.selectors import amounts_of
from apps.core.lists import ListView
from apps.core.views import needs

_SALT = "bills.import"


class BillList(ListView[Bill]):
    """The newest first, with number and amount of the invoices of each bill."""

    permission = "bills.view_bill"
    template = "bills/list.html"
    visible = staticmethod(Bill.objects.visible_to)
    filter_class = BillFilter
    related = ("company",)

    def extra_context(self) -> dict[str, Any]:
        return {"amounts": amounts_of(self.page.rows), "messages_wait": for_people(self.request.user).exists()}


@require_http_methods(["GET", "HEAD", "POST"])
@needs("bills.add_bill")
def import_bills(request: HttpRequest) -> HttpResponse:
    """Show a preview that carries the signed rows of the file; create the bills when it is confirmed."""
    context: dict[str, Any] = {"form": UploadForm(), "columns": imports.COLUMNS, "required": imports.REQUIRED}
    if request.method == "POST" and "rows" in request.POST:
        return _confirmed(request)
    if request.method == "POST":
        context["form"] = form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                rows = imports.read(form.cleaned_data["file"])
            except imports.BadSheetError as error:
                form.add_error("file", str(error))
            else:
                planned = imports.plan(rows, request.user)  # type: ignore[arg-type]
                context |= {
                    "planned": planned,
                    "rows": signing.dumps(rows, salt=_SALT, compress=True),
                    "fitting": sum(1 for one in planned if one.fits),
                }
    return render(request, "bills/import.html", context)


def _confirmed(request: HttpRequest) -> HttpResponse:
    try:
        rows = signing.loads(request.POST["rows"], salt=_SALT, max_age=3600)
    except signing.BadSignature:
        messages.error(request, _("This preview is too old. Choose the file again."))
        return redirect("import_bills")
    planned = imports.plan(rows, request.user)  # type: ignore[arg-type]
    done = imports.carry_out([one for one in planned if one.fits], request.user)  # type: ignore[arg-type]
    if done.made:
        sentence = ngettext("%(count)s bill was made.", "%(count)s bills were made.", done.made)
        messages.success(request, sentence % {"count": done.made})
    for number, why in done.refused[:20]:
        messages.error(request, f"{number}: {why}")
    if not done.made and not done.refused:
        messages.info(request, _("There was nothing to make."))
    return redirect("bills")
