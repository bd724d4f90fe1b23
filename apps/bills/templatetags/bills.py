"""What pages show of bills, those of the ledger included."""

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
from apps.bills.compliance.choices import CheckLevel
from apps.bills.compliance.selectors import Found
from apps.bills.models import Bill, BillInvoice
from apps.bills.states import Action
from apps.invoices.choices import Status
from apps.invoices.templatetags.workspace import icon

register = template.Library()

_COLOURS: Mapping[str, str] = {
    BillState.DRAFT: "secondary",
    BillState.SUBMITTED: "blue",
    BillState.APPROVED: "green",
    BillState.BOOKED: "teal",
    BillState.REJECTED: "red",
    BillState.WITHDRAWN: "orange",
    BillInvoiceState.RESERVED: "blue",
    BillInvoiceState.USED: "green",
}
_LEVELS: Mapping[str, str] = {CheckLevel.BLOCK: "red", CheckLevel.WARN: "orange"}
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


# Asking each row for its display costs more than the rest of its cells: Django lists the choices anew every time.
_STATUS_LABELS = dict(Status.choices)
_USE_LABELS = dict(BillInvoiceState.choices)


@register.filter
def status_label(status: str) -> str:
    """An invoice's status in words."""
    return str(_STATUS_LABELS.get(status, status))


@register.filter
def use_label(state: str) -> str:
    """The state of a use in words."""
    return str(_USE_LABELS.get(state, state))


@register.filter
def state_colour(state: str) -> str:
    """The colour of a bill's or a use's badge."""
    return _COLOURS.get(state, "secondary")


@register.filter
def message_colour(state: str) -> str:
    """The colour of the badge of a message of the assistant."""
    colours = {"applied": "green", "waiting": "blue", "no_bill": "yellow", "partly": "orange", "refused": "red"}
    return colours.get(state, "secondary")


@register.filter
def level_colour(level: str) -> str:
    """The colour of a finding's badge."""
    return _LEVELS.get(level, "secondary")


@register.simple_tag
def assistant_buttons(serial: str | None, editable: bool) -> SafeString:
    """What opens an invoice in the assistant, by its number there; nothing for one the cloud does not know. No
    template: it stands in every row of a long bill."""
    if not serial:
        return SafeString("")
    buttons = [_assistant_button("invoice", gettext("See it in the assistant"), "eye")]
    if editable:
        buttons.append(_assistant_button("edit", gettext("Correct it in the assistant"), "adjustments-horizontal"))
    return format_html_join("", " {}", ((format_html(button, serial),) for button in buttons))


@lru_cache(maxsize=20)
def _assistant_button(page: str, label: str, glyph: str) -> str:
    """A button with a place for the number."""
    return format_html(
        '<button type="submit" form="assistant-open" name="page" value="{}:{{}}" title="{}" aria-label="{}"'
        ' class="btn btn-sm btn-icon btn-ghost-secondary">{}</button>',
        page,
        label,
        label,
        icon(glyph, "icon-sm"),
    )


@register.filter
def check_marks(found: Sequence[Found]) -> SafeString:
    """The findings about one invoice, as badges that lead to their sentences. A long bill has thousands."""
    marks = (
        ("passed", "secondary", one.sentence, one.label)
        if one.override
        else (one.level, level_colour(one.level), one.sentence, one.label)
        for one in found
    )
    return format_html_join("", '<a href="#checks-{}" class="badge bg-{}-lt" title="{}">{}</a>', marks)


@register.filter
def state_label(state: str) -> str:
    """A bill's or a use's state in words."""
    return str((dict(BillState.choices) | dict(BillInvoiceState.choices)).get(state, state))


@register.filter
def action_label(action: str) -> str:
    """What the button of a step says."""
    return str(_ACTIONS.get(Action(action), action))


@register.simple_tag(takes_context=True)
def bills_with(context: dict[str, Any], invoice_id: int) -> list[BillInvoice]:
    """The uses of an invoice, now and before, on bills this person may see."""
    user = context["user"]
    if not user.has_perm("bills.view_bill"):
        return []
    return list(selectors.bill_invoices_of(invoice_id).visible_to(user)[:20])


@register.filter
def sum_of(bill: Bill, sums: Mapping[int, tuple[int, Any]]) -> tuple[int, Any]:
    """(invoices, amount used) of a bill of the list."""
    return sums.get(bill.pk, (0, 0))


@register.filter
def of(found: Mapping[int, Any], pk: int) -> Any:
    """What is known of one invoice of the page; None when nothing is."""
    return found.get(pk)


@register.filter
def blocks(bill_invoice: BillInvoice | None, sharing: bool) -> bool:
    """Whether this hold keeps a bill with this policy away."""
    return bill_invoice is not None and not (sharing and bill_invoice.shared)


@register.filter
def seen_by(bill_invoice: BillInvoice, company_ids: list[int] | None) -> bool:
    """Whether its bill is of a company the reader may see (None: all of them)."""
    return company_ids is None or bill_invoice.bill.company_id in company_ids
