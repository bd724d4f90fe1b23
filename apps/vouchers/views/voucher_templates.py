"""Templates of vouchers: keep one, use it, rename it, remove it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.core import refusals
from apps.core.views import needs
from apps.vouchers import selectors, voucher_templates
from apps.vouchers.forms import TemplateNameForm
from apps.vouchers.models import VoucherTemplate


@require_safe
@needs("vouchers.view_vouchertemplate")
def templates(request: HttpRequest) -> HttpResponse:
    rows = [(row, voucher_templates.entries_of(row)) for row in voucher_templates.visible(request.user)]
    return render(request, "vouchers/templates.html", {"rows": rows})


@require_POST
@needs("vouchers.add_vouchertemplate")
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the entries of a voucher as a template."""
    voucher = get_object_or_404(selectors.vouchers(request.user), pk=pk)
    name, user = _name(request), request.user
    if name:
        with refusals.on_page(request):
            voucher_templates.keep(voucher, name, user)  # type: ignore[arg-type]
            messages.success(request, _("The entries are kept as template %(name)s.") % {"name": name})
    return redirect("voucher", pk)


@require_POST
@needs("vouchers.add_voucher")
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a draft from a template."""
    template, user = _seen(request, pk), request.user
    with refusals.on_page(request):
        with_amounts = "with_amounts" in request.POST
        made = voucher_templates.draft(template, user, with_amounts=with_amounts)  # type: ignore[arg-type]
        return redirect("edit_voucher", made.pk)
    return redirect("voucher_templates")


@require_POST
@needs("vouchers.change_vouchertemplate")
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    template, name = _seen(request, pk), _name(request)
    if name:
        with refusals.on_page(request):
            voucher_templates.rename(template, name)
    return redirect("voucher_templates")


@require_POST
@needs("vouchers.delete_vouchertemplate")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    template = _seen(request, pk)
    template.delete()
    messages.success(request, _("The template %(name)s has been removed.") % {"name": template})
    return redirect("voucher_templates")


def _seen(request: HttpRequest, pk: int) -> VoucherTemplate:
    return get_object_or_404(voucher_templates.visible(request.user), pk=pk)


def _name(request: HttpRequest) -> str:
    """The entered name; '' when it is missing or too long, which the next page says."""
    form: Any = TemplateNameForm(request.POST)
    if form.is_valid():
        return str(form.cleaned_data["name"])
    for errors in form.errors.values():
        messages.error(request, " ".join(errors))
    return ""
