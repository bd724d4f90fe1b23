"""Generates a true invoice as a function of (seed, index, today), so that any part of a large world can be regenerated.
Amounts are integer cents, moments are epoch seconds, dates are days in Asia/Shanghai."""

import random
import zlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import NamedTuple

from . import catalogue, numbers
from .catalogue import Goods

SHANGHAI = timezone(timedelta(hours=8))
HISTORY_DAYS = 330  # how far back issue dates reach
VAT_FAMILY = frozenset(
    {
        "vat_special_paper", "vat_freight", "vehicle_sale", "vat_general_paper", "vat_special_electronic",
        "vat_general_electronic", "vat_roll", "vat_toll", "used_vehicle",
    }
)  # fmt: skip
DIGITAL_PAPER = frozenset(
    {"digital_paper_special", "digital_paper_general", "digital_paper_vehicle", "digital_paper_used_vehicle"}
)
TICKETS = frozenset({"digital_rail", "digital_air", "train_paper", "air_paper"})


class Party(NamedTuple):
    name: str
    tax_no: str
    address_phone: str = ""
    bank_account: str = ""


class Trip(NamedTuple):
    """A journey; amounts in cents. ``leaves`` is local wall-clock time."""

    passenger: str
    identity: str
    vehicle: str
    departure: str
    destination: str
    leaves: datetime
    seat: str
    ticket: str
    carrier: str = ""
    fare: int = 0
    fuel: int = 0
    fund: int = 0


class Line(NamedTuple):
    """One line of goods. ``amount`` excludes tax."""

    goods: Goods
    quantity: int
    price: Decimal
    amount: int
    tax: int


@dataclass(slots=True)
class Invoice:
    """The document, and when each system recorded it.

    ``ticking`` is its list at the tax bureau (rzzt). ``defect`` names the broken field of its only row; such invoices
    are not part of the truth. ``revision`` counts later edits, ``serial_turn`` new serial numbers. ``typed``: the
    number typed by the machine on a form where it differs from the printed one. ``expense``: the expense state reported
    to the invoice cloud, '' for none.
    """

    index: int
    kind: str
    output: bool
    systems: tuple[str, ...]
    issued: date
    code: str
    number: str
    digital: str
    check_code: str
    amount: int
    tax: int
    total: int
    goods: Goods
    seller: Party
    buyer: Party
    status: str
    trip: Trip | None
    person: str
    remark: str
    ticking: str = ""
    ticked: date | None = None
    seen: int = 0
    form: str = ""
    bill: str = ""
    channel: str = ""
    deleted: bool = False
    revision: int = 0
    serial_turn: int = 0
    expense: str = ""
    defect: str = ""
    typed: str = ""


class Profile(NamedTuple):
    """A sort of invoice: its share of 200, and the systems that record it (with weights)."""

    share: int
    kind: str
    seen_by: tuple[tuple[int, str], ...]
    output: bool = False


_INPUT = (
    (3, "etax"), (3, "etax checker"), (4, "etax piaozone"), (4, "etax checker piaozone"), (2, "etax maycur"),
    (1, "etax checker maycur"), (1, "checker piaozone"),
)  # fmt: skip
_SMALL = ((2, "etax"), (2, "checker"), (1, "etax checker"), (2, "piaozone"), (1, "checker piaozone"))
_PAIRED = ((2, "etax"), (3, "etax checker"), (2, "etax maycur"), (3, "etax checker maycur"))
_E_TICKET = ((3, "maycur"), (3, "maycur etax"), (1, "etax"))
_PAPER = ((1, "piaozone"),)
_SALE = ((1, "shopex"),)
PROFILES = (
    Profile(30, "digital_special", _INPUT),
    Profile(32, "digital_general", _INPUT),
    Profile(8, "vat_special_paper", _INPUT),
    Profile(8, "vat_general_paper", _INPUT),
    Profile(8, "vat_special_electronic", _INPUT),
    Profile(14, "vat_general_electronic", _INPUT),
    Profile(4, "vat_roll", _SMALL),
    Profile(5, "vat_toll", _SMALL),
    Profile(2, "vehicle_sale", ((1, "etax"), (1, "etax checker"), (1, "etax piaozone"))),
    Profile(1, "used_vehicle", ((1, "etax"), (1, "piaozone"))),
    Profile(1, "vat_freight", ((1, "checker"),)),
    Profile(6, "digital_paper_special", _PAIRED),
    Profile(5, "digital_paper_general", _PAIRED),
    Profile(1, "digital_vehicle", ((1, "etax"),)),
    Profile(1, "digital_used_vehicle", ((1, "etax"),)),
    Profile(1, "digital_paper_vehicle", ((1, "etax"),)),
    Profile(1, "digital_paper_used_vehicle", ((1, "etax"),)),
    Profile(12, "digital_rail", _E_TICKET),
    Profile(8, "digital_air", _E_TICKET),
    Profile(2, "digital_toll", ((1, "etax"),)),
    Profile(4, "customs_payment", ((1, "etax"),)),
    Profile(3, "tax_payment_proof", ((2, "etax"), (1, "piaozone"))),
    Profile(3, "train_paper", _PAPER),
    Profile(3, "air_paper", _PAPER),
    Profile(5, "taxi", _PAPER),
    Profile(2, "coach", _PAPER),
    Profile(1, "ship", _PAPER),
    Profile(3, "toll_receipt", _PAPER),
    Profile(4, "fixed_amount", _PAPER),
    Profile(3, "machine_printed", _PAPER),
    Profile(1, "machine_printed_electronic", _PAPER),
    Profile(1, "other", _PAPER),
    Profile(8, "digital_general", _SALE, output=True),
    Profile(4, "digital_special", ((2, "shopex"), (1, "shopex etax")), output=True),
    Profile(3, "vat_general_electronic", _SALE, output=True),
    Profile(2, "vat_special_paper", _SALE, output=True),
)
DECK = sum(profile.share for profile in PROFILES)
_REMARKS = ("", "", "", "合同号HT2026-0317", "项目:园区二期", "订单PO88231")
# 97 is coprime to the number of kinds, so that every status occurs with every kind.
_STATUSES = ("void", "partly_red", "lost_control", "abnormal", "red_pending", "red", "void", "partly_red") + (
    "normal",
) * 89


