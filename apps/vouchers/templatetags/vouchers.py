"""Filters and tags of the pages of vouchers: balances, problems and form fields."""

from typing import Any

from django import template
from django.utils.translation import gettext

from apps.accounts.visibility import visible_company_ids
from apps.core.counting import capped_count
from apps.core.messages import Message
from apps.invoices.templatetags.workspace import money
from apps.vouchers import pushing
from apps.vouchers.checks import Problem
from apps.vouchers.choices import FindingState
from apps.vouchers.content import VoucherContent
from apps.vouchers.files import column_labels
from apps.vouchers.models import Voucher
from apps.vouchers.selectors import findings, vouchers_of

register = template.Library()


@register.filter
def sentence(problem: Problem) -> str:
    return pushing.sentence(problem)


@register.filter
def with_labels(message: Message) -> str:
    """A problem of an imported file, with the columns named by their labels."""
    labels, params = column_labels(), dict(message.params)
    for name in params.keys() & {"field", "column"}:
        params[name] = str(labels.get(params[name].rpartition(".")[2], params[name]))
    return str(Message(message.code, params))


@register.filter
def balance_words(content: VoucherContent) -> str:
    """How debit and credit compare, in words; '' without entries."""
    difference = content.total_debit - content.total_credit
    if not content.entries:
        return ""
    if not difference:
        return gettext("Debit and credit are equal.")
    words = gettext("Debit is {n} more than credit.") if difference > 0 else gettext("Credit is {n} more than debit.")
    return words.format(n=money(abs(difference)))


@register.simple_tag(takes_context=True)
def vouchers_with(context: dict[str, Any], invoice: int) -> list[Voucher]:
    """The vouchers linked to an invoice that this person may see; [] without the permission to see vouchers."""
    user = context["user"]
    if not user.has_perm("vouchers.view_voucher"):
        return []
    return vouchers_of([invoice], visible_company_ids(user)).get(invoice, [])


@register.filter
def words(text: str) -> list[str]:
    return text.split()


@register.filter
def field(form: Any, name: str) -> Any:
    return form[name]


@register.filter
def has_errors(field: Any) -> bool:
    return bool(field.errors)


@register.filter
def any_error(form: Any, names: str) -> bool:
    return form.is_bound and any(form[name].errors for name in names.split())


@register.simple_tag(takes_context=True)
def open_findings(context: dict[str, Any]) -> str:
    """The number of open findings for the navigation: '', '7', '99+'."""
    user = context["user"]
    if not user.has_perm("vouchers.view_finding"):
        return ""
    return capped_count(findings(user).filter(state=FindingState.OPEN))
