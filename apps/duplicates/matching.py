"""Whether two invoices may be one document, and by which rules. Pure.

Each field of the pair is equal, near (a rule of ``rules.py`` explains the difference), unknown or different. One
different field that matters rules the pair out. The rest is decided by structure, not by a sum of points:

- one system does not store a document under two valid numbers, so the two must come from different systems (except
  paper tickets, which have no valid numbers);
- two full numbers that the tax bureau lists or a verification passed are two documents;
- consecutive numbers with everything else equal are a booklet, unless the bureau, which lists whole days, lists only
  one;
- of several candidates in one system only a single best one counts (``settle``).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from .rules import DEFAULTS, Settings

Relation = Literal["equal", "near", "unknown", "different"]
Tier = Literal["certain", "likely", "possible"]

TICKETS = frozenset({"taxi", "coach", "ship", "toll_receipt", "fixed_amount", "machine_printed", "other"})
ON_PAPER = {"train_paper": "digital_rail", "air_paper": "digital_air"}
_LOOK_ALIKES = frozenset(map(frozenset, ("08", "17", "38", "56", "27", "69", "35", "0O", "1I", "5S", "8B", "2Z")))
NEAR_NUMBERS = 9  # what invoices of one day differ by more often than a slip makes them differ
_LONGEST_BOOKLET = 50
_WEIGHTS: Mapping[Relation, int] = {"equal": 3, "near": 2, "unknown": 1, "different": 0}


class Document(NamedTuple):
    """The fields of an invoice that are compared. ``sources`` and ``companies`` are ids ascending; '' and None:
    unknown."""

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
    listed: bool = False  # by the tax bureau
    verified: bool = False  # under this number


class Verdict(NamedTuple):
    """A candidate pair. ``rules`` explain the differences, in the order number, date, amount, seller; ``ambiguous``:
    another candidate of the same system fits as well; ``distance``: difference of the two numbers when nothing else
    differs, otherwise 0; ``booklet``: neighbours in a booklet, no candidates themselves, kept as rivals of others."""

    left: int
    right: int
    rules: tuple[str, ...]
    fields: Mapping[str, Relation]
    tier: Tier
    strength: int
    same_source: bool = False
    ambiguous: bool = False
    distance: int = 0
    booklet: bool = False
    sources: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())


class _FieldComparison(NamedTuple):
    """How one field of the two invoices compares. ``proven``: near as written, but an equal second value proves it (the
    amount excluding tax, the taxpayer number)."""

    relation: Relation
    rules: tuple[str, ...] = ()
    proven: bool = False


_EQUAL, _UNKNOWN, _DIFFERENT = _FieldComparison("equal"), _FieldComparison("unknown"), _FieldComparison("different")


def judge(left: Document, right: Document, settings: Settings = DEFAULTS) -> Verdict | None:
    """The candidate pair of two invoices, before rivals are considered; None when they are not one."""
    if _is_red_counterpart(left, right) or _are_two_proven(left, right):
        return None
    if _same_trip(left, right, settings):
        return _verdict(left, right, {"number": _UNKNOWN, "trip": _FieldComparison("equal", ("same_trip",))}, settings)
    same_source = not set(left.sources).isdisjoint(right.sources)
    if same_source and not (left.kind == right.kind and left.kind in TICKETS):
        return None
    number = _number(left, right)
    amount = _amount(left, right)
    issued = _date(left, right, settings)
    seller = _seller(left, right, settings)
    comparisons = {"number": number, "issue_date": issued, "total_amount": amount, "seller_name": seller}
    if _DIFFERENT in comparisons.values() or not _is_enough(comparisons):
        return None
    distance = _number_distance(left, right, comparisons)
    if same_source:
        ticket = _scanned_twice(comparisons)
        return _verdict(left, right, ticket, settings, distance, same_source=True) if ticket else None
    return _verdict(left, right, comparisons, settings, distance)


def settle(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The candidate pairs after comparing each with its rivals. A pair that is not the single best of its system is
    never *certain*; with near numbers it is dropped, because a booklet is likelier; without a number it is *possible*,
    or dropped when a rival fits better."""
    unsettled = list(verdicts)
    by_document: dict[int, list[Verdict]] = defaultdict(list)
    for verdict in unsettled:
        by_document[verdict.left].append(verdict)
        by_document[verdict.right].append(verdict)
    settled = []
    pairs = {(verdict.left, verdict.right) for verdict in unsettled}
    for verdict in unsettled:
        rivals = [
            *_rivals(verdict, verdict.left, by_document, pairs),
            *_rivals(verdict, verdict.right, by_document, pairs),
        ]
        strongest = max((rival.strength for rival in rivals), default=-1)
        rivalled, missing = strongest >= verdict.strength, "number_missing" in verdict.rules
        in_booklet = verdict.booklet or (rivalled and 0 < verdict.distance <= _LONGEST_BOOKLET)
        if in_booklet or (missing and strongest > verdict.strength):
            continue
        if rivalled:
            tier: Tier = "possible" if missing or verdict.tier == "possible" else "likely"
            verdict = verdict._replace(tier=tier, ambiguous=True)
        settled.append(verdict)
    return settled


