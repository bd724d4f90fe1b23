"""Which document is this? Pure: a canonical record gives its keys; equal keys mean the same document.

The first key is the primary one, the others are further names of the same document. Statutory keys join silently,
``L:`` joins records that one vendor keeps under two ids, ``S:`` joins nothing. The table is ``docs/domain.md``; keys
carry ``IDENTITY_VERSION``, and a change of rules is followed by the ``rekey`` command, never by edits in place.
"""

import re
import unicodedata

from apps.sources.records import InvoiceKind as Kind
from apps.sources.records import InvoiceRecord

IDENTITY_VERSION = 1

# Ranks decide which of two keys is the stronger name of a document; lower is stronger.
_RANKS = {prefix: rank for rank, prefix in enumerate("ECTRAPHLS")}

TAX_CONTROL = frozenset(
    {
        Kind.VAT_SPECIAL_PAPER,
        Kind.VAT_FREIGHT,
        Kind.VEHICLE_SALE,
        Kind.VAT_GENERAL_PAPER,
        Kind.VAT_SPECIAL_ELECTRONIC,
        Kind.VAT_GENERAL_ELECTRONIC,
        Kind.VAT_ROLL,
        Kind.VAT_TOLL,
        Kind.USED_VEHICLE,
    }
)
DIGITAL_ON_PAPER = frozenset(
    {
        Kind.DIGITAL_PAPER_SPECIAL,
        Kind.DIGITAL_PAPER_GENERAL,
        Kind.DIGITAL_PAPER_VEHICLE,
        Kind.DIGITAL_PAPER_USED_VEHICLE,
    }
)
_SMALL_PAPER = frozenset(
    {
        Kind.TAXI,
        Kind.COACH,
        Kind.SHIP,
        Kind.TOLL_RECEIPT,
        Kind.FIXED_AMOUNT,
        Kind.MACHINE_PRINTED,
        Kind.MACHINE_PRINTED_ELECTRONIC,
    }
)
_TICKETS = frozenset({Kind.TRAIN_PAPER, Kind.AIR_PAPER})
_OWN_SCHEMES = _SMALL_PAPER | _TICKETS | {Kind.TAX_PAYMENT_PROOF, Kind.CUSTOMS_PAYMENT}

_SEPARATORS = re.compile(r"[\s\-—–_.·]")


def keys(record: InvoiceRecord, source: str) -> tuple[str, ...]:
    """All keys of a record, the strongest first; never empty. ``source`` is the source's name, for keys of its own."""
    found = [*_statutory(record), *(f"L:{source}:{fold(link)}" for link in record.link_keys if link)]
    return tuple(dict.fromkeys(found)) or (f"S:{source}:{record.external_id}",)


def rank(key: str) -> int:
    """How strong a key is as the name of a document; 0 is the strongest."""
    return _RANKS[key[0]]


def is_statutory(key: str) -> bool:
    """True unless the key is valid inside one source only (``L:``, ``S:``)."""
    return key[0] not in "LS"


def fold(text: str) -> str:
    """Full-width folded, spaces and dashes dropped, upper case: ``０12 3-4a`` → ``01234A``."""
    if text.isascii() and text.isalnum():
        return text.upper()
    bare = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text).upper())
    return unicodedata.normalize("NFKC", bare)


def _statutory(record: InvoiceRecord) -> list[str]:
    digital = _digital_number(record)
    if digital:
        pair = _pair(record) if record.kind in DIGITAL_ON_PAPER else ""
        return [f"E:{digital}", f"C:{pair}"] if pair else [f"E:{digital}"]
    kind = record.kind
    if kind in _OWN_SCHEMES:
        key = _own_scheme(record)
        return [key] if key else []
    pair = _pair(record)
    return [f"C:{pair}"] if pair and (kind in TAX_CONTROL or kind in DIGITAL_ON_PAPER or kind in _UNSAID) else []


_UNSAID = frozenset({Kind.UNKNOWN, Kind.OTHER, Kind.DIGITAL_SPECIAL, Kind.DIGITAL_GENERAL})


def _digital_number(record: InvoiceRecord) -> str:
    # A proof or a ticket may well have a number of twenty digits of another kind: there only the field itself counts.
    places = (
        (record.digital_number,) if record.kind in _OWN_SCHEMES else (record.digital_number, record.number, record.code)
    )
    for candidate in places:
        folded = fold(candidate)
        if len(folded) == 20 and folded.isdigit():
            return folded
    return ""


def _pair(record: InvoiceRecord) -> str:
    """``code:number`` when both have statutory lengths, else ''."""
    code, number = fold(record.code), fold(record.number)
    if len(code) in (10, 12) and code.isdigit() and len(number) == 8 and number.isdigit():
        return f"{code}:{number}"
    return ""


def _own_scheme(record: InvoiceRecord) -> str:
    code, number = fold(record.code), fold(record.number)
    kind, travel = record.kind, record.travel
    if not number and kind != Kind.AIR_PAPER:
        return ""
    if kind in _SMALL_PAPER:
        return f"T:{kind.value}:{code}:{number}" if code else ""
    if kind == Kind.TAX_PAYMENT_PROOF:
        taxpayer = fold(record.buyer.tax_no)
        return f"P:{number}:{taxpayer}" if taxpayer else ""
    if kind == Kind.CUSTOMS_PAYMENT:
        taxpayer = fold(record.buyer.tax_no)
        slip = re.sub(r"\s", "", unicodedata.normalize("NFKC", record.number)).upper()
        return f"H:{slip}:{taxpayer}" if taxpayer else ""
    if travel is None or travel.departs_on is None or not travel.vehicle:
        return ""
    day, vehicle = travel.departs_on.isoformat(), fold(travel.vehicle)
    if kind == Kind.TRAIN_PAPER:
        return f"R:{number}:{vehicle}:{day}:{fold(travel.passenger)}" if travel.passenger else ""
    ticket = fold(travel.ticket_number) or number
    return f"A:{ticket}:{vehicle}:{day}" if ticket else ""
