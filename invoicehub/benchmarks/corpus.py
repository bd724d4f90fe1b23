"""Synthetic ledgers with labelled duplicates, for tuning the rules and for measuring the search. Pure.

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
class SyntheticInvoice:
    """One invoice of the ledger. ``document`` is equal for invoices of one true document."""

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
    verified: bool = False  # under exactly this number


@dataclass(frozen=True)
class TruePair:
    """Positions of the first invoice of a document and of a later one, and the damages of the later one."""

    left: int
    right: int
    damages: tuple[str, ...]


@dataclass
class Corpus:
    invoices: list[SyntheticInvoice]
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

    def document(self, sellers: list[tuple[str, str]]) -> SyntheticInvoice:
        """A document as recorded by the tax bureau (small paper tickets: by the invoice cloud)."""
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
        invoice = SyntheticInvoice(self.made, kind, code, number, digital, issued, total, excl, name, tax_no, (CLOUD,))
        return self.with_sources(invoice, self.chance.random() < 0.85) if digital or kind.startswith("vat") else invoice

    def with_sources(self, invoice: SyntheticInvoice, by_the_bureau: bool) -> SyntheticInvoice:
        """The invoice with sources: the bureau, for about one in three another system too, under the same number; or
        another system alone, which verified it in six cases of ten."""
        another, throw = self.chance.choice(_OTHERS), self.chance.random()
        if by_the_bureau:
            return replace(invoice, sources=(TAX_BUREAU, another) if throw < 0.35 else (TAX_BUREAU,))
        return replace(invoice, sources=(another,), verified=throw < 0.6)


_KINDS = ("digital_special", "digital_general", "vat_special_paper", "vat_general_electronic", "taxi", "fixed_amount")
_TICKETS = ("taxi", "fixed_amount")
_SHARES = (30, 34, 10, 18, 5, 3)


def make(count: int, seed: int) -> Corpus:
    """A ledger of about ``count`` invoices: 5 % are second invoices of a document, 20 % are hard negatives."""
    maker = _Maker(seed)
    sellers = [maker.seller() for _ in range(max(20, count // 60))]
    corpus = Corpus([], [])
    while len(corpus.invoices) < count:
        throw = maker.chance.random()
        if throw < 0.06:
            _twice(maker, sellers, corpus)
        elif throw < 0.12:
            corpus.invoices += _look_alike(maker, sellers)
        else:
            corpus.invoices.append(maker.document(sellers))
    return corpus


def _twice(maker: _Maker, sellers: list[tuple[str, str]], corpus: Corpus) -> None:
    """Add a document and its damaged copy; in 3 % of the cases a second copy."""
    chance, first = maker.chance, maker.document(sellers)
    copies: list[tuple[SyntheticInvoice, tuple[str, ...]]]
    if first.kind in _TICKETS:
        again = _required(_DAMAGED["look_alike"](first, chance))
        copies = [(replace(again, sources=(chance.choice((CLOUD, CLOUD, EXPENSES)),)), ("scanned_twice",))]
    elif chance.random() < 0.04:
        first, again = _journey(maker, first)
        copies = [(again, ("same_trip",))]
    else:
        copies = [_copy(first, chance) for _ in range(2 if chance.random() < 0.03 else 1)]
    place = len(corpus.invoices)
    corpus.invoices += [first, *(again for again, _damages in copies)]
    corpus.pairs += [TruePair(place, place + n, damages) for n, (_again, damages) in enumerate(copies, 1)]


def _copy(first: SyntheticInvoice, chance: random.Random) -> tuple[SyntheticInvoice, tuple[str, ...]]:
    """The invoice as another system recorded it, and its damages."""
    damage_count = 1 if chance.random() < 0.9 else chance.choice((2, 2, 3))
    again, damages = _damaged(first, damage_count, chance)
    elsewhere = [one for one in _OTHERS if one not in first.sources]
    return replace(again, sources=(chance.choice(elsewhere),), verified=False), damages


def _journey(maker: _Maker, like: SyntheticInvoice) -> tuple[SyntheticInvoice, SyntheticInvoice]:
    journey = replace(like, passenger=f"张{maker.made % 997}", vehicle=f"G{maker.chance.randrange(1, 999)}", code="")
    digital = f"26{maker.chance.randrange(10**18):018d}"
    electronic = replace(journey, kind="digital_rail", number="", digital=digital, sources=(EXPENSES,))
    number = f"K{maker.chance.randrange(10**6):06d}"
    invoice = replace(journey, kind="train_paper", number=number, digital="", seller="", seller_tax_no="")
    return electronic, replace(invoice, sources=(CLOUD,))


Damage = Callable[[SyntheticInvoice, random.Random], SyntheticInvoice | None]


def _damaged(
    invoice: SyntheticInvoice, damage_count: int, chance: random.Random
) -> tuple[SyntheticInvoice, tuple[str, ...]]:
    """The invoice with one slip in its number (without it both would have the same match key) and ``damage_count`` - 1
    elsewhere."""
    names = [chance.choice(_NUMBER_DAMAGES), *chance.sample(_FURTHER_DAMAGES, damage_count - 1)]
    result, damages = invoice, list[str]()
    for name in names:
        damaged = _DAMAGED[name](result, chance)
        if damaged is not None:
            result, damages = damaged, [*damages, name]
    if (result.code, result.number, result.digital) == (invoice.code, invoice.number, invoice.digital):
        result, damages = _required(_DAMAGED["look_alike"](result, chance)), [*damages, "look_alike"]
    return result, tuple(damages)


def _required(invoice: SyntheticInvoice | None) -> SyntheticInvoice:
    if invoice is None:
        raise AssertionError("every invoice has a number")
    return invoice


def _renumbered(invoice: SyntheticInvoice, number: str) -> SyntheticInvoice | None:
    if number == (invoice.digital or invoice.number):
        return None
    return replace(invoice, digital=number) if invoice.digital else replace(invoice, number=number)


def _digit_wrong(invoice: SyntheticInvoice, chance: random.Random) -> SyntheticInvoice | None:
    number = invoice.digital or invoice.number
    place = chance.randrange(len(number))
    return _renumbered(invoice, f"{number[:place]}{chance.choice('0123456789')}{number[place + 1 :]}")


def _look_alike_digit(invoice: SyntheticInvoice, chance: random.Random) -> SyntheticInvoice | None:
    number = invoice.digital or invoice.number
    place = chance.randrange(len(number))
    return _renumbered(invoice, f"{number[:place]}{_LOOK_ALIKES[number[place]]}{number[place + 1 :]}")


def _swapped(invoice: SyntheticInvoice, chance: random.Random) -> SyntheticInvoice | None:
    number = invoice.digital or invoice.number
    place = chance.randrange(len(number) - 1)
    return _renumbered(invoice, f"{number[:place]}{number[place + 1]}{number[place]}{number[place + 2 :]}")


def _lost(invoice: SyntheticInvoice, chance: random.Random) -> SyntheticInvoice | None:
    """One digit lost. A digital number that is too short is stored in the field of short numbers."""
    number = invoice.digital or invoice.number
    place = chance.randrange(len(number))
    return replace(invoice, digital="", number=f"{number[:place]}{number[place + 1 :]}")


def _zero_lost(invoice: SyntheticInvoice, _chance: random.Random) -> SyntheticInvoice | None:
    number = invoice.number.lstrip("0")
    return replace(invoice, number=number) if number != invoice.number else None


def _code_lost(invoice: SyntheticInvoice, _chance: random.Random) -> SyntheticInvoice | None:
    return replace(invoice, code="") if invoice.code else None


def _fields_swapped(invoice: SyntheticInvoice, _chance: random.Random) -> SyntheticInvoice | None:
    return replace(invoice, code=invoice.number, number=invoice.code) if invoice.code else None


def _number_missing(invoice: SyntheticInvoice, _chance: random.Random) -> SyntheticInvoice | None:
    return replace(invoice, code="", number="", digital="")


def _day_off(invoice: SyntheticInvoice, chance: random.Random) -> SyntheticInvoice | None:
    return replace(invoice, issued=invoice.issued + timedelta(days=chance.choice((-1, 1))))


def _month_day(invoice: SyntheticInvoice, _chance: random.Random) -> SyntheticInvoice | None:
    if invoice.issued.day > 12 or invoice.issued.day == invoice.issued.month:
        return None
    return replace(invoice, issued=invoice.issued.replace(month=invoice.issued.day, day=invoice.issued.month))


def _tax_left_out(invoice: SyntheticInvoice, _chance: random.Random) -> SyntheticInvoice | None:
    return replace(invoice, total=invoice.excl_tax) if invoice.excl_tax != invoice.total else None


def _amount_slip(invoice: SyntheticInvoice, chance: random.Random) -> SyntheticInvoice | None:
    digits = f"{invoice.total:.2f}".replace(".", "")
    place = chance.randrange(len(digits))
    slipped = f"{digits[:place]}{chance.choice('123456789')}{digits[place + 1 :]}"
    return replace(invoice, total=Decimal(slipped) / 100) if slipped != digits else None


def _name_variant(invoice: SyntheticInvoice, chance: random.Random) -> SyntheticInvoice | None:
    if not invoice.seller:
        return None
    name, place = invoice.seller, invoice.seller[:2]
    tax_no = invoice.seller_tax_no if chance.random() < 0.5 else ""
    variants = (
        f"{name[2:].replace('有限公司', '')}({place})有限公司",
        name.replace("有限公司", "有限责任公司"),
        f"{name[:4]} {name[4:]}",
        f"{name[:3]}{name[4:]}",
    )
    return replace(invoice, seller=chance.choice(variants), seller_tax_no=tax_no)


def _former_name(invoice: SyntheticInvoice, chance: random.Random) -> SyntheticInvoice | None:
    return (
        replace(invoice, seller=f"{chance.choice(_PLACES)}老{chance.choice(_BRANDS)}商行")
        if invoice.seller_tax_no
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


def _look_alike(maker: _Maker, sellers: list[tuple[str, str]]) -> Iterator[SyntheticInvoice]:
    """Hard negatives: documents that look alike and are different."""
    chance, first = maker.chance, maker.document(sellers)
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
        yield from (
            first,
            replace(maker.with_sources(other, False), issued=first.issued + later, total=first.total + more),
        )
    elif sort == 3:
        red = _required(_DAMAGED["look_alike"](maker.with_sources(first, chance.random() < 0.85), chance))
        yield from (first, replace(red, document=_next(maker), total=-first.total, excl_tax=-first.excl_tax))
    else:
        yield from _booklet(maker, first, 2)


def _booklet(maker: _Maker, first: SyntheticInvoice, count: int) -> Iterator[SyntheticInvoice]:
    """Consecutive numbers of one seller with equal amounts and dates. When the bureau lists the first, it lists 98 % of
    the others; the rest is in one of the other systems."""
    number, listed, ticket = first.digital or first.number, TAX_BUREAU in first.sources, first.kind in _TICKETS
    for step in range(count):
        numbered = f"{(int(number) + step) % 10 ** len(number):0{len(number)}d}"
        invoice = _renumbered(first, numbered) or first
        if step and not ticket:
            invoice = maker.with_sources(invoice, listed and maker.chance.random() > 0.02)
        yield replace(invoice, document=_next(maker))


def _rent(maker: _Maker, first: SyntheticInvoice) -> Iterator[SyntheticInvoice]:
    """The same amount from the same seller every month."""
    for month in range(4):
        number = first.digital or first.number
        fresh = f"{number[:-7]}{maker.chance.randrange(10**7):07d}"
        invoice = maker.with_sources(_renumbered(first, fresh) or first, maker.chance.random() < 0.85)
        yield replace(invoice, document=_next(maker), issued=first.issued + timedelta(days=30 * month))


def _daily(maker: _Maker, first: SyntheticInvoice) -> Iterator[SyntheticInvoice]:
    """The same meal at the same place, on the same or the next day; in 3 % of them the number is missing."""
    day = first.issued
    for _ in range(maker.chance.randrange(2, 5)):
        number = first.digital or first.number
        fresh = f"{number[:-7]}{maker.chance.randrange(10**7):07d}"
        invoice = maker.with_sources(_renumbered(first, fresh) or first, maker.chance.random() < 0.85)
        if maker.chance.random() < 0.03:
            invoice = replace(
                invoice, code="", number="", digital="", sources=(maker.chance.choice(_OTHERS),), verified=False
            )
        yield replace(invoice, document=_next(maker), issued=day)
        day += timedelta(days=maker.chance.choice((0, 1, 1, 1)))


def _next(maker: _Maker) -> int:
    maker.made += 1
    return maker.made
