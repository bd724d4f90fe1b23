from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.invoices import identity
from apps.sources.records import InvoiceKind as Kind
from apps.sources.records import PartyRecord, TravelRecord

from .builders import PAIR, TWENTY, record

CODE, NUMBER = PAIR
TRIP = TravelRecord(passenger="张三", vehicle="G7589", departs_on=date(2025, 3, 1))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"digital_number": TWENTY}, (f"E:{TWENTY}",)),
        ({"number": TWENTY}, (f"E:{TWENTY}",)),
        ({"kind": Kind.VAT_SPECIAL_PAPER, "code": TWENTY}, (f"E:{TWENTY}",)),
        (
            {"kind": Kind.DIGITAL_PAPER_SPECIAL, "digital_number": TWENTY, "code": CODE, "number": NUMBER},
            (f"E:{TWENTY}", f"C:{CODE}:{NUMBER}"),
        ),
        ({"kind": Kind.DIGITAL_PAPER_GENERAL, "code": CODE, "number": NUMBER}, (f"C:{CODE}:{NUMBER}",)),
        (
            {"kind": Kind.VAT_GENERAL_PAPER, "code": "０４４００２５００１１１", "number": "1234-5678"},
            (f"C:{CODE}:{NUMBER}",),
        ),
        ({"kind": Kind.VAT_GENERAL_PAPER, "number": NUMBER}, ("S:7:r1",)),
        ({"kind": Kind.VAT_GENERAL_PAPER, "code": CODE, "number": "1234567"}, ("S:7:r1",)),
        ({"kind": Kind.VAT_GENERAL_PAPER, "code": CODE[:11], "number": NUMBER}, ("S:7:r1",)),
        ({"kind": Kind.VAT_GENERAL_PAPER, "code": CODE, "number": "1234567X"}, ("S:7:r1",)),
        ({"kind": Kind.VAT_GENERAL_PAPER, "digital_number": f"{TWENTY[:19]}X"}, ("S:7:r1",)),
        ({"kind": Kind.DIGITAL_GENERAL, "digital_number": TWENTY, "code": CODE, "number": NUMBER}, (f"E:{TWENTY}",)),
        ({"kind": Kind.UNKNOWN, "code": CODE, "number": NUMBER}, (f"C:{CODE}:{NUMBER}",)),
        ({"kind": Kind.DIGITAL_RAIL, "code": CODE, "number": NUMBER}, ("S:7:r1",)),
        ({"kind": Kind.TAXI, "code": CODE, "number": "00000001"}, (f"T:taxi:{CODE}:00000001",)),
        ({"kind": Kind.TAXI, "number": "00000001"}, ("S:7:r1",)),
        ({"kind": Kind.TRAIN_PAPER, "number": "A012345", "travel": TRIP}, ("R:A012345:G7589:2025-03-01:张三",)),
        ({"kind": Kind.TRAIN_PAPER, "number": "A012345"}, ("S:7:r1",)),
        (
            {"kind": Kind.TRAIN_PAPER, "number": "A012345", "travel": msgspec.structs.replace(TRIP, passenger="")},
            ("S:7:r1",),
        ),
        ({"kind": Kind.TRAIN_PAPER, "travel": TRIP}, ("S:7:r1",)),
        (
            {
                "kind": Kind.AIR_PAPER,
                "travel": TravelRecord(vehicle="CZ3201", departs_on=date(2025, 3, 1), ticket_number="784-2472952068"),
            },
            ("A:7842472952068:CZ3201:2025-03-01",),
        ),
        ({"kind": Kind.AIR_PAPER, "number": "7842472952068", "travel": TRIP}, ("A:7842472952068:G7589:2025-03-01",)),
        ({"kind": Kind.AIR_PAPER, "travel": TRIP}, ("S:7:r1",)),
        (
            {"kind": Kind.TAX_PAYMENT_PROOF, "number": "344010250300001234", "buyer": PartyRecord(tax_no="9133")},
            ("P:344010250300001234:9133",),
        ),
        ({"kind": Kind.TAX_PAYMENT_PROOF, "number": "344010250300001234"}, ("S:7:r1",)),
        (
            {"kind": Kind.CUSTOMS_PAYMENT, "number": "530420191041068888-l02", "buyer": PartyRecord(tax_no="9133")},
            ("H:530420191041068888-L02:9133",),
        ),
        ({"kind": Kind.CUSTOMS_PAYMENT, "number": "530420191041068888-L02"}, ("S:7:r1",)),
        ({"kind": Kind.OTHER, "link_keys": ("order-7",)}, ("L:7:ORDER7",)),
    ],
)
def test_keys_follow_the_table(values, expected):
    assert identity.keys(record(**values), 7) == expected


def test_the_links_of_a_vendor_come_after_statutory_keys():
    linked = record(digital_number=TWENTY, link_keys=("order-7", "", "ORDER 7"))
    assert identity.keys(linked, 7) == (f"E:{TWENTY}", "L:7:ORDER7")
    assert [identity.is_statutory(key) for key in ("E:1", "L:7:ORDER7", "S:7:r1")] == [True, False, False]


def test_leading_zeros_matter():
    kind = Kind.VAT_GENERAL_PAPER
    assert identity.keys(record(kind=kind, code=CODE, number="00000012"), 7)[0].endswith(":00000012")


def test_a_proof_with_twenty_digits_is_not_taken_for_a_digital_invoice():
    proof = record(kind=Kind.TAX_PAYMENT_PROOF, number=TWENTY, buyer=PartyRecord(tax_no="9133"))
    assert identity.keys(proof, 7) == (f"P:{TWENTY}:9133",)


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text):
    assert identity.fold(identity.fold(text)) == identity.fold(text)


def test_unusable_records_of_two_sources_never_meet():
    assert identity.keys(record(), 7) != identity.keys(record(), 8)
