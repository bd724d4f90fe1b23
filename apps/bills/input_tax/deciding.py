"""What people decide about the input tax of a bill invoice: the values that follow from it. Writes nothing."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from apps.bills.models import BillInvoice
from apps.core.errors import HubError
from apps.core.messages import Message

from .gathering import BillFacts, travel_rules
from .judgement import Offer, offer

TAX_FIELDS = ("deductible", "input_tax", "transfer_out_reason")


def offers(bill_invoices: Sequence[BillInvoice]) -> dict[int, Offer]:
    """Bill invoice id → what could be deducted whatever the use of the cost. They come with ``bill.company`` and
    ``line`` loaded."""
    facts, rules = BillFacts(bill_invoices), travel_rules()
    return {one.pk: offer(facts.of(one), rules) for one in bill_invoices}


def completed(bill_invoice: BillInvoice, changes: Mapping[str, Any], who: str | Message) -> dict[str, Any]:
    """The changes of a person to a bill invoice (some of TAX_FIELDS, and others), completed by what follows from them
    for its tax. ``deductible`` None: back to the computed value, which the caller computes. Raises HubError."""
    others = {name: value for name, value in changes.items() if name not in TAX_FIELDS}
    own = {name: changes[name] for name in TAX_FIELDS if name in changes}
    if not own:
        return others
    if "deductible" in own and own["deductible"] is None:
        return {**others, "tax_by_hand": False}
    values = {name: own.get(name, getattr(bill_invoice, name)) for name in TAX_FIELDS}
    deductible = bool(values["input_tax"]) if values["deductible"] is None else values["deductible"]
    if "deductible" in own and "input_tax" not in own:
        values["input_tax"] = None  # what stands there belongs to the former decision
    amount = others.get("amount", bill_invoice.amount)
    decided = decision(bill_invoice, amount, offers([bill_invoice])[bill_invoice.pk], deductible, values["input_tax"])
    return {**others, **decided, **reasoned(values["transfer_out_reason"], who)}


def decision(
    bill_invoice: BillInvoice, amount: Decimal | None, offered: Offer, deductible: bool, input_tax: Decimal | None
) -> dict[str, Any]:
    """The columns of a decision. ``input_tax`` None: what the document offers. Not deductible although it is ticked:
    its tax is transferred out. Raises HubError."""
    if not deductible:
        out = (offered.tax or None) if offered.ticked else None
        return {"deductible": False, "input_tax": None, "transferred_out": out, "tax_by_hand": True}
    tax = offered.tax if input_tax is None else input_tax
    if not tax:
        raise HubError("tax.amount_needed", invoice=str(bill_invoice.invoice))
    limit = bill_invoice.invoice.total_amount if amount is None else amount
    if limit is not None and (abs(tax) > abs(limit) or (tax < 0) != (limit < 0)):
        raise HubError("tax.exceeds_amount", invoice=str(bill_invoice.invoice), tax=f"{tax:.2f}", amount=f"{limit:.2f}")
    return {"deductible": True, "input_tax": tax, "transferred_out": None, "tax_by_hand": True}


def reasoned(reason: str, who: str | Message) -> dict[str, Any]:
    """The columns that say who decided, and why."""
    message = Message("tax.by_hand_because", {"who": who, "why": reason}) if reason else None
    return {
        "transfer_out_reason": reason[:200],
        "tax_reason": (message or Message("tax.by_hand", {"who": who})).stored(),
    }
