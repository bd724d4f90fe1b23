"""The page of a voucher, the preview of its collect, and the actions on one or several vouchers."""

from collections.abc import Callable
from typing import Any

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.core import refusals
from apps.core.errors import HubError
from apps.core.history import changes_of
from apps.core.views import needs, partial
from apps.vouchers import (
    auditing,
    bulk_actions,
    checks,
    corrections,
    deductions,
    lifeline,
    locking,
    pushing,
    selectors,
    services,
)
from apps.vouchers.forms import numbers
from apps.vouchers.models import Voucher
from apps.vouchers.pushing import MOST_AT_ONCE
from apps.vouchers.states import Action


@require_safe
@needs("vouchers.view_voucher")
def voucher(request: HttpRequest, pk: int) -> HttpResponse:
    document = _seen(request, pk)
    content = selectors.content_of(document)
    context = {
        "voucher": document,
        "content": content,
        "problems": sorted(selectors.problems_of(document, content), key=lambda problem: not problem.blocking),
        "links": deductions.explained(document, selectors.invoice_links(document, request.user)[0]),
        "bills": document.bill_links.select_related("bill").order_by("pk"),
        "pushes": pushing.timeline(document),
        "changes": changes_of(document)[:20],
        "steps": lifeline.steps(document),
        "reversal": selectors.live_reversals([document.pk]).get(document.pk),
        **_possible(document, request),
    }
    return render(request, "vouchers/detail.html", context)


def _possible(voucher: Voucher, request: HttpRequest) -> dict[str, Any]:
    """``can``: which actions the state allows; ``not_auditable``: why this person may not audit it, None: they may."""
    can = {action.value: locking.possible(voucher, action) is not None for action in Action}
    asked = can["audit"] and request.user.has_perm("vouchers.audit_voucher")
    refused = auditing.duty_refusals([voucher], request.user) if asked else {}  # type: ignore[arg-type]
    irreversible = corrections.refusal(voucher) if can["reverse"] else None
    return {"can": can, "not_auditable": refused.get(voucher.pk), "irreversible": irreversible}


