"""Pulling from the sandbox's ShopEx over HTTP."""

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.core.errors import Intent
from apps.sandbox.server import Sandbox, running
from apps.sources.connectors.shopex import Shopex
from apps.sources.parsing import SHANGHAI
from tests.sources.connectors.context import FakeClock, MemoryContext, pulled

from .shop import TODAY


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(invoices=600, seed=3, today=TODAY) as world:
        yield world


_minutes = itertools.count()


def quick_clock() -> FakeClock:
    """A clock one minute later than the previous one, because the sandbox refuses signatures of earlier tests."""
    return FakeClock(datetime.now(SHANGHAI) + timedelta(minutes=next(_minutes)))


def entry_of(sandbox: Sandbox) -> dict[str, Any]:
    return next(entry for entry in sandbox.sources() if entry["kind"] == "shopex")


@pytest.mark.parametrize("reply", ["bare", "response", "rsp"])
@pytest.mark.parametrize("transport", ["form", "json"])
def test_every_reply_format_and_transport_receives_every_row(sandbox, monkeypatch, reply, transport):
    monkeypatch.setattr(sandbox.settings, "shopex_reply", reply)
    monkeypatch.setattr(sandbox.settings, "shopex_transport", transport)
    with MemoryContext(entry_of(sandbox), clock=quick_clock(), transport=transport) as line:
        assert Shopex(line).test().code == "shopex.test_ok"
        result = pulled(Shopex(line))
    assert result.error is None
    assert result.received == len(list(sandbox.world.rows("shopex")))
    assert len(result.quarantined) == 2


@pytest.mark.parametrize("fraction", [False, True])
def test_records_agree_with_sandbox_truth(sandbox, monkeypatch, fraction):
    monkeypatch.setattr(sandbox.settings, "shopex_tax_rate_fraction", fraction)
    with MemoryContext(entry_of(sandbox), clock=quick_clock()) as line:
        pulled(Shopex(line))
    records = line.store.records
    joined = {key: one for name, one in records.items() if name.startswith("result:") for key in one.link_keys}
    compared = 0
    for true in sandbox.world.truth():
        number = true["ids"].get("shopex")
        if not number:
            continue
        order = records[f"bn:{number}"]
        assert str(order.total_amount) == true["total_amount"]
        assert str(order.tax_amount) == true["tax_amount"]
        assert order.buyer.tax_no == true["buyer_tax_no"]
        if true["issued"]:
            issue = joined[order.link_keys[0]]
            assert (issue.code, issue.digital_number) == (true["code"], true["digital_number"])
            assert issue.kind == true["kind"]
            assert str(issue.total_amount) == true["total_amount"]
            assert str(issue.tax_amount) == true["tax_amount"]
            assert all(line.tax_rate is not None and 0 <= line.tax_rate < 1 for line in issue.lines)
            compared += 1
    assert compared > 50


def test_wrong_token_ends_with_message_without_it(sandbox):
    entry = entry_of(sandbox)
    wrong = entry | {"credentials": entry["credentials"] | {"token": "not-the-token-7731"}}
    with MemoryContext(wrong) as line:
        refused = pulled(Shopex(line)).error
    assert refused is not None
    assert (refused.message.code, refused.intent) == ("shopex.credentials", Intent.CREDENTIALS)
    assert "not-the-token-7731" not in str(refused)
    assert "sign string" not in str(refused)


def test_wrong_clock_needs_a_person(sandbox):
    with MemoryContext(entry_of(sandbox), clock=FakeClock(datetime(2001, 1, 1, tzinfo=SHANGHAI))) as line:
        refused = pulled(Shopex(line.with_options(start_date="2000-12-01"))).error
    assert refused is not None
    assert (refused.message.code, refused.intent) == ("shopex.clock", Intent.CLOCK)
