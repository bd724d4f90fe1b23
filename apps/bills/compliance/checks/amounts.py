"""The amount to be paid against the bill's lines, and its lines against their invoices."""

from collections.abc import Iterator

from apps.bills.amounts import LineAmounts
from apps.bills.compliance.definition import Level, Setting, bill_check
from apps.bills.compliance.definition import gettext_noop as _
from apps.bills.compliance.facts import BillFacts, Finding


@bill_check(
    "difference",
    _("Lines and invoices differ"),
    Level.BLOCK,
    {
        "checks.claimed_differs": _(
            "The amount claimed is %(found)s, but the lines come to %(expected)s. Correct one of them, or leave the amount claimed empty: then it follows the lines."
        ),
        "checks.claimed_differs_from_invoices": _(
            "The amount claimed is %(found)s, but the invoices come to %(expected)s. Leave the amount claimed empty, or add lines that say what it is for."
        ),
        "checks.line_below_invoices": _(
            "Line %(line)s claims %(found)s, but its invoices come to %(expected)s. Use the invoices partly, or correct the line."
        ),
        "checks.line_above_invoices": _(
            "Line %(line)s claims %(found)s, but its invoices come to %(expected)s. Enter why %(difference)s has no invoice, or correct the line."
        ),
        "checks.without_line": _(
            "%(found)s yuan of invoices are on no line (invoices: %(count)s), so they pay for nothing. Put each on a line, or take it off the bill."
        ),
    },
)
def difference(bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    """Bills of an upstream are corrected there; their difference is shown and becomes a cost of its own."""
    amounts = bill.amounts
    if not bill.is_own:
        return
    if amounts.not_itemized:
        code = "checks.claimed_differs" if amounts.lines else "checks.claimed_differs_from_invoices"
        values = f"{amounts.to_be_paid:.2f}", f"{amounts.itemized:.2f}"
        params = {"found": values[0], "expected": values[1]}
        yield Finding("difference", code, "amount", *values, params, (code, *values))
    for line in amounts.lines:
        if line.unexplained:
            yield _of_line(line)
    if amounts.lines and amounts.lineless:
        total, count = f"{amounts.without_line:.2f}", amounts.lineless
        evidence = ("without_line", total, str(count))
        facts: dict[str, str | int] = {"found": total, "count": count}
        yield Finding("difference", "checks.without_line", "lines", total, "", facts, evidence)


def _of_line(line: LineAmounts) -> Finding:
    code = "checks.line_below_invoices" if line.usable_partly else "checks.line_above_invoices"
    values = f"{line.cost:.2f}", f"{line.invoices:.2f}"
    gap = f"{line.difference:.2f}"
    params: dict[str, str | int] = {"line": line.position, "found": values[0], "expected": values[1], "difference": gap}
    return Finding("difference", code, "lines", *values, params, (code, str(line.line_id), *values))