@require_safe
@needs("vouchers.view_voucher")
def upstream(request: HttpRequest, pk: int) -> HttpResponse:
    """The pushes of a voucher; the page loads this again while one is unsettled."""
    voucher = _seen(request, pk)
    return render(request, "vouchers/pushes.html", {"voucher": voucher, "pushes": pushing.timeline(voucher)})


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the request of a collect (GET) or collect the voucher (POST)."""
    return _collect(request, pk) if request.method == "POST" else _preview(request, pk)


@needs("vouchers.view_voucher")
def _preview(request: HttpRequest, pk: int) -> HttpResponse:
    voucher = _seen(request, pk)
    content = selectors.content_of(voucher)
    problems = selectors.problems_of(voucher, content)
    body = pushing.request_body(voucher, content)
    context = {
        "voucher": voucher,
        "content": content,
        "body": msgspec.json.format(msgspec.json.encode(body)).decode(),
        "blocking": checks.blocking(problems),
        "warnings": [problem for problem in problems if not problem.blocking],
        "may": locking.possible(voucher, Action.COLLECT) is not None,
    }
    return render(request, "vouchers/preview.html", context)


@needs("vouchers.collect_voucher")
def _collect(request: HttpRequest, pk: int) -> HttpResponse:
    voucher = _seen(request, pk)
    revision = _revision(request)
    return _done(
        request,
        voucher,
        lambda: pushing.queue_collect(voucher.pk, revision, request.user),  # type: ignore[arg-type]
        _("Voucher %(voucher)s is on its way to the upstream system.") % {"voucher": voucher},
    )


@require_POST
@needs("vouchers.audit_voucher")
def audit(request: HttpRequest, pk: int) -> HttpResponse:
    voucher = _seen(request, pk)
    revision = _revision(request)
    return _done(
        request,
        voucher,
        lambda: auditing.audit_one(voucher.pk, revision, request.user),  # type: ignore[arg-type]
        _("The voucher is audited and has its number."),
    )


@require_POST
@needs("vouchers.audit_voucher")
def unaudit(request: HttpRequest, pk: int) -> HttpResponse:
    voucher = _seen(request, pk)
    revision = _revision(request)
    return _done(
        request,
        voucher,
        lambda: auditing.unaudit_one(voucher.pk, revision, request.user),  # type: ignore[arg-type]
        _("Voucher %(voucher)s is a draft again.") % {"voucher": voucher},
    )


@require_POST
@needs("vouchers.void_voucher")
def void(request: HttpRequest, pk: int) -> HttpResponse:
    voucher = _seen(request, pk)
    revision, reason = _revision(request), request.POST.get("reason", "")
    return _done(
        request,
        voucher,
        lambda: pushing.queue_void(voucher.pk, revision, request.user, reason),  # type: ignore[arg-type]
        _("Voucher %(voucher)s is void. What the upstream system has of it is voided there.") % {"voucher": voucher},
    )


@require_POST
@needs("vouchers.change_voucher")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    voucher = _seen(request, pk)
    revision = _revision(request)
    return _done(
        request,
        voucher,
        lambda: services.reopen(voucher.pk, revision),
        _("Voucher %(voucher)s is a draft again.") % {"voucher": voucher},
    )


@require_POST
@needs("vouchers.delete_voucher")
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    voucher = _seen(request, pk)
    name, revision = str(voucher), _revision(request)
    with refusals.on_page(request):
        services.discard(voucher.pk, revision)
        messages.success(request, _("The draft of voucher %(voucher)s has been removed.") % {"voucher": name})
        return redirect("vouchers")
    return redirect("voucher", pk)


@require_POST
@needs("vouchers.view_voucher")
def chosen(request: HttpRequest) -> HttpResponse:
    """Confirmation page before several vouchers are audited, collected or voided, with the reasons for refused ones."""
    action = request.POST.get("action", "")
    if action not in bulk_actions.PERMISSIONS:
        return render(request, "400.html", status=400)
    ids = [pk for value in request.POST.getlist("voucher") for pk in numbers(value)]
    if len(ids) > MOST_AT_ONCE:
        messages.error(request, str(HubError("voucher.too_many", most=MOST_AT_ONCE)))
        return redirect("vouchers")
    vouchers = list(selectors.vouchers(request.user).filter(pk__in=ids).order_by("account_date", "pk"))
    if not vouchers:
        messages.info(request, _("Choose vouchers first."))
        return redirect("vouchers")
    reasons = bulk_actions.reasons_against(vouchers, Action(action), request.user)  # type: ignore[arg-type]
    rows = [(voucher, reasons.get(voucher.pk, "")) for voucher in vouchers]
    ready = [voucher for voucher, reason in rows if not reason]
    context = {
        "rows": rows,
        "ready": ready,
        "action": action,
        "title": bulk_actions.TITLES[Action(action)],
        "address": reverse(f"{action}_vouchers"),
    }
    return render(request, "vouchers/confirm.html", context)


@require_POST
@needs("vouchers.audit_voucher")
def audit_many(request: HttpRequest) -> HttpResponse:
    return _many(request, Action.AUDIT)


@require_POST
@needs("vouchers.audit_voucher")
def unaudit_many(request: HttpRequest) -> HttpResponse:
    return _many(request, Action.UNAUDIT)


@require_POST
@needs("vouchers.collect_voucher")
def collect_many(request: HttpRequest) -> HttpResponse:
    return _many(request, Action.COLLECT)


@require_POST
@needs("vouchers.void_voucher")
def void_many(request: HttpRequest) -> HttpResponse:
    return _many(request, Action.VOID)


@require_safe
@needs("vouchers.view_voucher")
def progress(request: HttpRequest) -> HttpResponse:
    """The push states of several vouchers; the page loads itself again while one is unsettled."""
    ids = numbers(request.GET.get("ids", ""))[:MOST_AT_ONCE]
    vouchers = list(selectors.vouchers(request.user).filter(pk__in=ids).order_by("account_date", "pk"))
    context = {"vouchers": vouchers, "live": any(v.push_state in ("waiting", "voiding") for v in vouchers)}
    return render(request, "vouchers/progress_rows.html" if partial(request) else "vouchers/progress.html", context)


def _many(request: HttpRequest, action: Action) -> HttpResponse:
    """Take a step with several vouchers; refused ones do not affect the others."""
    requested = _requested(request)
    seen = selectors.vouchers(request.user).in_bulk(list(requested))
    with refusals.on_page(request):
        bulk_actions.carry_out(request, seen, requested, action, request.POST.get("reason", ""))
        if action in (Action.AUDIT, Action.UNAUDIT):
            return redirect("vouchers")
        return redirect(f"{reverse('voucher_progress')}?ids={','.join(str(pk) for pk in requested if pk in seen)}")
    return redirect("vouchers")


def _requested(request: HttpRequest) -> dict[int, int | None]:
    """Voucher → confirmed revision (None: any), in the order of the page."""
    ids = [pk for value in request.POST.getlist("voucher") for pk in numbers(value)]
    revisions = request.POST.getlist("revision")
    if len(revisions) != len(ids):
        return dict.fromkeys(ids)
    return {pk: int(revision) if revision.isdecimal() else None for pk, revision in zip(ids, revisions, strict=True)}


def _done(request: HttpRequest, voucher: Voucher, service: Callable[[], object], sentence: str) -> HttpResponse:
    with refusals.on_page(request):
        service()
        messages.success(request, sentence)
    return redirect("voucher", voucher.pk)


def _seen(request: HttpRequest, pk: int) -> Voucher:
    visible = selectors.vouchers(request.user).select_related(
        "book__company", "created_by", "audited_by", "booked_by", "reversal_of"
    )
    return get_object_or_404(visible, pk=pk)


def _revision(request: HttpRequest) -> int | None:
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdecimal() else None
