"""Decides which part of an invoice's tax a company may deduct, and why. Pure: imports no Django.

The facts of tax law are those of ``docs/domain.md``; ``docs/input-tax.md`` lists the rules in their order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from apps.sources.records import DeductionStatus, Direction, InvoiceKind, InvoiceStatus, TravelRecord

from . import wording

ZERO = Decimal("0.00")
_CENT = Decimal("0.01")
_NEW_LAW = date(2026, 1, 1)  # the VAT Law is in force since

CARRY_TAX = frozenset(
    {
        InvoiceKind.VAT_SPECIAL_PAPER,
        InvoiceKind.VAT_SPECIAL_ELECTRONIC,
        InvoiceKind.VEHICLE_SALE,
        InvoiceKind.DIGITAL_SPECIAL,
        InvoiceKind.DIGITAL_VEHICLE,
        InvoiceKind.DIGITAL_PAPER_SPECIAL,
        InvoiceKind.DIGITAL_PAPER_VEHICLE,
        InvoiceKind.CUSTOMS_PAYMENT,
        InvoiceKind.TAX_PAYMENT_PROOF,
    }
)
# Their tax is deducted only after ticking (勾选) at the tax bureau; that of other documents is computed from them.
BY_TICKING = CARRY_TAX | {
    InvoiceKind.VAT_FREIGHT,
    InvoiceKind.VAT_TOLL,
    InvoiceKind.DIGITAL_RAIL,
    InvoiceKind.DIGITAL_AIR,
    InvoiceKind.DIGITAL_TOLL,
}
# Travel rules of these kinds hold for passenger transport only.
ORDINARY_ELECTRONIC = frozenset({InvoiceKind.DIGITAL_GENERAL, InvoiceKind.VAT_GENERAL_ELECTRONIC})
_STATE_THEIR_TAX = frozenset({InvoiceKind.DIGITAL_RAIL, InvoiceKind.DIGITAL_AIR})
TICKED = frozenset({DeductionStatus.TICKED, DeductionStatus.CERTIFIED})
_WORTHLESS = frozenset({InvoiceStatus.VOID, InvoiceStatus.LOST_CONTROL, InvoiceStatus.ABNORMAL})
_REVERSED = frozenset({InvoiceStatus.RED, InvoiceStatus.FULLY_RED, InvoiceStatus.RED_PENDING})


@dataclass(frozen=True)
class Reason:
    """A code of ``sentences.py`` with its parameters: texts, or reasons that are sentences of their own."""

    code: str
    params: Mapping[str, "str | Reason"] = field(default_factory=dict)


class Line(NamedTuple):
    """A line of the invoice. ``tax`` None: not stated."""

    name: str
    tax: Decimal | None


@dataclass(frozen=True)
class TravelRule:
    """How the tax of one kind of travel document is found, for issue dates from ``valid_from`` to ``valid_to`` (None:
    still valid). ``formula``: a value of ``choices.TaxFormula``; ``rate``: 0.09 for 9 %; ``source``: who says so."""

    kind: str
    formula: str
    rate: Decimal | None
    needs_passenger: bool
    valid_from: date
    valid_to: date | None
    source: str

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Part:
    """The part of the invoice that is judged. ``amount``: yuan, None for the whole; ``before``: what older shares of
    the invoice use (yuan, absolute); ``taken``: tax that other shares have already (yuan, absolute)."""

    amount: Decimal | None = None
    before: Decimal = ZERO
    taken: Decimal = ZERO


@dataclass(frozen=True)
class Facts:
    """What the judgement depends on. Amounts in yuan, None: no source states one. ``bureau_tax``: the tax that the tax
    bureau lets the buyer deduct; ``use``: a value of ``choices.NonDeductibleUse``, '' when the cost may be deducted;
    ``contested``: another bill has reserved the invoice."""

    kind: InvoiceKind
    direction: Direction = Direction.INPUT
    status: InvoiceStatus = InvoiceStatus.NORMAL
    deduction: DeductionStatus = DeductionStatus.UNKNOWN
    issue_date: date | None = None
    total: Decimal | None = None
    tax: Decimal | None = None
    bureau_tax: Decimal | None = None
    travel: TravelRecord | None = None
    seller: str = ""
    lines: Sequence[Line] = ()
    small_scale: bool = False
    use: str = ""
    contested: bool = False
    part: Part = Part()


@dataclass(frozen=True)
class Judgement:
    """``input_tax``: yuan to deduct, zero unless ``deductible``. ``transferred_out``: yuan that were ticked although
    they may not be deducted. Both are negative for red-letter invoices."""

    deductible: bool
    input_tax: Decimal
    transferred_out: Decimal
    reason: Reason


class _Claim(NamedTuple):
    """The tax that the whole invoice offers (None: nothing to deduct), and the rule that says so."""

    tax: Decimal | None
    reason: Reason


def judge(facts: Facts, rules: Sequence[TravelRule]) -> Judgement:
    """Judge one share of an invoice. The first rule that applies decides."""
    refusal = _outright(facts)
    if refusal is not None:
        return _refused(refusal)
    ticked = facts.deduction in TICKED
    claim = _ticked(facts) if ticked else _by_document(facts, rules)
    obstacle = _obstacle(facts)
    if obstacle is not None:
        out = share_of(claim.tax, facts) if ticked and claim.tax else ZERO
        if out:
            return Judgement(False, ZERO, out, Reason("tax.transferred_out", {"why": obstacle}))
        return _refused(obstacle)
    if claim.tax is None:
        return _refused(claim.reason)
    tax = share_of(claim.tax, facts)
    return Judgement(True, tax, ZERO, claim.reason) if tax else _refused(Reason("tax.zero", {"why": claim.reason}))


@dataclass(frozen=True)
class Offer:
    """What could be deducted whatever the use of the cost and the status: yuan of the share, None for nothing that a
    rule knows. ``ticked``: it was ticked at the tax bureau."""

    tax: Decimal | None
    ticked: bool


def offer(facts: Facts, rules: Sequence[TravelRule]) -> Offer:
    """What a person may decide on."""
    ticked = facts.deduction in TICKED
    claim = _ticked(facts) if ticked else _by_document(facts, rules)
    if claim.tax is None or _outright(facts) is not None:
        return Offer(None, ticked)
    return Offer(share_of(claim.tax, facts), ticked)


def share_of(tax: Decimal, facts: Facts) -> Decimal:
    """The part of ``tax`` that belongs to the share: to the cent, so that all shares of an invoice never sum to more
    than its tax and the last one gets what rounding left."""
    part, total = facts.part, abs(facts.total or ZERO)
    if total:
        before = min(part.before, total)
        after = total if part.amount is None else min(before + abs(part.amount), total)
        own = rounded(abs(tax) * after / total) - rounded(abs(tax) * before / total)
    else:
        own = ZERO if part.before else abs(tax)
    return min(own, max(abs(tax) - part.taken, ZERO)).copy_sign(tax)


def rounded(amount: Decimal) -> Decimal:
    """To the cent, half up."""
    return amount.quantize(_CENT, ROUND_HALF_UP)


def _refused(reason: Reason) -> Judgement:
    return Judgement(False, ZERO, ZERO, reason)


def _outright(facts: Facts) -> Reason | None:
    """Why nothing of the invoice concerns the company's input tax; None when it may."""
    if facts.contested:
        return Reason("tax.contested")
    if facts.small_scale:
        return Reason("tax.small_scale")
    if facts.direction == Direction.OUTPUT:
        return Reason("tax.issued")
    if facts.deduction == DeductionStatus.NOT_DEDUCTIBLE:
        return Reason("tax.bureau_refuses")
    return Reason("tax.refund") if facts.deduction == DeductionStatus.REFUND else None


