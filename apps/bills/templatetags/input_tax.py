"""The input tax of an invoice on the page of a bill. Made without a template, because a long bill has thousands."""

from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.bills.models import BillInvoice
from apps.invoices.templatetags.workspace import icon, money

register = template.Library()

_NOTHING = SafeString("")


@register.simple_tag
def tax_cell(bill_invoice: BillInvoice, decide_url: str) -> SafeString:
    """What is deducted or transferred out, why, and the buttons that change it; ``decide_url`` '': without buttons."""
    reason = bill_invoice.tax_message
    return format_html(
        '<div class="d-flex flex-wrap gap-1 align-items-center">{}{}</div>{}',
        _badge(bill_invoice),
        _buttons(bill_invoice, decide_url) if decide_url and not bill_invoice.contested else _NOTHING,
        format_html('<div class="small text-secondary">{}</div>', str(reason)) if reason else _NOTHING,
    )


def _badge(bill_invoice: BillInvoice) -> SafeString:
    if bill_invoice.deductible:
        return _with_amount("green", _("deductible"), bill_invoice.input_tax)
    if bill_invoice.transferred_out:
        return _with_amount("orange", _("transferred out"), bill_invoice.transferred_out)
    if bill_invoice.deductible is None:
        return format_html('<span class="text-secondary">{}</span>', _("not judged yet"))
    return format_html('<span class="badge bg-secondary-lt">{}</span>', _("not deductible"))


def _with_amount(colour: str, label: str, amount: Any) -> SafeString:
    return format_html(
        '<span class="badge bg-{}-lt">{} <span class="num">{}</span></span>', colour, label, money(amount)
    )


def _buttons(bill_invoice: BillInvoice, decide_url: str) -> SafeString:
    toggle = "no" if bill_invoice.deductible else "yes"
    buttons = format_html(_button(toggle, get_language()), decide_url, bill_invoice.pk)
    if bill_invoice.tax_by_hand:
        buttons += format_html(_button("computed", get_language()), decide_url, bill_invoice.pk)
    return buttons


@lru_cache(maxsize=20)
def _button(choice: str, _language: str | None) -> str:
    """The button with places for the address and the bill invoice."""
    label, glyph = {
        "yes": (_("Change to deductible"), "check"),
        "no": (_("Change to not deductible"), "x"),
        "computed": (_("Back to the computed value"), "refresh"),
    }[choice]
    return format_html(
        '<button type="submit" formaction="{{}}" name="one" value="{{}}:{}" title="{}" aria-label="{}"'
        ' class="btn btn-sm btn-icon btn-ghost-secondary">{}</button>',
        choice,
        label,
        label,
        icon(glyph, "icon-sm"),
    )
