"""Whether two invoices may be one document, and why. Pure.

Every field of the pair is equal, near (a rule of ``rules.py`` explains the difference), unknown or different. One
different field that matters ends it. What carries the judgement is structure, not a sum of points: a system that holds
both under two good numbers says that they are two, so the two must come from different systems (paper tickets, which
have no good numbers, apart), and among several candidates of one system only a single best one counts (``settle``).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from .rules import DEFAULTS, Settings

Relation = Literal["equal", "near", "unknown", "different"]
Tier = Literal["certain", "likely", "possible"]

TICKETS = frozenset({"taxi", "coach", "ship", "toll_receipt", "fixed_amount", "machine_printed", "other"})
ON_PAPER = {"train_paper": "digital_rail", "air_paper": "digital_air"}
_LOOK_ALIKES = frozenset(map(frozenset, ("08", "17", "38", "56", "27", "69", "35", "0O", "1I", "5S", "8B", "2Z")))
_WEIGHTS: Mapping[Relation, int] = {"equal": 3, "near": 2, "unknown": 1, "different": 0}


class Document(NamedTuple):
    """What judging needs of an invoice. ``sources`` are ids ascending; '' and None mean that nobody says."""

    id: int
    kind: str
    code: str
    number: str
    digital: str
    issued: date | None
    total: Decimal | None
    excl_tax: Decimal | None
    seller: str  # folded, see Party.folded
    seller_tax_no: str
    sources: tuple[int, ...]
    companies: tuple[int, ...]
    passenger: str = ""
    vehicle: str = ""
    departs_on: str = ""
    proven: bool = False  # the tax bureau, or a verification, knows a document of this number


@dataclass(frozen=True)
class Verdict:
    """A suspicion. ``rules`` explain the differences, in the order number, date, amount, seller; ``ambiguous`` says
    that another candidate of the same system fits as well."""

    left: int
    right: int
    rules: tuple[str, ...]
    fields: Mapping[str, Relation]
    tier: Tier
    strength: int
    same_source: bool = False
    ambiguous: bool = False
    sources: tuple[tuple[int, ...], tuple[int, ...]] = field(default=((), ()))


class _Said(NamedTuple):
    relation: Relation
    rules: tuple[str, ...] = ()


_EQUAL, _UNKNOWN, _DIFFERENT = _Said("equal"), _Said("unknown"), _Said("different")


def judge(left: Document, right: Document, settings: Settings = DEFAULTS) -> Verdict | None:
    """The suspicion between two invoices, before its rivals are known; None when there is none."""
    if _opposite(left, right) or _two_proven(left, right):
        return None
    if _same_trip(left, right, settings):
        return _verdict(left, right, {"number": _UNKNOWN, "trip": _Said("equal", ("same_trip",))}, settings)
    together = not set(left.sources).isdisjoint(right.sources)
    if together and not (left.kind == right.kind and left.kind in TICKETS):
        return None
    number = _number(left, right)
    amount = _amount(left, right)
    issued = _date(left, right, settings)
    seller = _seller(left, right, settings)
    said = {"number": number, "issue_date": issued, "total_amount": amount, "seller_name": seller}
    if any(one is _DIFFERENT for one in said.values()) or not _enough(said):
        return None
    if together:
        twice = _scanned_twice(left, right, said, settings)
        return _verdict(left, right, twice, settings, same_source=True) if twice else None
    return _verdict(left, right, said, settings)


def settle(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The same suspicions with their rivals weighed: a candidate that is not the single best of its system is at most
    *possible*, and what is beaten by a better one of the same system is no suspicion at all."""
    found = list(verdicts)
    by_document: dict[int, list[Verdict]] = defaultdict(list)
    for verdict in found:
        by_document[verdict.left].append(verdict)
        by_document[verdict.right].append(verdict)
    settled = []
    for verdict in found:
        rivals = [*_rivals(verdict, verdict.left, by_document), *_rivals(verdict, verdict.right, by_document)]
        strongest = max((rival.strength for rival in rivals), default=-1)
        if strongest > verdict.strength:
            continue
        if strongest == verdict.strength:
            verdict = replace(verdict, tier="possible", ambiguous=True)
        settled.append(verdict)
    return settled