def _obstacle(facts: Facts) -> Reason | None:
    """Why the tax may not be deducted although the document carries it; None without an obstacle."""
    negative = (
        facts.total is not None and facts.total < 0
    )  # a red-letter invoice reverses another one and counts itself
    if facts.status in _WORTHLESS or (facts.status in _REVERSED and not negative):
        return Reason("tax.status", {"status": Reason(f"tax.status.{facts.status}")})
    if facts.use:
        return Reason(f"tax.use.{facts.use}", {"law": _law(facts)})
    services = {wording.non_deductible(line.name) for line in facts.lines}
    if services and "" not in services:
        return Reason("tax.service", {"service": facts.lines[0].name, "law": _law(facts)})
    return None


def _law(facts: Facts) -> Reason:
    new = facts.issue_date is None or facts.issue_date >= _NEW_LAW
    if facts.use == "loan_interest" and new:
        return Reason("tax.law.implementing_rules")
    return Reason("tax.law.vat_law" if new else "tax.law.before_2026")


def _ticked(facts: Facts) -> _Claim:
    """What the tax bureau lets the buyer deduct, whatever we would compute."""
    tax = facts.tax if facts.bureau_tax is None else facts.bureau_tax
    if tax is None:
        return _Claim(None, Reason("tax.ticked_without_amount"))
    if facts.total is not None:
        tax = abs(tax).copy_sign(facts.total)
    return _Claim(tax, Reason("tax.ticked", {"tax": f"{tax:.2f}"}))


