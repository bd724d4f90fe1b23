"""The match keys of an invoice record. Pure: the record and the id of its source determine the keys; records with
equal keys are one invoice.

The first key is the primary one, the others name the same invoice as well. Statutory keys join records of any source.
``L:`` joins records that one source keeps under two ids, ``S:`` joins nothing; both carry the primary key of the
source, because its name may be edited. The table of keys is in ``docs/domain.md``. Stored keys carry
``IDENTITY_VERSION``; after a change of the rules the ``rekey`` command computes them anew.
"""

import re
import unicodedata

from apps.sources.records import InvoiceKind as Kind
from apps.sources.records import InvoiceRecord

IDENTITY_VERSION = 2

# The rank of a key by its first letter; of two keys of one invoice the one with the lower rank is the primary one.
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

# Kinds whose printed code and number identify them; sources also report such invoices with a vague or a wrong kind.
_WITH_CODE_AND_NUMBER = (
    TAX_CONTROL | DIGITAL_ON_PAPER | {Kind.UNKNOWN, Kind.OTHER, Kind.DIGITAL_SPECIAL, Kind.DIGITAL_GENERAL}
)

_SEPARATORS = re.compile(r"[\s\-—–_.·]")


def keys(record: InvoiceRecord, source_id: int) -> tuple[str, ...]:
    """All match keys of a record, the primary one first; never empty."""
    if not record.link_keys:
        return _statutory(record) or (f"S:{source_id}:{record.external_id}",)
    links = (f"L:{source_id}:{fold(link)}" for link in record.link_keys if link)
    return tuple(dict.fromkeys((*_statutory(record), *links))) or (f"S:{source_id}:{record.external_id}",)


def rank(key: str) -> int:
    """The strength of a key as the primary key of an invoice; 0 is the strongest."""
    return _RANKS[key[0]]


def is_statutory(key: str) -> bool:
    """True unless the key is valid inside one source only (``L:``, ``S:``)."""
    return key[0] not in "LS"


def is_shared(key: str) -> bool:
    """True unless the key belongs to a single source record (``S:``)."""
    return key[0] != "S"


def fold(text: str) -> str:
    """Full-width folded, spaces and dashes dropped, upper case: ``０12 3-4a`` → ``01234A``."""
    if text.isascii() and text.isalnum():
        return text.upper()
    bare = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text).upper())
    return unicodedata.normalize("NFKC", bare)


def _statutory(record: InvoiceRecord) -> tuple[str, ...]:
    digital_number = _digital_number(record)
    if digital_number:
        pair = _code_and_number(record) if record.kind in DIGITAL_ON_PAPER else ""
        return (f"E:{digital_number}", f"C:{pair}") if pair else (f"E:{digital_number}",)
    if record.kind in _OWN_SCHEMES:
        key = _own_scheme(record)
        return (key,) if key else ()
    pair = _code_and_number(record) if record.kind in _WITH_CODE_AND_NUMBER else ""
    return (f"C:{pair}",) if pair else ()


def _digital_number(record: InvoiceRecord) -> str:
    """The number of twenty digits, in whichever field the source keeps it; '' without one."""
    # A payment proof or a ticket may have a number of twenty digits that is no digital invoice number.
    candidates = (
        (record.digital_number,) if record.kind in _OWN_SCHEMES else (record.digital_number, record.number, record.code)
    )
    for candidate in candidates:
        folded = fold(candidate)
        if len(folded) == 20 and folded.isdigit():
            return folded
    return ""


def _code_and_number(record: InvoiceRecord) -> str:
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
