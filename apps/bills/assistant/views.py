"""The assistant on a bill's page: opening windows, polling for changes, and handling messages that wait."""

from typing import Any

from django.contrib import messages as flash
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.bills.models import AssistantMessage
from apps.bills.views.bill import visible_bill
from apps.core import refusals
from apps.core.lists import ListView
from apps.core.views import needs, place_to_return
from apps.sources.connectors.piaozone.assistant import SPEAKING

from . import applying, opening, selectors
from .choices import FOR_PEOPLE, REPEATABLE, MessageState, Page
from .selectors import live_sessions


@require_POST
@needs("bills.view_bill")
def open_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Open one of the vendor's pages: ``page`` names it, followed by a colon and the line id or serial number."""
    bill = visible_bill(request, pk)
    name, _colon, about = request.POST.get("page", "").partition(":")
    if name not in Page.values:
        raise Http404
    page = Page(name)
    if page in SPEAKING and not request.user.has_perm("bills.change_bill"):
        raise PermissionDenied
    of_line = page in (Page.ADJUST, Page.LINE)
    line = get_object_or_404(bill.lines, pk=about if about.isdecimal() else 0) if of_line else None
    user: Any = request.user
    context: dict[str, Any] = {"bill": bill, "page": page.label}
    with refusals.caught() as refusal:
        context["url"] = opening.open_page(bill, user, page, line=line, serial="" if of_line else about).url
    context["error"] = refusal.sentence
    answer = render(request, "bills/assistant_opening.html", context, status=409 if refusal else 200)
    # The address contains the keys of the window.
    answer["Cache-Control"], answer["Referrer-Policy"] = "no-store", "no-referrer"
    return answer


@require_safe
@needs("bills.view_bill")
def news(request: HttpRequest, pk: int) -> HttpResponse:
    """Polled every second while a window is open: 204 as long as the page is up to date."""
    if selectors.news(visible_bill(request, pk)).text == request.GET.get("seen", ""):
        return HttpResponse(status=204)
    return HttpResponse(headers={"HX-Trigger": "bill-changed"})


@require_POST
@needs("bills.change_bill")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End the sessions that this person opened for the bill."""
    bill = visible_bill(request, pk)
    for session in live_sessions(bill).filter(opened_by=request.user):  # type: ignore[misc]
        opening.close(session)
    return redirect("bill", pk=pk)


class MessageList(ListView[AssistantMessage]):
    """The newest first; those that wait for a person unless another state is chosen."""

    permission = "bills.view_bill"
    template = "bills/assistant_messages.html"
    visible = staticmethod(AssistantMessage.objects.visible_to)
    counted = False
    related = ("bill", "source")
    deferred = ("payload", "source__credentials")

    @property
    def state(self) -> str:
        return self.request.GET.get("state", "")

    def narrowed(self) -> QuerySet[AssistantMessage]:
        if not self.state:
            return self.rows().filter(state__in=FOR_PEOPLE)
        return self.rows().filter(state=self.state) if self.state in MessageState.values else self.rows()

    def extra_context(self) -> dict[str, Any]:
        return {"state": self.state, "states": MessageState.choices, "repeatable": REPEATABLE}


@require_POST
@needs("bills.change_bill")
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply a message again."""
    message = _message(request, pk)
    applying.again(message)
    message.refresh_from_db()
    if message.state == MessageState.APPLIED:
        flash.success(request, str(message.outcome_message))
    else:
        flash.warning(request, " ".join(str(one) for one in (message.outcome_message, *message.refusals) if one))
    return redirect(_back(request, message))


@require_POST
@needs("bills.change_bill")
def put_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Reserve again the invoices that were unticked in the assistant."""
    message = _message(request, pk)
    user: Any = request.user
    with refusals.on_page(request):
        restored = applying.put_back(message, user)
        sentence = _(
            "Put back on the bill: %(held)s. Not put back, because another bill has reserved them or they are"
            " certain duplicates: %(lost)s."
        )
        tell = flash.warning if restored.lost else flash.success
        tell(request, sentence % {"held": restored.reserved, "lost": restored.lost})
    return redirect(_back(request, message))


@require_POST
@needs("bills.change_bill")
def put_aside(request: HttpRequest, pk: int) -> HttpResponse:
    message = _message(request, pk)
    applying.put_aside(message)
    flash.success(request, _("Put aside. It stays in the list of messages."))
    return redirect(_back(request, message))


def _message(request: HttpRequest, pk: int) -> AssistantMessage:
    return get_object_or_404(AssistantMessage.objects.visible_to(request.user), pk=pk)


def _back(request: HttpRequest, message: AssistantMessage) -> str:
    bill = reverse("bill", args=[message.bill_id]) if message.bill_id else reverse("assistant_messages")
    return place_to_return(request, bill)
