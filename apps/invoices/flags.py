"""Flags that follow from the values of an invoice alone. Pure. The facts and their certainty: ``docs/domain.md``.

Flags warn; nothing is ever rejected because of one.
"""

from decimal import Decimal
from functools import lru_cache

from apps.sources.records import InvoiceKind as Kind
from apps.sources.records import InvoiceRecord

from .identity import DIGITAL_ON_PAPER, TAX_CONTROL, fold, is_statutory

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_WEIGHTS = tuple(3**i % 31 for i in range(17))

INVOICE_TOLERANCE = Decimal("0.06")
LINE_TOLERANCE = Decimal("0.01")
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"  # what `apps.core.decoding` puts for bytes that are no characters

_KIND_BY_12 = {
    "11": Kind.VAT_GENERAL_ELECTRONIC,
    "04": Kind.VAT_GENERAL_PAPER,
    "05": Kind.VAT_GENERAL_PAPER,
    "06": Kind.VAT_ROLL,
    "07": Kind.VAT_ROLL,
    "12": Kind.VAT_TOLL,
    "13": Kind.VAT_SPECIAL_ELECTRONIC,
    "17": Kind.USED_VEHICLE,
}
_KIND_BY_10 = {
    "1": Kind.VAT_SPECIAL_PAPER,
    "5": Kind.VAT_SPECIAL_PAPER,
    "3": Kind.VAT_GENERAL_PAPER,
    "6": Kind.VAT_GENERAL_PAPER,
    "2": Kind.VAT_FREIGHT,
    "7": Kind.VAT_FREIGHT,
}
_JUDGED_BY_CODE = frozenset(_KIND_BY_12.values()) | frozenset(_KIND_BY_10.values())


@lru_cache(maxsize=10_000)  # the same parties come again and again
def is_valid_credit_code(number: str) -> bool:
    """Whether an 18-character 统一社会信用代码 has the right check character.

    >>> is_valid_credit_code("91440000100017600N"), is_valid_credit_code("914400001000176001")
    (True, False)
    """
    if len(number) != 18 or any(character not in _VALUES for character in number):
        return False
    total = sum(_VALUES[character] * weight for character, weight in zip(number, _WEIGHTS, strict=False))
    return _VALUES[number[17]] == (31 - total % 31) % 31


def kind_from_code(code: str) -> Kind | None:
    """The kind that a tax-control code of 10 or 12 digits belongs to; None when that is not certain."""
    if len(code) == 12 and code.startswith("0"):
        return _KIND_BY_12.get(code[10:12])
    return _KIND_BY_10.get(code[7]) if len(code) == 10 else None


def flags(record: InvoiceRecord, key: str) -> set[str]:
    """All computed flags of a canonical record under its invoice key, plus those its connectors set."""
    raised = set(record.flags)
    if record.unknown_codes:
        raised.add("unknown_code")
    if _UNREADABLE in record.seller.name + record.buyer.name + "".join(line.name for line in record.lines):
        raised.add("unreadable_text")
    if not _adds_up(record):
        raised.add("amounts_do_not_add_up")
    if not _lines_add_up(record):
        raised.add("lines_do_not_add_up")
    if _kind_disagrees(record):
        raised.add("kind_and_code_disagree")
    if _unusual_length(record, key):
        raised.add("number_length")
    if not is_statutory(key):
        raised.add("no_statutory_key")
    for side in ("buyer", "seller"):
        number = getattr(record, side).tax_no
        if len(number) == 18 and not is_valid_credit_code(number):
            raised.add(f"{side}_tax_no")
    return raised


def _adds_up(record: InvoiceRecord) -> bool:
    amount, tax, total = record.amount_excl_tax, record.tax_amount, record.total_amount
    if amount is None or tax is None or total is None:
        return True
    return abs(amount + tax - total) <= INVOICE_TOLERANCE


def _lines_add_up(record: InvoiceRecord) -> bool:
    if not record.lines or record.amount_excl_tax is None:
        return True
    amounts = [line.amount for line in record.lines if line.amount is not None]
    if len(amounts) < len(record.lines):
        return True
    tolerance = max(INVOICE_TOLERANCE, LINE_TOLERANCE * len(amounts))
    return abs(sum(amounts, Decimal()) - record.amount_excl_tax) <= tolerance


def _kind_disagrees(record: InvoiceRecord) -> bool:
    kind = kind_from_code(fold(record.code))
    return kind is not None and record.kind in _JUDGED_BY_CODE and kind != record.kind


def _unusual_length(record: InvoiceRecord, key: str) -> bool:
    if record.kind in TAX_CONTROL or record.kind in DIGITAL_ON_PAPER:
        return key[0] not in "EC"
    return False
