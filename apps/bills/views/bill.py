"""Views of one bill: its page, its head, its lines, its steps."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.visibility import visible_company_ids
from apps.bills import approving, services, states
from apps.bills.assistant.panels import panel
from apps.bills.compliance import gate
from apps.bills.compliance.selectors import checked, with_invoices
from apps.bills.forms import BillForm, BillInvoiceForm, BillLineForm
from apps.bills.input_tax.selectors import cost_type_names, may_decide, tax_totals
from apps.bills.models import Bill, BillInvoice
from apps.bills.permissions import may_take
from apps.bills.selectors import amounts_of, differences
from apps.bills.states import Action, State
from apps.core import refusals
from apps.core.views import needs

_MOST_STEPS = 100
_STEPS: Mapping[Action, Callable[..., Bill]] = {
    Action.SUBMIT: services.submit,
    Action.APPROVE: services.approve,
    Action.BOOK: services.book,
    Action.REJECT: services.reject,
    Action.WITHDRAW: services.withdraw,
    Action.UNAPPROVE: services.unapprove,
    Action.UNBOOK: services.unbook,
    Action.DISCARD: services.discard,
    Action.REOPEN: services.reopen,
}


def visible_bill(request: HttpRequest, pk: int) -> Bill:
    """The bill, if this person may see it; 404 otherwise."""
    return get_object_or_404(
        Bill.objects.visible_to(request.user)
        .select_related("company", "source", "created_by")
        .defer("source__credentials"),
        pk=pk,
    )


def seen_revision(request: HttpRequest) -> int | None:
    """The revision of the bill that the submitted page showed; None without one."""
    revision = request.POST.get("revision", "")
    return int(revision) if revision.isdecimal() else None


def tried(request: HttpRequest, act: Callable[[], Any], done: str = "") -> bool:
    """Call ``act`` and show ``done``, or show why it was refused; whether it succeeded."""
    with refusals.on_page(request):
        act()
        if done:
            messages.success(request, done)
        return True
    return False


@require_safe
@needs("bills.view_bill")
def bill_detail(request: HttpRequest, pk: int) -> HttpResponse:
    bill = visible_bill(request, pk)
    bill_invoices = with_invoices(bill)
    is_draft = bill.is_own and State(bill.state) in states.EDITABLE
    ahead = gate.ahead(bill)
    amounts = amounts_of([bill])[bill.pk]
    may_approve = ahead == Action.APPROVE and may_take(request.user, Action.APPROVE)
    context = {
        "bill": bill,
        "bill_invoices": bill_invoices,
        "checks": checked(bill, request.user, bill_invoices),
        "ahead": ahead,
        "not_approvable": approving.refusals([bill], request.user).get(bill.pk) if may_approve else None,  # type: ignore[arg-type]
        "may_override": ahead and request.user.has_perm("bills.override_check"),
        "lines": [(line, amounts.by_line[line.pk]) for line in bill.lines.all()],
        "amounts": amounts,
        "differences": differences(bill),
        "visible": visible_company_ids(request.user),
        "assistant": panel(bill, bill_invoices),
        "steps": list(bill.timeline.select_related("user")[:_MOST_STEPS]),
        "tax_totals": tax_totals(bill_invoices),
        "may_decide_tax": may_decide(bill, request.user),
        "editable": is_draft and request.user.has_perm("bills.change_bill"),
        "actions": [
            (action, action in states.NEEDS_REASON)
            for action in states.actions(State(bill.state))
            if bill.is_own and may_take(request.user, action)
        ],
    }
    return render(request, "bills/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("bills.add_bill")
def new_bill(request: HttpRequest) -> HttpResponse:
    form = BillForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        with refusals.on_form(form, "number"):
            bill = services.create_bill(values.pop("company"), request.user, **values)  # type: ignore[arg-type]
            return redirect("pick_invoices", pk=bill.pk)
    return render(request, "bills/form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("bills.change_bill")
def edit_bill(request: HttpRequest, pk: int) -> HttpResponse:
    bill = visible_bill(request, pk)
    form = BillForm(request.POST or None, instance=bill, user=request.user)
    if request.method == "POST" and form.is_valid():
        with refusals.on_form(form):
            services.edit_bill(bill, request.user, seen_revision(request), **form.cleaned_data)  # type: ignore[arg-type]
            return redirect("bill", pk=pk)
    return render(request, "bills/form.html", {"form": form, "bill": bill})


@require_POST
@needs("bills.view_bill")
def step(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Take one step, with a reason where one is needed. Before a step forward, warnings that the person has not
    confirmed are shown for confirmation."""
    bill = visible_bill(request, pk)
    try:
        chosen = Action(action)
    except ValueError as error:
        raise Http404 from error
    if not may_take(request.user, chosen):
        raise PermissionDenied
    if chosen == gate.ahead(bill):
        report = checked(bill, request.user)
        if report.warnings and not report.blocking and request.POST.get("warned") != report.warned:
            return render(request, "bills/confirm.html", {"bill": bill, "action": chosen, "checks": report})
    reason = {"reason": request.POST.get("reason", "")} if chosen in states.NEEDS_REASON else {}
    act = partial(_STEPS[chosen], bill, request.user, revision=seen_revision(request), **reason)
    if tried(request, act):
        bill.refresh_from_db(fields=["state"])
        sentence = _("Bill %(bill)s: %(state)s. The invoices on it follow.")
        messages.success(request, sentence % {"bill": bill.number, "state": bill.get_state_display()})
    return redirect("bill", pk=pk)


