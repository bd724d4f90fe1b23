"""Filters and tags of bills, used by pages of other apps too."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.bills import selectors
from apps.bills.choices import BillInvoiceState, BillState
from apps.bills.compliance.selectors import CheckResult
from apps.bills.models import BillInvoice
from apps.bills.states import Action
from apps.invoices.templatetags.workspace import colour, icon

register = template.Library()

_ACTIONS = {
    Action.SUBMIT: _("Submit"),
    Action.APPROVE: _("Approve"),
    Action.BOOK: _("Mark as booked"),
    Action.REJECT: _("Reject"),
    Action.WITHDRAW: _("Withdraw"),
    Action.UNAPPROVE: _("Take the approval back"),
    Action.UNBOOK: _("Take the booking back"),
    Action.DISCARD: _("Discard"),
    Action.REOPEN: _("Back to a draft"),
}


@register.simple_tag
def assistant_buttons(serial: str | None, editable: bool) -> SafeString:
    """The buttons that open an invoice in the assistant; nothing without a serial number there.

    Made without a template, because a long bill has them in every row.
    """
    if not serial:
        return SafeString("")
    buttons = [_assistant_button("invoice", gettext("See it in the assistant"), "eye")]
    if editable:
        buttons.append(_assistant_button("edit", gettext("Correct it in the assistant"), "adjustments-horizontal"))
    return format_html_join("", " {}", ((format_html(button, serial),) for button in buttons))


@lru_cache(maxsize=20)
def _assistant_button(page: str, label: str, glyph: str) -> str:
    """The button with a placeholder for the serial number."""
    return format_html(
        '<button type="submit" form="assistant-open" name="page" value="{}:{{}}" title="{}" aria-label="{}"'
        ' class="btn btn-sm btn-icon btn-ghost-secondary">{}</button>',
        page,
        label,
        label,
        icon(glyph, "icon-sm"),
    )


@register.filter
def check_marks(findings: Sequence[CheckResult]) -> SafeString:
    """The findings about one invoice, as badges linked to their sentences. Made without a template, because a long bill
    has thousands."""
    marks = (
        ("passed", "secondary", one.sentence, one.label)
        if one.override
        else (one.level, colour(one.level), one.sentence, one.label)
        for one in findings
    )
    return format_html_join("", '<a href="#checks-{}" class="badge bg-{}-lt" title="{}">{}</a>', marks)


@register.filter
def state_label(state: str) -> str:
    """The label of the state of a bill or of an invoice on a bill."""
    return str((dict(BillState.choices) | dict(BillInvoiceState.choices)).get(state, state))


@register.filter
def action_label(action: str) -> str:
    """The label of the button of a step."""
    return str(_ACTIONS.get(Action(action), action))


@register.simple_tag(takes_context=True)
def bills_with(context: dict[str, Any], invoice_id: int) -> list[BillInvoice]:
    """The bills that have or had reserved an invoice, of companies this person may see."""
    user = context["user"]
    if not user.has_perm("bills.view_bill"):
        return []
    return list(selectors.bill_invoices_of(invoice_id).visible_to(user)[:20])


@register.filter
def of(by_pk: Mapping[int, Any], pk: int) -> Any:
    """The value of a row of the page; None without one."""
    return by_pk.get(pk)


@register.filter
def blocks(bill_invoice: BillInvoice | None, sharing: bool) -> bool:
    """Whether this reservation excludes other bills; ``sharing``: the policy lets bills share an invoice."""
    return bill_invoice is not None and not (sharing and bill_invoice.shared)


@register.filter
def seen_by(bill_invoice: BillInvoice, company_ids: list[int] | None) -> bool:
    """Whether its bill is of a company the reader may see (None: all of them)."""
    return company_ids is None or bill_invoice.bill.company_id in company_ids