def _by_document(facts: Facts, rules: Sequence[TravelRule]) -> _Claim:
    if facts.kind in CARRY_TAX:
        return _stated(facts.tax, Reason("tax.document", {"kind": _kind(facts)}))
    of_kind = [rule for rule in rules if rule.kind == facts.kind]
    passengers = wording.passenger_lines(facts.lines)
    if of_kind and (facts.kind not in ORDINARY_ELECTRONIC or passengers):
        return _by_travel_rule(facts, of_kind)
    agency = facts.kind in ORDINARY_ELECTRONIC and any(wording.is_agency(line.name) for line in facts.lines)
    return _Claim(None, Reason("tax.agency" if agency else "tax.ordinary", {} if agency else {"kind": _kind(facts)}))


def _by_travel_rule(facts: Facts, rules: Sequence[TravelRule]) -> _Claim:
    day = facts.issue_date or (facts.travel.departs_on if facts.travel else None)
    if day is None:
        return _Claim(None, Reason("tax.no_date"))
    rule = next((rule for rule in rules if rule.covers(day)), None)
    if rule is None:
        return _Claim(None, _outside(day, rules))
    source = {"source": rule.source}
    abroad = wording.abroad(facts.travel)
    if abroad:
        return _Claim(None, Reason("tax.abroad", {"place": abroad}))
    if facts.kind == InvoiceKind.TOLL_RECEIPT and not wording.is_bridge_or_gate(facts.seller, facts.lines):
        return _Claim(None, Reason("tax.road_toll", source))
    if rule.needs_passenger and not (facts.travel and facts.travel.passenger):
        return _Claim(None, Reason("tax.no_passenger", source))
    if facts.kind in ORDINARY_ELECTRONIC:
        return _stated(_passenger_tax(facts), Reason("tax.passenger_transport", source))
    if rule.formula == "stated" or rule.rate is None or (facts.kind in _STATE_THEIR_TAX and facts.tax):
        return _stated(facts.tax, Reason("tax.travel_stated", source))
    return _computed(facts, rule)


def _outside(day: date, rules: Sequence[TravelRule]) -> Reason:
    """Why no rule of the kind covers the day."""
    ended = max((rule for rule in rules if rule.valid_to and rule.valid_to < day), key=_start, default=None)
    if ended is not None and ended.valid_to is not None:
        return Reason("tax.rule_ended", {"day": ended.valid_to.isoformat(), "source": ended.source})
    first = min(rules, key=_start)
    return Reason("tax.rule_begins", {"day": first.valid_from.isoformat(), "source": first.source})


def _start(rule: TravelRule) -> date:
    return rule.valid_from


def _computed(facts: Facts, rule: TravelRule) -> _Claim:
    """Tax out of the price: base ÷ (1 + rate) × rate."""
    rate = rule.rate or ZERO
    if rule.formula == "fare_and_fuel":
        fare = facts.travel.fare if facts.travel else None
        base = None if fare is None or facts.travel is None else fare + (facts.travel.fuel_surcharge or ZERO)
        code = "tax.fare_and_fuel"
    else:
        base, code = facts.total, "tax.face"
    if base is None:
        return _Claim(None, Reason("tax.no_price"))
    params = {"base": f"{base:.2f}", "rate": f"{(rate * 100).normalize():f}", "source": rule.source}
    return _Claim(rounded(base / (1 + rate) * rate), Reason(code, params))


def _passenger_tax(facts: Facts) -> Decimal | None:
    """The tax shown for passenger transport: of the invoice when nothing else is on it."""
    passengers = wording.passenger_lines(facts.lines)
    if len(passengers) == len(facts.lines) and facts.tax is not None:
        return facts.tax
    taxes = [line.tax for line in passengers if line.tax is not None]
    return sum(taxes, ZERO) if len(taxes) == len(passengers) else None


def _stated(tax: Decimal | None, reason: Reason) -> _Claim:
    return _Claim(None, Reason("tax.not_stated")) if tax is None else _Claim(tax, reason)


def _kind(facts: Facts) -> Reason:
    return Reason(f"tax.kind.{facts.kind}")