@require_POST
@needs("bills.change_bill")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    bill = visible_bill(request, pk)
    done = _("Bill %(bill)s was deleted; its invoices are free.") % {"bill": bill.number}
    if tried(request, lambda: services.delete_bill(bill, request.user, seen_revision(request)), done):  # type: ignore[arg-type]
        return redirect("bills")
    return redirect("bill", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("bills.change_bill")
def line(request: HttpRequest, pk: int, line_id: int | None = None) -> HttpResponse:
    """Add a line, or change one."""
    bill = visible_bill(request, pk)
    instance = get_object_or_404(bill.lines, pk=line_id) if line_id else None
    form = BillLineForm(request.POST or None, instance=instance)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with refusals.on_form(form):
            services.put_line(bill, request.user, seen_revision(request), instance, **values)  # type: ignore[arg-type]
            return redirect("bill", pk=pk)
    context = {"form": form, "bill": bill, "line": instance, "cost_types": cost_type_names(bill.company_id)}
    return render(request, "bills/line.html", context)


@require_POST
@needs("bills.change_bill")
def drop_line(request: HttpRequest, pk: int, line_id: int) -> HttpResponse:
    bill = visible_bill(request, pk)
    bill_line = get_object_or_404(bill.lines, pk=line_id)
    tried(request, lambda: services.drop_line(bill, bill_line, request.user, seen_revision(request)))  # type: ignore[arg-type]
    return redirect("bill", pk=pk)


@require_POST
@needs("bills.change_bill")
def use_partly(request: HttpRequest, pk: int, line_id: int) -> HttpResponse:
    bill = visible_bill(request, pk)
    bill_line = get_object_or_404(bill.lines, pk=line_id)
    done = _("The invoices of line %(position)s are used up to its amount.") % {"position": bill_line.position}
    tried(request, lambda: services.use_partly(bill, bill_line, request.user, seen_revision(request)), done)  # type: ignore[arg-type]
    return redirect("bill", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("bills.change_bill")
def bill_invoice(request: HttpRequest, pk: int, bill_invoice_id: int) -> HttpResponse:
    """Edit line, amount and deduction of an invoice on the bill."""
    bill = visible_bill(request, pk)
    on_bill = get_object_or_404(BillInvoice.objects.select_related("invoice", "bill"), pk=bill_invoice_id, bill=bill)
    form = BillInvoiceForm(request.POST or None, instance=on_bill)
    if request.method == "POST" and form.is_valid():
        with refusals.on_form(form):
            services.adjust_bill_invoice(bill, on_bill, request.user, seen_revision(request), **form.changes())  # type: ignore[arg-type]
            return redirect("bill", pk=pk)
    return render(request, "bills/bill_invoice.html", {"form": form, "bill": bill, "bill_invoice": on_bill})
