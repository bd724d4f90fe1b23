"""Made-up ledgers in which it is known what is there twice: for tuning the rules and for measuring them. Pure.

A true pair is one document that reached the ledger twice, the second time damaged by one of ``_DAMAGED`` (several at
once in a tenth of the pairs). Hard negatives are documents that look alike and are not the same: neighbours in a
booklet, monthly rent, daily meals, the same number under another code, receipts scanned by the dozen, an invoice and
its red counterpart.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

TAX_BUREAU, CHECKER, EXPENSES, CLOUD = 1, 2, 3, 4  # sources
_OTHERS = (CHECKER, EXPENSES, CLOUD)
_FIRST_DAY, _DAYS = date(2024, 1, 1), 730
_BRANDS = (
    "正源", "恒信", "九州", "锦程", "卓越", "启航", "天成", "嘉禾", "润泽", "远景",
    "创想", "明德", "安泰", "华诚", "金穗", "青禾", "同济", "凌云", "海纳", "东篱",
)  # fmt: skip
_PLACES = (
    "上海", "北京", "杭州", "广州", "深圳", "成都", "西安", "武汉", "南京", "青岛",
    "苏州", "宁波",
)  # fmt: skip
_TRADES = (
    "办公用品", "餐饮管理", "广告传媒", "物流", "软件", "咨询", "机械设备", "酒店管理", "物业服务", "石油销售",
)  # fmt: skip
_LOOK_ALIKES = {"0": "8", "1": "7", "3": "8", "5": "6", "6": "5", "7": "1", "8": "3", "2": "7", "9": "6", "4": "9"}


@dataclass(frozen=True, slots=True)
class Paper:
    """One row of the ledger. ``document`` is equal for rows of one true document."""

    document: int
    kind: str
    code: str
    number: str
    digital: str
    issued: date
    total: Decimal
    excl_tax: Decimal
    seller: str
    seller_tax_no: str
    sources: tuple[int, ...]
    passenger: str = ""
    vehicle: str = ""
    verified: bool = False  # under this very number


@dataclass(frozen=True)
class TruePair:
    """Places of a document's first row and of a later one, and what damaged that."""

    left: int
    right: int
    damages: tuple[str, ...]


@dataclass
class Corpus:
    papers: list[Paper]
    pairs: list[TruePair]


class _Maker:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - reproducible, not secret
        self.made = 0

    def seller(self) -> tuple[str, str]:
        chance = self.chance
        place = chance.choice(_PLACES)
        name = f"{place}{chance.choice(_BRANDS)}{chance.choice(_BRANDS)}{chance.choice(_TRADES)}有限公司"
        return name, f"91{chance.randrange(10**6):06d}{chance.randrange(10**9):09d}X"

    def paper(self, sellers: list[tuple[str, str]]) -> Paper:
        """A document as the tax bureau (or, small paper, the cloud) knows it."""
        chance, self.made = self.chance, self.made + 1
        kind = chance.choices(_KINDS, _SHARES)[0]
        name, tax_no = chance.choice(sellers)
        issued = _FIRST_DAY + timedelta(days=chance.randrange(_DAYS))
        excl = Decimal(chance.randrange(2_000, 3_000_000)) / 100
        total = excl
        code = number = digital = ""
        if kind.startswith("digital"):
            digital = f"{issued:%y}{chance.randrange(11, 65)}2000000{chance.randrange(10**9):09d}"
            total = (excl * Decimal("1.13")).quantize(Decimal("0.01"))
        elif kind.startswith("vat"):
            code, number = (
                f"0{chance.randrange(10**9):09d}{chance.choice(('04', '11'))}",
                f"{chance.randrange(10**8):08d}",
            )
            total = (excl * Decimal("1.06")).quantize(Decimal("0.01"))
        else:
            code, number = f"1{chance.randrange(10**11):011d}", f"{chance.randrange(10**8):08d}"
            excl = total = Decimal(chance.choice((10, 20, 50, 100) if kind == "fixed_amount" else range(11, 120)))
            name, tax_no = ("", "") if kind == "fixed_amount" else (name, "")
        made = Paper(self.made, kind, code, number, digital, issued, total, excl, name, tax_no, (CLOUD,))
        return self.held(made, self.chance.random() < 0.85) if digital or kind.startswith("vat") else made

    def held(self, paper: Paper, by_the_bureau: bool) -> Paper:
        """Who has it: the bureau, one in three of them another system too, under the same number; or another system
        alone, which has verified it in six cases of ten."""
        another, throw = self.chance.choice(_OTHERS), self.chance.random()
        if by_the_bureau:
            return replace(paper, sources=(TAX_BUREAU, another) if throw < 0.35 else (TAX_BUREAU,))
        return replace(paper, sources=(another,), verified=throw < 0.6)


