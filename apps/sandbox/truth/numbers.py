"""Tax numbers, invoice codes and invoice numbers, with the structure that the tax authorities use."""

from datetime import date

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = [pow(3, place, 31) for place in range(17)]
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
# A multiplier without factor 2 or 5 visits all numbers of a length before one repeats.
_STEP_8, _STEP_9 = 61_803_399, 618_033_989
_CODE_12_ENDINGS = {
    "vat_general_paper": "04",
    "digital_paper_general": "05",
    "digital_paper_used_vehicle": "17",
    "vat_roll": "06",
    "vat_general_electronic": "11",
    "vat_toll": "12",
    "vat_special_electronic": "13",
    "used_vehicle": "17",
}
_CODE_10_DIGITS = {"vat_special_paper": "1", "digital_paper_special": "1", "vat_freight": "2"}


def credit_code_check(first: str) -> str:
    """The 18th character of a unified social credit code whose first 17 are given."""
    total = sum(_ALPHABET.index(character) * weight for character, weight in zip(first, _WEIGHTS, strict=True))
    return _ALPHABET[(31 - total % 31) % 31]


def credit_code(region: str, serial: int, *, valid: bool = True) -> str:
    """A company's tax number: ``region`` six digits, ``serial`` up to eight; ``valid`` False breaks the check
    character, as some of the earliest real ones have it."""
    organisation = f"{serial:08d}"
    total = sum(int(digit) * weight for digit, weight in zip(organisation, _ORGANISATION_WEIGHTS, strict=True))
    own_check = "0123456789X0"[11 - total % 11] if total % 11 else "0"
    first = f"91{region}{organisation}{own_check}"
    check = credit_code_check(first)
    return first + (check if valid else _ALPHABET[(_ALPHABET.index(check) + 7) % 31])


def eight_digits(index: int, seed: int) -> str:
    """The printed number of a tax-control invoice, different for every index; it may have leading zeros."""
    return f"{(index * _STEP_8 + seed * 7_919) % 10**8:08d}"


def digital_number(index: int, seed: int, issued: date, region: str) -> str:
    """The 20 digits of a fully digital invoice: year, region, channel, serial."""
    return f"{issued:%y}{region[:2]}2000000{(index * _STEP_9 + seed * 104_729) % 10**9:09d}"


def invoice_code(kind: str, issued: date, region: str, batch: int) -> str:
    """The invoice code of a paper or tax-control kind: 10 or 12 digits that encode year, place and kind."""
    if kind in _CODE_10_DIGITS:
        return f"{region[:4]}{issued:%y}{batch % 9 + 1}{_CODE_10_DIGITS[kind]}{batch % 3 + 1}0"
    if kind in _CODE_12_ENDINGS:
        return f"0{region[:4]}{issued:%y}{batch % 900 + 100:03d}{_CODE_12_ENDINGS[kind]}"
    return f"1{region[:4]}{issued:%y}{batch % 90 + 10}{batch % 9}01"


def customs_slip(index: int, issued: date) -> str:
    """A customs payment slip's number with its suffix."""
    return f"2901{issued:%Y}1{index % 10**9:09d}-L0{index % 3 + 1}"