def _rivals(verdict: Verdict, document: int, by_document: Mapping[int, Sequence[Verdict]]) -> list[Verdict]:
    """The other suspicions of a document that name a second candidate out of the same system."""
    partner = set(_partner_sources(verdict, document))
    return [
        other
        for other in by_document[document]
        if other is not verdict and not partner.isdisjoint(_partner_sources(other, document))
    ]


def _partner_sources(verdict: Verdict, document: int) -> tuple[int, ...]:
    return verdict.sources[1] if verdict.left == document else verdict.sources[0]


def _verdict(
    left: Document, right: Document, said: Mapping[str, _Said], settings: Settings, *, same_source: bool = False
) -> Verdict | None:
    rules = tuple(rule for one in said.values() for rule in one.rules)
    if not rules or not all(settings.on(rule) for rule in rules):
        return None
    strength = sum(10 * _WEIGHTS[one.relation] for one in said.values()) - len(rules)
    exact = all(one.relation == "equal" for name, one in said.items() if name != "number")
    tier: Tier
    if len(rules) == 1 and exact and not same_source and rules[0] not in ("number_missing", "same_trip"):
        tier = "certain"
    elif len(rules) <= settings.likely:
        tier = "likely"
    elif len(rules) <= settings.possible:
        tier = "possible"
    else:
        return None
    fields = {name: one.relation for name, one in said.items()}
    if left.id > right.id:
        left, right = right, left
    return Verdict(left.id, right.id, rules, fields, tier, strength, same_source, sources=(left.sources, right.sources))


def _enough(said: Mapping[str, _Said]) -> bool:
    """A near number needs the amount and one of date and seller; a missing number needs all three to be equal."""
    if said["total_amount"].relation == "unknown":
        return False
    if "number_missing" in said["number"].rules:
        return all(said[name].relation == "equal" for name in ("issue_date", "total_amount", "seller_name"))
    return any(said[name].relation != "unknown" for name in ("issue_date", "seller_name"))


def _opposite(left: Document, right: Document) -> bool:
    """An invoice and its red counterpart."""
    return left.total is not None and right.total is not None and (left.total < 0) != (right.total < 0)


def _two_proven(left: Document, right: Document) -> bool:
    """Both are known under their full number to the tax bureau, so they are two."""
    return left.proven and right.proven and _in_full(left) == _in_full(right) != ""


def _in_full(document: Document) -> str:
    """Which sort of full number it has: a slip cannot lead from one proven number to another of the sort."""
    if document.digital:
        return "digital"
    return "coded" if document.code and document.number else ""


def _same_trip(left: Document, right: Document, settings: Settings) -> bool:
    """One journey on a paper ticket and on an e-ticket."""
    if not settings.on("same_trip") or left.kind == right.kind:
        return False
    if ON_PAPER.get(left.kind) != right.kind and ON_PAPER.get(right.kind) != left.kind:
        return False
    trips = [(one.passenger, one.vehicle, one.departs_on) for one in (left, right)]
    return all(trips[0]) and trips[0] == trips[1]


def _scanned_twice(
    left: Document, right: Document, said: Mapping[str, _Said], settings: Settings
) -> Mapping[str, _Said] | None:
    """One paper ticket read twice by one system. Neighbours in a booklet are not that."""
    if said["total_amount"].relation != "equal" or said["issue_date"].relation not in ("equal", "unknown"):
        return None
    one, other = _digits(left), _digits(right)
    if not one or not other or "number_missing" in said["number"].rules:
        return None
    if len(one) == len(other) and abs(int(one) - int(other)) <= settings.number("scanned_twice", "consecutive"):
        return None
    return {**said, "ticket": _Said("equal", ("scanned_twice",))}


def _digits(document: Document) -> str:
    number = document.digital or document.number
    return number if number.isdecimal() else ""


def _number(left: Document, right: Document) -> _Said:
    if left.digital and right.digital:
        return _slip(left.digital, right.digital)
    if not (left.number or left.digital) or not (right.number or right.digital):
        return _Said("near", ("number_missing",))
    if not left.number or not right.number:
        return _one_is_digital(left, right)
    if left.code and left.code == right.number and right.code == left.number:
        return _Said("near", ("fields_swapped",))
    return _both(_code(left.code, right.code), _slip(left.number, right.number))


def _one_is_digital(left: Document, right: Document) -> _Said:
    """A twenty-digit number that lost a digit stands in the field of the short one."""
    return _slip(left.digital or left.number, right.digital or right.number)


