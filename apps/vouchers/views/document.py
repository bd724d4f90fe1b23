"""One voucher: its page, the preview of what is sent, and the buttons."""

from collections.abc import Callable

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
from apps.vouchers import checks, pushing, selectors, services, telling
from apps.vouchers.forms import numbers
from apps.vouchers.models import Voucher
from apps.vouchers.pushing import MOST_AT_ONCE
from apps.vouchers.states import Action, after


@require_safe
@needs("vouchers.view_voucher")
def voucher(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    content = selectors.content_of(found)
    context = {
        "voucher": found,
        "content": content,
        "problems": sorted(selectors.problems_of(found, content), key=lambda problem: not problem.blocking),
        "links": selectors.invoice_links(found, request.user)[0],
        "bills": found.bill_links.select_related("bill").order_by("pk"),
        "pushes": pushing.timeline(found),
        "changes": changes_of(found)[:20],
        "can": {action.value: after(found.state, action) is not None for action in Action},
    }
    return render(request, "vouchers/detail.html", context)


@require_safe
@needs("vouchers.view_voucher")
def upstream(request: HttpRequest, pk: int) -> HttpResponse:
    """What has become of its pushes; the page asks again while one is on its way."""
    found = _seen(request, pk)
    return render(request, "vouchers/pushes.html", {"voucher": found, "pushes": pushing.timeline(found)})


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Exactly what a collect would send (GET); send it (POST)."""
    return _collect(request, pk) if request.method == "POST" else _preview(request, pk)


@needs("vouchers.view_voucher")
def _preview(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    content = selectors.content_of(found)
    problems = selectors.problems_of(found, content)
    body = pushing.request_body(found, content)
    context = {
        "voucher": found,
        "content": content,
        "body": msgspec.json.format(msgspec.json.encode(body)).decode(),
        "blocking": checks.blocking(problems),
        "warnings": [problem for problem in problems if not problem.blocking],
        "may": after(found.state, Action.COLLECT) is not None,
    }
    return render(request, "vouchers/preview.html", context)


@needs("vouchers.collect_voucher")
def _collect(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    revision = _revision(request)
    return _done(
        request,
        found,
        lambda: pushing.queue_collect(found.pk, revision, request.user),  # type: ignore[arg-type]
        _("Voucher %(voucher)s is on its way to the upstream system.") % {"voucher": found},
    )


@require_POST
@needs("vouchers.void_voucher")
def void(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    revision = _revision(request)
    return _done(
        request,
        found,
        lambda: pushing.queue_void(found.pk, revision, request.user),  # type: ignore[arg-type]
        _("Voucher %(voucher)s is void. What the upstream system has of it is voided there.") % {"voucher": found},
    )


@require_POST
@needs("vouchers.change_voucher")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    revision = _revision(request)
    return _done(
        request,
        found,
        lambda: services.reopen(found.pk, revision),
        _("Voucher %(voucher)s is a draft again.") % {"voucher": found},
    )


@require_POST
@needs("vouchers.delete_voucher")
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    name, revision = str(found), _revision(request)
    with refusals.on_page(request):
        services.discard(found.pk, revision)
        messages.success(request, _("The draft of voucher %(voucher)s has been removed.") % {"voucher": name})
        return redirect("vouchers")
    return redirect("voucher", pk)


@require_POST
@needs("vouchers.view_voucher")
def chosen(request: HttpRequest) -> HttpResponse:
    """Ask before several vouchers are collected or voided: what would go, what would not and why."""
    action = request.POST.get("action", "")
    if action not in ("collect", "void"):
        return render(request, "400.html", status=400)
    wanted = [pk for value in request.POST.getlist("voucher") for pk in numbers(value)]
    if len(wanted) > MOST_AT_ONCE:
        messages.error(request, str(HubError("voucher.too_many", most=MOST_AT_ONCE)))
        return redirect("vouchers")
    found = list(selectors.vouchers(request.user).filter(pk__in=wanted).order_by("account_date", "pk"))
    if not found:
        messages.info(request, _("Choose vouchers first."))
        return redirect("vouchers")
    reasons = pushing.reasons_against(found, Action(action), request.user)  # type: ignore[arg-type]
    rows = [(voucher, reasons.get(voucher.pk, "")) for voucher in found]
    ready = [voucher for voucher, reason in rows if not reason]
    return render(request, "vouchers/confirm.html", {"rows": rows, "ready": ready, "action": action})


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
    """How far several vouchers are; asks for itself again while any is on its way."""
    ids = numbers(request.GET.get("ids", ""))[:MOST_AT_ONCE]
    found = list(selectors.vouchers(request.user).filter(pk__in=ids).order_by("account_date", "pk"))
    context = {"vouchers": found, "live": any(v.push_state in ("waiting", "voiding") for v in found)}
    return render(request, "vouchers/progress_rows.html" if partial(request) else "vouchers/progress.html", context)


def _many(request: HttpRequest, action: Action) -> HttpResponse:
    """One that cannot go does not hold up the others."""
    wanted = _wanted(request)
    seen = selectors.vouchers(request.user).in_bulk(list(wanted))
    with refusals.on_page(request):
        telling.carry_out(request, seen, wanted, action)
        return redirect(f"{reverse('voucher_progress')}?ids={','.join(str(pk) for pk in wanted if pk in seen)}")
    return redirect("vouchers")


def _wanted(request: HttpRequest) -> dict[int, int | None]:
    """Voucher → the version that was confirmed, in the order of the page."""
    ids = [pk for value in request.POST.getlist("voucher") for pk in numbers(value)]
    revisions = request.POST.getlist("revision")
    if len(revisions) != len(ids):
        return dict.fromkeys(ids)
    return {pk: int(said) if said.isdecimal() else None for pk, said in zip(ids, revisions, strict=True)}


def _done(request: HttpRequest, found: Voucher, act: Callable[[], object], sentence: str) -> HttpResponse:
    with refusals.on_page(request):
        act()
        messages.success(request, sentence)
    return redirect("voucher", found.pk)


def _seen(request: HttpRequest, pk: int) -> Voucher:
    found = selectors.vouchers(request.user).select_related("book__company", "created_by", "booked_by")
    return get_object_or_404(found, pk=pk)


def _revision(request: HttpRequest) -> int | None:
    said = request.POST.get("revision", "")
    return int(said) if said.isascii() and said.isdecimal() else None