_KINDS = ("digital_special", "digital_general", "vat_special_paper", "vat_general_electronic", "taxi", "fixed_amount")
_TICKETS = ("taxi", "fixed_amount")
_SHARES = (30, 34, 10, 18, 5, 3)


def make(count: int, seed: int) -> Corpus:
    """A ledger of about ``count`` rows: five in a hundred are second rows of a document, twenty are hard negatives."""
    maker = _Maker(seed)
    sellers = [maker.seller() for _ in range(max(20, count // 60))]
    corpus = Corpus([], [])
    while len(corpus.papers) < count:
        throw = maker.chance.random()
        if throw < 0.06:
            _twice(maker, sellers, corpus)
        elif throw < 0.12:
            corpus.papers += _look_alike(maker, sellers)
        else:
            corpus.papers.append(maker.paper(sellers))
    return corpus


def _twice(maker: _Maker, sellers: list[tuple[str, str]], corpus: Corpus) -> None:
    """A document and its damaged copy; in three of a hundred there is a second copy."""
    chance, first = maker.chance, maker.paper(sellers)
    copies: list[tuple[Paper, tuple[str, ...]]]
    if first.kind in _TICKETS:
        again = _required(_DAMAGED["look_alike"](first, chance))
        copies = [(replace(again, sources=(chance.choice((CLOUD, CLOUD, EXPENSES)),)), ("scanned_twice",))]
    elif chance.random() < 0.04:
        first, again = _journey(maker, first)
        copies = [(again, ("same_trip",))]
    else:
        copies = [_copy(first, chance) for _ in range(2 if chance.random() < 0.03 else 1)]
    place = len(corpus.papers)
    corpus.papers += [first, *(again for again, _damages in copies)]
    corpus.pairs += [TruePair(place, place + n, damages) for n, (_again, damages) in enumerate(copies, 1)]


def _copy(first: Paper, chance: random.Random) -> tuple[Paper, tuple[str, ...]]:
    """What another system made of it."""
    wanted = 1 if chance.random() < 0.9 else chance.choice((2, 2, 3))
    again, damages = _damaged(first, wanted, chance)
    elsewhere = [one for one in _OTHERS if one not in first.sources]
    return replace(again, sources=(chance.choice(elsewhere),), verified=False), damages


def _journey(maker: _Maker, like: Paper) -> tuple[Paper, Paper]:
    journey = replace(like, passenger=f"张{maker.made % 997}", vehicle=f"G{maker.chance.randrange(1, 999)}", code="")
    digital = f"26{maker.chance.randrange(10**18):018d}"
    electronic = replace(journey, kind="digital_rail", number="", digital=digital, sources=(EXPENSES,))
    number = f"K{maker.chance.randrange(10**6):06d}"
    paper = replace(journey, kind="train_paper", number=number, digital="", seller="", seller_tax_no="")
    return electronic, replace(paper, sources=(CLOUD,))


Damage = Callable[[Paper, random.Random], Paper | None]


def _damaged(paper: Paper, wanted: int, chance: random.Random) -> tuple[Paper, tuple[str, ...]]:
    """The paper with one slip in its number (without which both rows would be one) and ``wanted`` - 1 elsewhere."""
    names = [chance.choice(_NUMBER_DAMAGES), *chance.sample(_FURTHER_DAMAGES, wanted - 1)]
    found, damages = paper, list[str]()
    for name in names:
        damaged = _DAMAGED[name](found, chance)
        if damaged is not None:
            found, damages = damaged, [*damages, name]
    if (found.code, found.number, found.digital) == (paper.code, paper.number, paper.digital):
        found, damages = _required(_DAMAGED["look_alike"](found, chance)), [*damages, "look_alike"]
    return found, tuple(damages)


def _required(paper: Paper | None) -> Paper:
    if paper is None:
        raise AssertionError("every paper has a number")
    return paper


def _renumbered(paper: Paper, number: str) -> Paper | None:
    if number == (paper.digital or paper.number):
        return None
    return replace(paper, digital=number) if paper.digital else replace(paper, number=number)


def _digit_wrong(paper: Paper, chance: random.Random) -> Paper | None:
    number = paper.digital or paper.number
    place = chance.randrange(len(number))
    return _renumbered(paper, f"{number[:place]}{chance.choice('0123456789')}{number[place + 1 :]}")


def _look_alike_digit(paper: Paper, chance: random.Random) -> Paper | None:
    number = paper.digital or paper.number
    place = chance.randrange(len(number))
    return _renumbered(paper, f"{number[:place]}{_LOOK_ALIKES[number[place]]}{number[place + 1 :]}")


def _swapped(paper: Paper, chance: random.Random) -> Paper | None:
    number = paper.digital or paper.number
    place = chance.randrange(len(number) - 1)
    return _renumbered(paper, f"{number[:place]}{number[place + 1]}{number[place]}{number[place + 2 :]}")


def _lost(paper: Paper, chance: random.Random) -> Paper | None:
    """One digit lost; a digital number that is too short is none and stands in the field of the short ones."""
    number = paper.digital or paper.number
    place = chance.randrange(len(number))
    return replace(paper, digital="", number=f"{number[:place]}{number[place + 1 :]}")


def _zero_lost(paper: Paper, _chance: random.Random) -> Paper | None:
    number = paper.number.lstrip("0")
    return replace(paper, number=number) if number != paper.number else None


def _code_lost(paper: Paper, _chance: random.Random) -> Paper | None:
    return replace(paper, code="") if paper.code else None


def _fields_swapped(paper: Paper, _chance: random.Random) -> Paper | None:
    return replace(paper, code=paper.number, number=paper.code) if paper.code else None


def _number_missing(paper: Paper, _chance: random.Random) -> Paper | None:
    return replace(paper, code="", number="", digital="")


def _day_off(paper: Paper, chance: random.Random) -> Paper | None:
    return replace(paper, issued=paper.issued + timedelta(days=chance.choice((-1, 1))))


def _month_day(paper: Paper, _chance: random.Random) -> Paper | None:
    if paper.issued.day > 12 or paper.issued.day == paper.issued.month:
        return None
    return replace(paper, issued=paper.issued.replace(month=paper.issued.day, day=paper.issued.month))


def _tax_left_out(paper: Paper, _chance: random.Random) -> Paper | None:
    return replace(paper, total=paper.excl_tax) if paper.excl_tax != paper.total else None


def _amount_slip(paper: Paper, chance: random.Random) -> Paper | None:
    digits = f"{paper.total:.2f}".replace(".", "")
    place = chance.randrange(len(digits))
    slipped = f"{digits[:place]}{chance.choice('123456789')}{digits[place + 1 :]}"
    return replace(paper, total=Decimal(slipped) / 100) if slipped != digits else None


def _name_variant(paper: Paper, chance: random.Random) -> Paper | None:
    if not paper.seller:
        return None
    name, place = paper.seller, paper.seller[:2]
    tax_no = paper.seller_tax_no if chance.random() < 0.5 else ""
    variants = (
        f"{name[2:].replace('有限公司', '')}({place})有限公司",
        name.replace("有限公司", "有限责任公司"),
        f"{name[:4]} {name[4:]}",
        f"{name[:3]}{name[4:]}",
    )
    return replace(paper, seller=chance.choice(variants), seller_tax_no=tax_no)


def _former_name(paper: Paper, chance: random.Random) -> Paper | None:
    return (
        replace(paper, seller=f"{chance.choice(_PLACES)}老{chance.choice(_BRANDS)}商行")
        if paper.seller_tax_no
        else None
    )


_DAMAGED: dict[str, Damage] = {
    "digit_wrong": _digit_wrong,
    "look_alike": _look_alike_digit,
    "neighbours_swapped": _swapped,
    "digit_lost": _lost,
    "zero_lost": _zero_lost,
    "code_lost": _code_lost,
    "fields_swapped": _fields_swapped,
    "number_missing": _number_missing,
    "day_off": _day_off,
    "month_day_swapped": _month_day,
    "tax_left_out": _tax_left_out,
    "amount_slip": _amount_slip,
    "name_variant": _name_variant,
    "former_name": _former_name,
}
_NUMBER_DAMAGES = (
    "digit_wrong", "digit_wrong", "digit_wrong", "digit_wrong", "look_alike", "look_alike", "look_alike", "look_alike",
    "look_alike", "neighbours_swapped", "neighbours_swapped", "digit_lost", "digit_lost", "zero_lost", "zero_lost",
    "code_lost", "code_lost", "code_lost", "code_lost", "fields_swapped", "number_missing",
)  # fmt: skip
_FURTHER_DAMAGES = (
    "day_off",
    "month_day_swapped",
    "tax_left_out",
    "amount_slip",
    "name_variant",
    "name_variant",
    "former_name",
)


def _look_alike(maker: _Maker, sellers: list[tuple[str, str]]) -> Iterator[Paper]:
    """Documents that look alike and are not the same."""
    chance, first = maker.chance, maker.paper(sellers)
    sort = chance.randrange(6)
    if first.kind in _TICKETS or sort == 0:
        yield from _booklet(maker, first, chance.randrange(2, 6))
    elif sort == 1:
        yield from _rent(maker, first)
    elif sort == 5:
        yield from _daily(maker, first)
    elif sort == 2 and first.code:
        later, more = timedelta(days=chance.randrange(1, 300)), chance.randrange(1, 999)
        other = replace(first, document=_next(maker), code=f"0{chance.randrange(10**9):09d}04")
        yield from (first, replace(maker.held(other, False), issued=first.issued + later, total=first.total + more))
    elif sort == 3:
        red = _required(_DAMAGED["look_alike"](maker.held(first, chance.random() < 0.85), chance))
        yield from (first, replace(red, document=_next(maker), total=-first.total, excl_tax=-first.excl_tax))
    else:
        yield from _booklet(maker, first, 2)


def _booklet(maker: _Maker, first: Paper, count: int) -> Iterator[Paper]:
    """Consecutive numbers of one seller with equal amounts and dates. What the bureau knows of one it knows of all but
    one in fifty; what it does not know is held by whichever system got it."""
    number, known, ticket = first.digital or first.number, TAX_BUREAU in first.sources, first.kind in _TICKETS
    for step in range(count):
        numbered = f"{(int(number) + step) % 10 ** len(number):0{len(number)}d}"
        paper = _renumbered(first, numbered) or first
        if step and not ticket:
            paper = maker.held(paper, known and maker.chance.random() > 0.02)
        yield replace(paper, document=_next(maker))


def _rent(maker: _Maker, first: Paper) -> Iterator[Paper]:
    """The same amount of the same seller, month after month."""
    for month in range(4):
        number = first.digital or first.number
        fresh = f"{number[:-7]}{maker.chance.randrange(10**7):07d}"
        paper = maker.held(_renumbered(first, fresh) or first, maker.chance.random() < 0.85)
        yield replace(paper, document=_next(maker), issued=first.issued + timedelta(days=30 * month))


def _daily(maker: _Maker, first: Paper) -> Iterator[Paper]:
    """The same meal at the same place: next day, or again the same day; now and then somebody left the number out."""
    day = first.issued
    for _ in range(maker.chance.randrange(2, 5)):
        number = first.digital or first.number
        fresh = f"{number[:-7]}{maker.chance.randrange(10**7):07d}"
        paper = maker.held(_renumbered(first, fresh) or first, maker.chance.random() < 0.85)
        if maker.chance.random() < 0.03:
            paper = replace(
                paper, code="", number="", digital="", sources=(maker.chance.choice(_OTHERS),), verified=False
            )
        yield replace(paper, document=_next(maker), issued=day)
        day += timedelta(days=maker.chance.choice((0, 1, 1, 1)))


def _next(maker: _Maker) -> int:
    maker.made += 1
    return maker.made