def _both(code: _Said, number: _Said) -> _Said:
    """A code of another invoice under an equal number is another invoice; a slip in both is too much to believe."""
    if _DIFFERENT in (code, number) or ("code_slip" in code.rules and number.rules):
        return _DIFFERENT
    if code is _EQUAL and number is _EQUAL:
        return _EQUAL
    return _Said("near", (*code.rules, *number.rules))


def _code(one: str, other: str) -> _Said:
    if one == other:
        return _EQUAL
    if not one or not other:
        return _Said("near", ("code_lost",))
    slip = edit(one, other)
    return _Said("near", ("code_slip",)) if slip else _DIFFERENT


def _slip(one: str, other: str) -> _Said:
    if one == other:
        return _EQUAL
    if one.lstrip("0") == other.lstrip("0"):
        return _Said("near", ("zero_lost",))
    slip = edit(one, other)
    return _Said("near", (slip,)) if slip else _DIFFERENT


def edit(one: str, other: str) -> str:
    """The single slip that makes one text of the other, as the code of its rule; '' when it takes more than one.

    >>> edit("12345678", "12354678"), edit("1034", "1834"), edit("123", "1234"), edit("12", "34")
    ('neighbours_swapped', 'look_alike', 'digit_lost', '')
    """
    if one == other or abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 3:
        return ""
    place = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    if len(one) != len(other):
        shorter, longer = sorted((one, other), key=len)
        return "digit_lost" if shorter[place:] == longer[place + 1 :] else ""
    if one[place + 1 :] == other[place + 1 :]:
        return "look_alike" if frozenset((one[place], other[place])) in _LOOK_ALIKES else "digit_wrong"
    swapped = one[place : place + 2] == other[place : place + 2][::-1] and one[place + 2 :] == other[place + 2 :]
    return "neighbours_swapped" if swapped else ""


def _amount(left: Document, right: Document) -> _Said:
    if left.total is None or right.total is None:
        return _UNKNOWN
    if left.total == right.total:
        return _EQUAL
    if left.total == right.excl_tax or right.total == left.excl_tax:
        return _Said("near", ("tax_left_out",))
    if left.excl_tax is not None and left.excl_tax == right.excl_tax:
        return _Said("near", ("amount_slip",))
    one, other = f"{left.total:.2f}".replace(".", ""), f"{right.total:.2f}".replace(".", "")
    return _Said("near", ("amount_slip",)) if edit(one, other) else _DIFFERENT


def _date(left: Document, right: Document, settings: Settings) -> _Said:
    if left.issued is None or right.issued is None:
        return _UNKNOWN
    if left.issued == right.issued:
        return _EQUAL
    if abs((left.issued - right.issued).days) <= settings.number("day_off", "days"):
        return _Said("near", ("day_off",))
    one, other = left.issued, right.issued
    if one.year == other.year and (one.month, one.day) == (other.day, other.month):
        return _Said("near", ("month_day_swapped",))
    return _Said("near", ("date_slip",)) if edit(f"{one:%Y%m%d}", f"{other:%Y%m%d}") else _DIFFERENT


def _seller(left: Document, right: Document, settings: Settings) -> _Said:
    if left.seller and left.seller == right.seller:
        return _EQUAL
    same_tax_no = bool(left.seller_tax_no) and left.seller_tax_no == right.seller_tax_no
    if not left.seller or not right.seller:
        return _EQUAL if same_tax_no else _UNKNOWN
    if likeness(left.seller, right.seller) * 100 >= settings.number("name_variant", "similarity"):
        return _Said("near", ("name_variant",))
    return _Said("near", ("former_name",)) if same_tax_no else _DIFFERENT


def likeness(one: str, other: str) -> float:
    """How many pairs of neighbouring characters two names share, 0 to 1 (Dice's coefficient).

    >>> likeness("上海正源广告", "上海正源广吿") > 0.7
    True
    """
    pairs = [[text[i : i + 2] for i in range(len(text) - 1)] or [text] for text in (one, other)]
    rest = list(pairs[1])
    shared = 0
    for pair in pairs[0]:
        if pair in rest:
            rest.remove(pair)
            shared += 1
    return 2 * shared / (len(pairs[0]) + len(pairs[1]))
