"""Payloads as the outbox stores them, and the exact request bodies that connectors build from them."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.bills.choices import BillType as BillTypeChoices
from apps.sources import pushes
from apps.sources.choices import PushKind
from apps.sources.connectors import CONNECTORS
from apps.sources.connectors.piaozone import Piaozone
from apps.sources.connectors.shopex import Shopex
from apps.sources.pushes import BillType, EntryContent, MadeIn, VoucherBook, VoucherCollect, VoucherReference
from apps.vouchers.choices import Resource

from .bodies import GOLDEN, PIAOZONE, SHOPEX

PAYLOADS = [*PIAOZONE.values(), *SHOPEX.values()]


def test_every_kind_and_sample_has_a_payload():
    assert (PIAOZONE.keys(), SHOPEX.keys()) == (GOLDEN["piaozone"].keys(), GOLDEN["shopex"].keys())
    assert {kind for kind, _payload in PAYLOADS} == set(pushes.PAYLOADS) == set(PushKind.values)
    assert {kind for connector in CONNECTORS.values() for kind in connector.pushes} == set(PushKind.values)


@pytest.mark.parametrize("sample", PIAOZONE)
def test_piaozone_request_body_is_unchanged(sample):
    body = Piaozone.request_body(*PIAOZONE[sample], {})
    assert json.dumps(body) == json.dumps(GOLDEN["piaozone"][sample])


@pytest.mark.parametrize("sample", SHOPEX)
def test_shopex_request_body_is_unchanged(sample):
    body = Shopex.request_body(*SHOPEX[sample], {"shop_id": "s1"})
    assert json.dumps(body) == json.dumps(GOLDEN["shopex"][sample])
    assert "shop_id" not in Shopex.request_body(*SHOPEX[sample], {"shop_id": None})


@pytest.mark.parametrize(("kind", "payload"), PAYLOADS)
def test_stored_payload_is_read_back_equal(kind, payload):
    text = pushes.written(payload)
    assert pushes.read(kind, text) == payload
    assert pushes.written(pushes.read(kind, text)) == text
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert not list(_floats(json.loads(text)))


def test_equal_amounts_have_the_same_text():
    texts = {pushes.written(_entry(debit=Decimal(amount))) for amount in ("1000", "1E+3", "1000.000")}
    assert len(texts) == 1
    assert '"1000.00"' in texts.pop()


def test_float_amount_is_refused():
    with pytest.raises(TypeError):
        pushes.written(_entry(debit=1.5))


@given(
    debit=st.decimals(-(10**15), 10**15, places=2),
    price=st.decimals(0, 10**12, places=10),
    rate=st.decimals(0, 1000, places=8),
)
def test_amounts_are_sent_exactly_and_never_as_floats(debit, price, rate):
    payload = pushes.read("voucher_collect", pushes.written(_entry(debit=debit, price=price, exchange_rate=rate)))
    body = json.loads(json.dumps(Piaozone.request_body("voucher_collect", payload, {})))
    (entry,) = body["voucherInfo"]["entries"]
    assert [Decimal(entry[name]) for name in ("debitsAmount", "price", "exchangeRate")] == [debit, price, rate]
    assert "E" not in entry["price"] + entry["debitsAmount"] + entry["exchangeRate"]
    assert not list(_floats(body))


def test_choices_of_apps_equal_choices_of_payloads():
    assert set(BillTypeChoices.values) == set(BillType)
    assert set(Resource.values) == set(MadeIn)


def _entry(**values: Any) -> VoucherCollect:
    return VoucherCollect(
        voucher=VoucherReference("v-1", "1"), book=VoucherBook(), entries=(EntryContent(account="1", **values),)
    )


def _floats(value: Any) -> Any:
    if isinstance(value, float):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _floats(inner)