def dice(seed: int, salt: str, index: int, sides: int) -> int:
    """A reproducible random number from 0 to ``sides`` - 1, independent between salts."""
    return zlib.crc32(f"{seed}/{salt}/{index}".encode()) % sides


def epoch(day: date, seconds: int) -> int:
    """Epoch seconds of a moment given as day and seconds since midnight in Asia/Shanghai."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) - 8 * 3600 + seconds


def local(moment: int) -> datetime:
    """The Asia/Shanghai wall clock at an epoch second."""
    return datetime.fromtimestamp(moment, SHANGHAI)


def yuan(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def lines(invoice: Invoice, seed: int) -> list[Line]:
    """The goods lines; their amounts and taxes add up to those of the invoice."""
    count = 1 if abs(invoice.amount) < 20_000 else 1 + dice(seed, "lines", invoice.index, 3)
    made, amount_left, tax_left = [], invoice.amount, invoice.tax
    for place in range(count):
        last = place == count - 1
        amount = amount_left if last else int(invoice.amount / count)
        tax = tax_left if last else int(invoice.tax / count)
        amount_left, tax_left = amount_left - amount, tax_left - tax
        quantity = 1 + dice(seed, "quantity", invoice.index * 4 + place, 12)
        price = (yuan(abs(amount)) / quantity).quantize(Decimal("0.000001")).normalize()
        made.append(Line(invoice.goods, -quantity if amount < 0 else quantity, price, amount, tax))
    return made


class Maker:
    """Makes true invoices. ``ours``: the company that receives invoices; ``shop``: the company that issues through the
    shop system."""

    def __init__(self, seed: int, invoices: int, today: date) -> None:
        self.seed, self.today = seed, today
        chance = random.Random(seed)
        self.deck = [profile for profile in PROFILES for _ in range(profile.share)]
        chance.shuffle(self.deck)
        self.statuses = list(_STATUSES)
        chance.shuffle(self.statuses)
        self.ours = _party("杭州云杉智能科技股份有限公司", "330106", 60_000_000 + seed % 1000, chance)
        self.shop = _party("杭州云杉电子商务有限公司", "330106", 61_000_000 + seed % 1000, chance)
        self.former_name = "杭州云杉软件有限公司"
        self.sellers = [self._seller(number, chance) for number in range(min(3000, 60 + invoices // 20))]
        self.people = [
            chance.choice(catalogue.SURNAMES) + given_name for given_name in catalogue.GIVEN_NAMES for _ in range(3)
        ]

    def _seller(self, number: int, chance: random.Random) -> tuple[Party, tuple[Goods, ...], str]:
        place, trade = chance.choice(catalogue.PLACES), chance.choice(catalogue.TRADES)
        brand = chance.choice(catalogue.BRANDS) + (chance.choice(catalogue.BRANDS) if number >= 300 else "")
        name = f"{brand}（{place.name}）{trade.suffix}" if number % 7 == 0 else f"{place.name}{brand}{trade.suffix}"
        return (
            _party(name, place.region, 10_000_000 + number * 7_919, chance, number % 37 != 5),
            trade.goods,
            place.region,
        )

    def make(self, index: int, issued: date | None = None) -> Invoice:
        """The invoice of this index. ``issued`` overrides the date it would have (for ones that appear later)."""
        chance = random.Random(self.seed * 1_000_003 + index)
        profile = self.deck[index % DECK]
        seller, stock, region = chance.choice(self.sellers)
        if issued is None:
            issued = self.today - timedelta(days=1 + int(chance.random() * HISTORY_DAYS))
        goods = self._goods(profile.kind, stock, chance)
        if profile.output:
            seller, region = self.shop, "330106"
        systems = _weighted(profile.seen_by, chance)
        amount, tax, total, trip = self._money(profile.kind, goods, issued, index, chance)
        if trip and trip.carrier:
            seller = Party(trip.carrier, numbers.credit_code("440000", 17_600 + len(trip.carrier)))
        status = self.statuses[index % len(self.statuses)]
        if (profile.kind not in VAT_FAMILY and not profile.kind.startswith("digital")) or trip:
            status = "normal"
        code, number, digital = self._identity(profile.kind, issued, region, index)
        invoice = Invoice(
            index, profile.kind, profile.output, tuple(systems.split()), issued, code, number, digital,
            f"{chance.randrange(10**20):020d}" if profile.kind in VAT_FAMILY else "", amount, tax, total, goods,
            self._seller_of(profile.kind, seller), self._buyer(profile, systems, chance), status, trip,
            chance.choice(self.people), chance.choice(_REMARKS),
        )  # fmt: skip
        self._tick(invoice, chance)
        invoice.seen = self._seen(invoice, chance)
        return invoice

    def _goods(self, kind: str, stock: tuple[Goods, ...], chance: random.Random) -> Goods:
        if "vehicle" in kind:
            return catalogue.VEHICLES
        return catalogue.TOLL_ROAD if kind in ("vat_toll", "digital_toll") else chance.choice(stock)

    def _money(
        self, kind: str, goods: Goods, issued: date, index: int, chance: random.Random
    ) -> tuple[int, int, int, Trip | None]:
        """(amount excluding tax, tax, total, journey), in cents."""
        if kind in TICKETS:
            journey = self._trip(kind, issued, chance)
            taxed = journey.fare + journey.fuel
            tax = taxed - round(taxed / 1.09) if kind.startswith("digital") else 0
            return taxed + journey.fund - tax, tax, taxed + journey.fund, journey
        if kind in ("taxi", "coach", "ship", "toll_receipt", "fixed_amount", "machine_printed", "other"):
            total = (
                chance.choice((1000, 2000, 5000, 10000))
                if kind == "fixed_amount"
                else chance.randrange(1200, 18000, 100)
            )
            trip = self._trip(kind, issued, chance) if kind in ("coach", "ship") else None
            return total, 0, total, trip
        if kind == "customs_payment":
            tax = chance.randrange(500_000, 60_000_000)
            return 0, tax, tax, None
        if kind == "tax_payment_proof":
            tax = chance.randrange(50_000, 8_000_000)
            return tax, 0, tax, None
        amount = chance.randrange(goods.low, goods.high) * chance.choice((1, 1, 2, 3, 5, 8, 10))
        tax = round(amount * goods.rate / 10_000)
        if kind == "digital_general" and chance.random() < 0.02:
            tax = 0  # exempt
        total = amount + tax + (chance.choice((10, -100, 90)) if chance.random() < 0.006 else 0)
        if self.statuses[index % len(self.statuses)] == "red":  # the red invoice; World assigns its blue one
            amount, tax, total = -amount, -tax, -total
        return amount, tax, total, None

    def _trip(self, kind: str, issued: date, chance: random.Random) -> Trip:
        leaves = datetime(issued.year, issued.month, issued.day, 6 + chance.randrange(15), chance.randrange(0, 60, 5))  # noqa: DTZ001 - wall clock
        person = chance.choice(self.people)
        born = f"{1965 + chance.randrange(38)}{1 + chance.randrange(12):02d}{1 + chance.randrange(28):02d}"
        identity = f"330106{born}{chance.randrange(10**4):04d}"
        if kind in ("digital_rail", "train_paper"):
            train, start, end, fare = chance.choice(catalogue.TRAINS)
            return Trip(
                person, identity, train, start, end, leaves, "二等座", f"{chance.randrange(10**25):025d}", fare=fare
            )
        if kind in ("digital_air", "air_paper"):
            flight, start, end, airline, prefix = chance.choice(catalogue.FLIGHTS)
            ticket = f"{prefix}{chance.randrange(10**10):010d}"
            carrier = f"中国{airline}股份有限公司"
            fare = chance.randrange(38_000, 260_000, 1000)
            return Trip(person, identity, flight, start, end, leaves, "经济舱", ticket, carrier, fare, 4_000, 5_000)
        start, end = chance.choice(catalogue.COACH_STOPS if kind == "coach" else catalogue.FERRIES)
        return Trip(person, identity, "", start, end, leaves, "", "")

    def _identity(self, kind: str, issued: date, region: str, index: int) -> tuple[str, str, str]:
        """(code, number, digital number), '' where this kind has none."""
        number = numbers.eight_digits(index, self.seed)
        if kind in DIGITAL_PAPER:
            code = numbers.invoice_code(kind, issued, region, index // 50)
            return code, number, numbers.digital_number(index, self.seed, issued, region)
        if kind.startswith("digital"):
            return "", "", numbers.digital_number(index, self.seed, issued, region)
        if kind == "customs_payment":
            return "", numbers.customs_slip(index, issued), ""
        if kind == "tax_payment_proof":
            return "", f"3{region[:2]}{issued:%y}{numbers.eight_digits(index, self.seed):0>13}", ""
        if kind == "train_paper":
            return "", f"{'ABCDEFGHJK'[index % 10]}{index % 10**6:06d}", ""
        if kind == "air_paper":
            return "", f"{index % 10**11:011d}", ""
        if kind == "fixed_amount":  # many from one booklet: consecutive numbers
            return f"1{region[:4]}25005001", f"{index % 10**8:08d}", ""
        return numbers.invoice_code(kind, issued, region, index // 50), number, ""

    def _seller_of(self, kind: str, seller: Party) -> Party:
        if kind in ("customs_payment", "digital_rail", "train_paper", "fixed_amount"):
            return Party("", "")
        if kind == "tax_payment_proof":
            return Party("国家税务总局杭州市西湖区税务局", "")
        return seller

    def _buyer(self, profile: Profile, systems: str, chance: random.Random) -> Party:
        if profile.output:
            return self.ours if "etax" in systems else chance.choice(self.sellers)[0]
        throw = chance.random()
        if "etax" in systems:  # the tax bureau returns one taxpayer's invoices
            return self.ours._replace(name=self.former_name) if throw < 0.02 else self.ours
        if throw < 0.08:
            return self.shop
        if throw < 0.10:
            return self.ours._replace(name=self.former_name)
        if throw < 0.13:
            return Party(chance.choice(("个人", "", f"{chance.choice(self.people)}（个人）")), "")
        return self.ours

    def _tick(self, invoice: Invoice, chance: random.Random) -> None:
        """Its list at the tax bureau: 10 not ticked, 11 this period, 12 sold domestically instead of exported, 40 past,
        15 not deductible, 17 refund."""
        if "etax" not in invoice.systems:
            return
        throw, age = chance.random(), (self.today - invoice.issued).days
        tickable = "special" in invoice.kind or invoice.kind in (
            "customs_payment", "digital_rail", "digital_air", "vat_toll", "digital_toll", "vehicle_sale",
            "digital_vehicle",
        )  # fmt: skip
        if not tickable or throw < 0.3 or invoice.status in ("void", "lost_control"):
            invoice.ticking = "10"
            return
        early = {"15": throw < 0.34, "17": throw < 0.36, "12": throw < 0.38, "11": age < 60}
        invoice.ticking = next((listed for listed, fits in early.items() if fits), "40")
        invoice.ticked = min(invoice.issued + timedelta(days=chance.randrange(3, 50)), self.today - timedelta(days=1))

    def _seen(self, invoice: Invoice, chance: random.Random) -> int:
        """When people recorded it in the systems: some days after issue, in office hours, before today."""
        day = min(invoice.issued + timedelta(days=chance.randrange(0, 25)), self.today - timedelta(days=1))
        return epoch(day, 8 * 3600 + chance.randrange(14 * 3600))


def _weighted(choices: tuple[tuple[int, str], ...], chance: random.Random) -> str:
    throw = chance.randrange(sum(weight for weight, _ in choices))
    for weight, choice in choices:
        throw -= weight
        if throw < 0:
            return choice
    raise AssertionError("weights are positive")


def _party(name: str, region: str, serial: int, chance: random.Random, valid: bool = True) -> Party:
    phone = f"0{chance.randrange(10, 999)}-{chance.randrange(10**7, 10**8)}"
    account = f"中国工商银行{name[:2]}支行 {chance.randrange(10**18, 10**19)}"
    return Party(
        name,
        numbers.credit_code(region, serial, valid=valid),
        f"高新区科技路{chance.randrange(1, 900)}号 {phone}",
        account,
    )
