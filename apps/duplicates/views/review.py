"""The page of one case: its invoices side by side, the evidence, the claims, and the decision."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.selectors import people_seeing
from apps.accounts.visibility import visible_company_ids
from apps.core import refusals
from apps.core.views import needs, place_to_return
from apps.duplicates import selectors, services
from apps.duplicates.choices import RuleCode, State
from apps.duplicates.comparison import ComparedField, compare_field
from apps.duplicates.models import CaseDecision, DuplicateCase
from apps.invoices import link_providers
from apps.invoices.comparison import LABELS, stated
from apps.invoices.models import Invoice, SourceRecord
from apps.sources.records import InvoiceRecord, loads

_SHOWN = tuple(name for name in LABELS if name not in ("direction", "currency", "deduction_period", "deductible_tax"))


@require_safe
@needs("duplicates.view_duplicatecase")
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(DuplicateCase.objects.visible_to(request.user), pk=pk))


def _page(request: HttpRequest, case: DuplicateCase, refused: str = "", text: str = "") -> HttpResponse:
    """``refused``: why a decision was refused, '' otherwise; ``text``: what the person had typed."""
    invoices = [member.invoice for member in case.members.select_related("invoice__seller", "invoice__buyer")]
    best = services.best_master(case) if case.state == State.OPEN and len(invoices) > 1 else case.master
    invoices.sort(key=lambda invoice: (best is None or invoice.pk != best.pk, invoice.pk))
    pairs, claims = list(case.pairs.all()), list(case.claims.select_related("source"))
    bills, source_records = _bills(request, invoices), _source_records(request, invoices)
    context = {
        "case": case,
        "invoices": [
            {"invoice": one, "source_records": source_records.get(one.pk, []), "bills": bills.get(one.pk, [])}
            for one in invoices
        ],
        "on_bills": bool(bills),
        "best": best,
        "rows": _rows(invoices),
        "evidence": [{"pair": pair, "rules": [RuleCode(rule).label for rule in pair.rules]} for pair in pairs],
        "percent": round(case.score * 100, 1),
        "claims": claims,
        "double_claims": any(claim.source_id is None for claim in claims),
        "decisions": case.decisions.select_related("user", "undone_by").order_by("-pk"),
        "undoable": selectors.undoable(request.user).filter(case=case).first(),
        "people": people_seeing(case.company_ids).order_by("username")[:200],
        "refused": refused,
        "text": text,
        "reasons": (
            _("Two documents, checked against the originals"),
            _("Same amount by chance"),
            _("Monthly or repeated purchase"),
            _("Replaced by a new invoice"),
        ),
    }
    return render(request, "duplicates/case.html", context, status=409 if refused else 200)


def _rows(invoices: list[Invoice]) -> list[tuple[Any, ComparedField]]:
    """The fields that any of the invoices has, compared with the proposed master."""
    fields = [compare_field(name, [stated(invoice, name) for invoice in invoices]) for name in _SHOWN]
    return [(LABELS[field.field], field) for field in fields if field.agreement != "empty"]


def _source_records(
    request: HttpRequest, invoices: list[Invoice]
) -> Mapping[int, list[tuple[SourceRecord, InvoiceRecord]]]:
    """Invoice id → its source records from sources this person may see, each with its parsed record."""
    by_invoice: dict[int, list[tuple[SourceRecord, InvoiceRecord]]] = defaultdict(list)
    visible = SourceRecord.objects.visible_to(request.user).filter(invoice__in=invoices)
    for source_record in visible.select_related("source").order_by("pk"):
        by_invoice[source_record.invoice_id].append((source_record, loads(source_record.record)))
    return by_invoice


def _bills(request: HttpRequest, invoices: list[Invoice]) -> Mapping[int, list[dict[str, Any]]]:
    """Invoice id → the bills of this system that reserve it, of companies this person may see; amounts in yuan."""
    if not request.user.has_perm("bills.view_bill"):
        return {}
    bills_of = link_providers.links_of("bills", [invoice.pk for invoice in invoices], visible_company_ids(request.user))
    return {
        pk: [{**bill, "amount": bill["amount"] and Decimal(bill["amount"])} for bill in bills]
        for pk, bills in bills_of.items()
    }


@require_POST
@needs("duplicates.decide_duplicatecase")
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    def decide(case: DuplicateCase, text: str, revision: int | None) -> CaseDecision:
        members = {str(member.invoice_id): member.invoice for member in case.members.select_related("invoice")}
        chosen = members.get(request.POST.get("master", "")) or services.best_master(case)
        return services.merge(case, chosen, request.user, text, revision)  # type: ignore[arg-type]

    return _decided(request, pk, decide)


@require_POST
@needs("duplicates.decide_duplicatecase")
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, lambda case, text, revision: services.dismiss(case, request.user, text, revision))  # type: ignore[arg-type]


@require_POST
@needs("duplicates.decide_duplicatecase")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, lambda case, text, revision: services.confirm(case, request.user, text, revision))  # type: ignore[arg-type]


def _decided(
    request: HttpRequest, pk: int, decide: Callable[[DuplicateCase, str, int | None], CaseDecision]
) -> HttpResponse:
    """Decide and show the next open case; when the decision is refused, show the case again with the text that was
    typed."""
    case = get_object_or_404(DuplicateCase.objects.visible_to(request.user), pk=pk)
    text = request.POST.get("text", "").strip()
    revision = request.POST.get("revision", "")
    with refusals.caught() as refusal:
        decision = decide(case, text, int(revision) if revision.isdecimal() else None)
    if refusal:
        case.refresh_from_db()
        return _page(request, case, refusal.sentence, text)
    messages.success(
        request,
        _("Case %(case)s: %(what)s.") % {"case": case, "what": decision.get_action_display()},
        extra_tags=f"undo:{reverse('undo_duplicate', args=[case.pk])}",
    )
    if request.POST.get("next"):
        return redirect(place_to_return(request, reverse("duplicates")))
    following = DuplicateCase.objects.visible_to(request.user).filter(state=State.OPEN)
    later = following.filter(pk__lt=case.pk).order_by("-pk").first() or following.order_by("-pk").first()
    return redirect("duplicate", pk=later.pk) if later else redirect("duplicates")


@require_POST
@needs("duplicates.decide_duplicatecase")
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(DuplicateCase.objects.visible_to(request.user), pk=pk)
    user_id = request.POST.get("to", "")
    to = people_seeing(case.company_ids).filter(pk=int(user_id)).first() if user_id.isdecimal() else None
    if user_id and to is None:
        refused = _("This person may not see the case. Ask somebody else.")
        return _page(request, case, refused, request.POST.get("text", ""))
    with refusals.caught() as refusal:
        services.assign(case, to, request.user, request.POST.get("text", "").strip())  # type: ignore[arg-type]
    if refusal:
        return _page(request, case, refusal.sentence, request.POST.get("text", ""))
    messages.success(request, _("Asked: %(who)s.") % {"who": to} if to else _("Nobody is asked any more."))
    return redirect("duplicate", pk=pk)


@require_POST
@needs("duplicates.view_duplicatecase")
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(DuplicateCase.objects.visible_to(request.user), pk=pk)
    if text := request.POST.get("text", "").strip():
        services.comment(case, request.user, text)  # type: ignore[arg-type]
    return redirect("duplicate", pk=pk)


@require_POST
@needs("duplicates.decide_duplicatecase")
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the last decision about a case."""
    case = get_object_or_404(DuplicateCase.objects.visible_to(request.user), pk=pk)
    last = selectors.undoable(request.user).filter(case=case).first()
    if last is None:
        return _page(request, case, _("There is nothing here that you may undo."))
    with refusals.caught() as refusal:
        services.undo(last, request.user)  # type: ignore[arg-type]
    if refusal:
        return _page(request, case, refusal.sentence)
    messages.success(
        request,
        _("Case #%(case)s is open again; taken back: %(what)s.") % {"case": pk, "what": last.get_action_display()},
    )
    return redirect(place_to_return(request, reverse("duplicate", args=[pk])))


@require_safe
@needs("duplicates.view_duplicatecase")
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The invoice that a merge into the chosen master would make."""
    case = get_object_or_404(DuplicateCase.objects.visible_to(request.user), pk=pk)
    master = request.GET.get("master", "")
    result = services.preview_merge(case, int(master) if master.isdecimal() else 0)
    return render(request, "duplicates/preview.html", {"preview": result, "labels": LABELS})
