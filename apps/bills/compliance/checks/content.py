"""What is printed on an invoice: numbers that must agree with each other, and goods to ask about."""

from collections.abc import Iterator
from functools import lru_cache

from apps.bills.compliance.definition import Entries, Level, Setting, check, finding_of
from apps.bills.compliance.definition import gettext_noop as _
from apps.bills.compliance.facts import BillFacts, Finding, InvoiceFacts
from apps.bills.compliance.folding import folded
from apps.invoices.flags import INVOICE_TOLERANCE

_MOST_NAMED = 5
_WORDS = (
    "礼品",
    "购物卡",
    "预付卡",
    "充值卡",
    "储值卡",
    "卷烟",
    "香烟",
    "白酒",
    "茅台",
    "黄金",
    "首饰",
    "珠宝",
    "玉器",
    "高尔夫",
    "会所",
    "足浴",
    "按摩",
    "洗浴",
    "美容",
    "保健品",
    "化妆品",
)


@check(
    "machine_number",
    _("Machine number is not the printed one"),
    Level.WARN,
    {
        "checks.machine_number": _(
            "The machine typed number %(found)s on a form printed with %(expected)s. Such an invoice is not valid: have it reissued."
        ),
    },
)
def machine_number(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    """The number the machine typed on the form against the one the printer put there. A longer number names the
    device (税控机器编号) and says nothing of the invoice."""
    printed = folded(invoice.number)
    for number in invoice.machine_numbers:
        if printed and len(folded(number)) == len(printed) and folded(number) != printed:
            yield finding_of("machine_number", "checks.machine_number", "machine_number", number, invoice.number)


@check(
    "sum",
    _("Amounts do not add up"),
    Level.WARN,
    {
        "checks.sum": _(
            "The total is %(found)s, amount and tax make %(expected)s. Compare with the original and correct what was misread."
        ),
        "checks.sum_of_lines": _(
            "The lines do not make the amount excluding tax, %(expected)s. Look for a missing line in the original."
        ),
    },
)
def amounts(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    amount, tax, total = invoice.amount_excl_tax, invoice.tax_amount, invoice.total_amount
    if amount is not None and tax is not None and total is not None and abs(amount + tax - total) > INVOICE_TOLERANCE:
        yield finding_of("sum", "checks.sum", "total_amount", f"{total:.2f}", f"{amount + tax:.2f}")
    elif "lines_do_not_add_up" in invoice.flags and amount is not None:
        yield finding_of("sum", "checks.sum_of_lines", "lines", "", f"{amount:.2f}")


@check(
    "input_tax",
    _("Input tax above the invoice's tax"),
    Level.WARN,
    {
        "checks.input_tax": _(
            "%(found)s is to be booked as input tax, but the invoice's tax is only %(expected)s. Correct the input tax."
        ),
    },
)
def input_tax(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    deducted, tax = invoice.deducted, invoice.tax_amount
    if deducted is not None and tax is not None and abs(deducted) > abs(tax):
        yield finding_of("input_tax", "checks.input_tax", "tax_amount", f"{deducted:.2f}", f"{tax:.2f}")


@lru_cache(maxsize=100)
def _folded_words(entries: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Each word of a list as it is compared, and as it was entered."""
    return tuple((folded(word), word) for word in entries if folded(word))


@check(
    "sensitive",
    _("Sensitive goods"),
    Level.WARN,
    {
        "checks.sensitive": _("It lists “%(found)s” (sensitive: %(expected)s). Ask for the occasion and the approval."),
    },
    entries=Entries(_("Sensitive goods: words."), _WORDS),
)
def sensitive(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    words = _folded_words(setting.entries)
    goods = [(name, folded(name)) for name in invoice.goods]
    matches = [(name, word) for name, plain in goods for folded_word, word in words if folded_word in plain]
    if matches:
        names = list(dict.fromkeys(name for name, _word in matches))
        listed_words = ", ".join(dict.fromkeys(word for _name, word in matches))
        named = ", ".join(names[:_MOST_NAMED])
        params = {"found": named, "expected": listed_words}
        yield Finding("sensitive", "checks.sensitive", "lines", named, listed_words, params, tuple(sorted(names)))