def _rivals(
    verdict: Verdict, document: int, by_document: Mapping[int, Sequence[Verdict]], pairs: Collection[tuple[int, int]]
) -> list[Verdict]:
    """The other pairs of a document whose partner competes with this one's: a partner from the same system; or, where
    the number is missing, a partner that is certainly another document."""
    partner, sources = _partner(verdict, document)
    missing, rivals = "number_missing" in verdict.rules, []
    for other in by_document[document]:
        if other is verdict:
            continue
        second, its_sources = _partner(other, document)
        unrelated = (min(partner, second), max(partner, second)) not in pairs
        if not set(sources).isdisjoint(its_sources) or (missing and unrelated and "number_missing" in other.rules):
            rivals.append(other)
    return rivals


def _partner(verdict: Verdict, document: int) -> tuple[int, tuple[int, ...]]:
    """The other invoice of the pair and its sources."""
    if verdict.left == document:
        return verdict.right, verdict.sources[1]
    return verdict.left, verdict.sources[0]


def _verdict(
    left: Document,
    right: Document,
    comparisons: Mapping[str, _FieldComparison],
    settings: Settings,
    distance: int = 0,
    *,
    same_source: bool = False,
) -> Verdict | None:
    rules = tuple(rule for one in comparisons.values() for rule in one.rules)
    consecutive = 0 < distance <= settings.number("digit_wrong", "consecutive")
    tier = _tier(rules, comparisons, settings, same_source or 0 < distance <= NEAR_NUMBERS)
    if tier is None:
        return None
    if consecutive and "look_alike" not in rules:
        tier = "possible"
    if left.id > right.id:
        left, right = right, left
    return Verdict(
        left.id,
        right.id,
        rules,
        fields={name: one.relation for name, one in comparisons.items()},
        tier=tier,
        strength=sum(10 * _WEIGHTS[one.relation] for one in comparisons.values()) - len(rules),
        same_source=same_source,
        distance=distance,
        booklet=consecutive and left.listed == right.listed,
        sources=(left.sources, right.sources),
    )


def _tier(
    rules: Sequence[str], comparisons: Mapping[str, _FieldComparison], settings: Settings, doubtful: bool
) -> Tier | None:
    if not rules or not all(settings.on(rule) for rule in rules):
        return None
    exact = all(one.relation == "equal" for name, one in comparisons.items() if name != "number")
    if "number_missing" in rules:
        proven = all(one.relation == "equal" or one.proven for name, one in comparisons.items() if name != "number")
        return "likely" if proven and len(rules) <= 2 else "possible"
    if len(rules) == 1 and exact and not doubtful and rules[0] != "same_trip":
        return "certain"
    if len(rules) <= settings.likely:
        return "likely"
    return "possible" if len(rules) <= settings.possible else None


def _number_distance(left: Document, right: Document, comparisons: Mapping[str, _FieldComparison]) -> int:
    """Difference of the two numbers when nothing else differs; 0 when something else differs or two digits are swapped,
    which does not happen between neighbours of a booklet."""
    one, other = _decimal_number(left), _decimal_number(right)
    if [rule for each in comparisons.values() for rule in each.rules] not in (["digit_wrong"], ["look_alike"]):
        return 0
    return abs(int(one) - int(other)) if one and len(one) == len(other) else 0


def _is_enough(comparisons: Mapping[str, _FieldComparison]) -> bool:
    """Whether enough fields are known: with a near number, the amount and one of date and seller; without a number, an
    equal date and both others."""
    issued, total, seller = (comparisons[name].relation for name in ("issue_date", "total_amount", "seller_name"))
    if "number_missing" in comparisons["number"].rules:
        return issued == "equal" and "unknown" not in (total, seller)
    return total != "unknown" and (issued != "unknown" or seller != "unknown")


def _is_red_counterpart(left: Document, right: Document) -> bool:
    """Whether one is an invoice and the other a red-letter invoice."""
    return left.total is not None and right.total is not None and (left.total < 0) != (right.total < 0)


def _are_two_proven(left: Document, right: Document) -> bool:
    """Whether the tax bureau knows both under full numbers of the same sort, so that they are two documents."""
    proven = all(one.listed or one.verified for one in (left, right))
    return proven and _number_sort(left) == _number_sort(right) != ""


def _number_sort(document: Document) -> str:
    """Sort of its full number, '' without one: an error does not turn one proven number into another of the same
    sort."""
    if document.digital:
        return "digital"
    return "coded" if document.code and document.number else ""


def _same_trip(left: Document, right: Document, settings: Settings) -> bool:
    """Whether a paper ticket and an e-ticket document one journey."""
    if not settings.on("same_trip") or left.kind == right.kind:
        return False
    if ON_PAPER.get(left.kind) != right.kind and ON_PAPER.get(right.kind) != left.kind:
        return False
    trips = [(one.passenger, one.vehicle, one.departs_on) for one in (left, right)]
    return all(trips[0]) and trips[0] == trips[1]


