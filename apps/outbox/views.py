"""The pages of pushes: the queue, one push, and the decisions a person may take."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import User
from apps.core import refusals
from apps.core.lists import ListView
from apps.core.views import needs, partial, place_to_return

from . import orders, selectors, services
from .choices import READY, PushState, Reason
from .filters import PushFilter
from .forms import OrderNumberForm
from .models import Push

_MOVING = (PushState.PENDING, PushState.SENDING)


class PushList(ListView[Push]):
    """The newest first. While something is on its way, its part of the page asks for itself again."""

    permission = "outbox.view_push"
    template = "outbox/list.html"
    visible = staticmethod(selectors.pushes)
    rows_template = "outbox/rows.html"
    filter_class = PushFilter

    def narrowed(self) -> QuerySet[Push]:
        """All pushes when the filter cannot be read: the page has no place to say so."""
        return self.filter.qs if self.filter.is_valid() else self.rows()

    def extra_context(self) -> dict[str, Any]:
        live = {"live": any(push.state in _MOVING for push in self.page.rows)}
        if partial(self.request):
            return live
        return {**live, "problems": selectors.problems(self.request.user), "Reason": Reason}


@require_safe
@needs("outbox.view_push")
def push_detail(request: HttpRequest, pk: int) -> HttpResponse:
    rows = selectors.pushes(request.user).select_related("queued_by", "decided_by", "company").defer(None)
    push = get_object_or_404(rows, pk=pk)
    context = {
        "push": push,
        "attempts": push.attempts.all()[:50],
        "ahead": selectors.ahead(push) if push.is_unsettled else None,
        "circuit": selectors.circuit_opened_by(push) if push.state in READY else None,
        "unknown": push.state == PushState.NEEDS_PERSON and push.reason == Reason.UNKNOWN,
        "can_settle": push.is_unsettled and push.state != PushState.SENDING,
    }
    return render(request, "outbox/progress.html" if partial(request) else "outbox/detail.html", context)


@require_POST
@needs("outbox.settle_push")
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """``looked``: the number of the latest attempt when the person looked upstream and did not find it."""
    number = request.POST.get("looked", "")
    looked = int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else None
    return _act(request, pk, lambda push, user: services.retry(push, user, looked), _("It is sent now."))


@require_POST
@needs("outbox.settle_push")
def retry_alike(request: HttpRequest, pk: int) -> HttpResponse:
    """All pushes of the same source and kind that stopped for the same reason."""
    push = get_object_or_404(selectors.pushes(request.user), pk=pk)
    done = services.retry_alike(push, request.user)  # type: ignore[arg-type]
    sentence = ngettext("%(count)s push is sent now.", "%(count)s pushes are sent now.", done.sent)
    messages.success(request, sentence % {"count": done.sent})
    if done.left:
        messages.info(request, _("%(count)s more wait; press again for the next.") % {"count": done.left})
    if done.unclear:
        sentence = ngettext(
            "%(count)s like it stays: it may have taken effect. Look at it and decide.",
            "%(count)s like it stay: they may have taken effect. Look at each and decide.",
            done.unclear,
        )
        messages.info(request, sentence % {"count": done.unclear})
    return redirect(place_to_return(request, reverse("pushes")))


@require_POST
@needs("outbox.settle_push")
def mark_done(request: HttpRequest, pk: int) -> HttpResponse:
    comment = request.POST.get("comment", "")
    sentence = _("Marked as done. What waited behind it goes now.")
    return _act(request, pk, lambda push, user: services.mark_done(push, user, comment), sentence)


@require_POST
@needs("outbox.settle_push")
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    comment = request.POST.get("comment", "")
    sentence = _("It is not sent. What waited behind it goes now.")
    return _act(request, pk, lambda push, user: services.dismiss(push, user, comment), sentence)


@require_http_methods(["GET", "POST"])
@needs("outbox.settle_push")
def order_number(request: HttpRequest) -> HttpResponse:
    """Report the printed number of a paper invoice to its order; the order may be given in the address."""
    form = OrderNumberForm(request.POST or None, user=request.user, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with refusals.on_form(form):
            queued = orders.report_number(values["source"], values["order"], values["number"], request.user)  # type: ignore[arg-type]
            messages.success(request, _("It is sent now."))
            return redirect("push", pk=queued.pk)
    return render(request, "outbox/order.html", {"form": form})


def _act(request: HttpRequest, pk: int, act: Callable[[Push, User], Push], sentence: str) -> HttpResponse:
    push = get_object_or_404(selectors.pushes(request.user), pk=pk)
    with refusals.on_page(request):
        act(push, request.user)  # type: ignore[arg-type]
        messages.success(request, sentence)
    return redirect(place_to_return(request, reverse("push", args=[pk])))