def _scanned_twice(comparisons: Mapping[str, _FieldComparison]) -> Mapping[str, _FieldComparison] | None:
    """The comparisons with the rule ``scanned_twice``, when one system read one paper ticket twice; otherwise None."""
    if comparisons["total_amount"].relation != "equal" or comparisons["issue_date"].relation not in (
        "equal",
        "unknown",
    ):
        return None
    if "number_missing" in comparisons["number"].rules:
        return None
    return {**comparisons, "ticket": _FieldComparison("equal", ("scanned_twice",))}


def _decimal_number(document: Document) -> str:
    number = document.digital or document.number
    return number if number.isdecimal() else ""


def _number(left: Document, right: Document) -> _FieldComparison:
    if left.digital and right.digital:
        return _slip(left.digital, right.digital)
    if not (left.number or left.digital) or not (right.number or right.digital):
        return _FieldComparison("near", ("number_missing",))
    if not left.number or not right.number:
        return _one_is_digital(left, right)
    if left.code and left.code == right.number and right.code == left.number:
        return _FieldComparison("near", ("fields_swapped",))
    return _code_and_number(_code(left.code, right.code), _slip(left.number, right.number))


def _one_is_digital(left: Document, right: Document) -> _FieldComparison:
    """A twenty-digit number that lost a digit is stored in the field of short numbers."""
    return _slip(left.digital or left.number, right.digital or right.number)


def _code_and_number(code: _FieldComparison, number: _FieldComparison) -> _FieldComparison:
    """Different when the codes differ, or when both code and number have a slip, which is too improbable."""
    if _DIFFERENT in (code, number) or ("code_slip" in code.rules and number.rules):
        return _DIFFERENT
    if code is _EQUAL and number is _EQUAL:
        return _EQUAL
    return _FieldComparison("near", (*code.rules, *number.rules))


def _code(one: str, other: str) -> _FieldComparison:
    if one == other:
        return _EQUAL
    if not one or not other:
        return _FieldComparison("near", ("code_lost",))
    slip = edit(one, other)
    return _FieldComparison("near", ("code_slip",)) if slip else _DIFFERENT


def _slip(one: str, other: str) -> _FieldComparison:
    if one == other:
        return _EQUAL
    if one.lstrip("0") == other.lstrip("0"):
        return _FieldComparison("near", ("zero_lost",))
    slip = edit(one, other)
    return _FieldComparison("near", (slip,)) if slip else _DIFFERENT


def edit(one: str, other: str) -> str:
    """Code of the rule whose single slip turns one text into the other; '' when it takes more than one slip.

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


def _amount(left: Document, right: Document) -> _FieldComparison:
    if left.total is None or right.total is None:
        return _UNKNOWN
    if left.total == right.total:
        return _EQUAL
    if left.total == right.excl_tax or right.total == left.excl_tax:
        return _FieldComparison("near", ("tax_left_out",), proven=True)
    if left.excl_tax is not None and left.excl_tax == right.excl_tax:
        return _FieldComparison("near", ("amount_slip",), proven=True)
    one, other = f"{left.total:.2f}".replace(".", ""), f"{right.total:.2f}".replace(".", "")
    return _FieldComparison("near", ("amount_slip",)) if edit(one, other) else _DIFFERENT


def _date(left: Document, right: Document, settings: Settings) -> _FieldComparison:
    if left.issued is None or right.issued is None:
        return _UNKNOWN
    if left.issued == right.issued:
        return _EQUAL
    one, other, days = left.issued, right.issued, settings.number("day_off", "days")
    if abs((one - other).days) <= days:
        return _FieldComparison("near", ("day_off",))
    ways = [abs((swapped - day).days) for swapped, day in ((_swapped(one), other), (_swapped(other), one)) if swapped]
    if ways and min(ways) <= days:
        return _FieldComparison("near", ("month_day_swapped", "day_off") if min(ways) else ("month_day_swapped",))
    return _FieldComparison("near", ("date_slip",)) if edit(f"{one:%Y%m%d}", f"{other:%Y%m%d}") else _DIFFERENT


def _swapped(day: date) -> date | None:
    """The date with month and day swapped; None when there is no such month."""
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else None


def _seller(left: Document, right: Document, settings: Settings) -> _FieldComparison:
    if left.seller and left.seller == right.seller:
        return _EQUAL
    same_tax_no = bool(left.seller_tax_no) and left.seller_tax_no == right.seller_tax_no
    if not left.seller or not right.seller:
        return _EQUAL if same_tax_no else _UNKNOWN
    if likeness(left.seller, right.seller) * 100 >= settings.number("name_variant", "similarity"):
        return _FieldComparison("near", ("name_variant",), proven=same_tax_no)
    return _FieldComparison("near", ("former_name",), proven=True) if same_tax_no else _DIFFERENT


def likeness(one: str, other: str) -> float:
    """Share of character pairs that two names have in common, 0 to 1 (Dice's coefficient).

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
