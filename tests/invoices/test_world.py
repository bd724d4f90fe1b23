"""The sandbox's world in the ledger: complete, joined as the truth says, and the same in whatever order it arrives."""

import random
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from apps.accounts.models import Company
from apps.invoices.ingest import ingest_page
from apps.invoices.models import Invoice
from apps.invoices.services import reader
from apps.sandbox.server import running
from apps.sources.connectors import CONNECTORS
from apps.sources.connectors.base import RawItem
from apps.sources.models import Source
from tests.invoices.ledgers import differences, ledger, wipe
from tests.sources.connectors.context import MemoryContext, pulled

pytestmark = pytest.mark.django_db


@dataclass
class Captured:
    companies: list[dict[str, Any]]
    entries: list[dict[str, Any]]
    items: dict[str, list[RawItem]]  # by source name, parsed ones only
    truth: list[dict[str, Any]]


@pytest.fixture(scope="module")
def world() -> Captured:
    """Everything the five connectors receive, with some deletions, captured once."""
    with running(invoices=160, seed=11, piaozone_hold=0.05) as sandbox:
        sandbox.change(seed=3, count=12)
        items: dict[str, list[RawItem]] = {}
        for entry in sandbox.sources():
            with MemoryContext(entry) as line:
                result = pulled(CONNECTORS[entry["kind"]](line))
                assert result.error is None
                # The newest version of each record: two versions of one are two moments, not two orders.
                newest = {item.external_id: item for page in result.pages if page.parsed for item in page.items}
                items[entry["name"]] = list(newest.values())
        return Captured(sandbox.companies(), sandbox.sources(), items, list(sandbox.world.truth()))


@pytest.fixture
def sources(world) -> dict[str, Source]:
    companies = {entry["tax_no"]: Company.objects.create(**entry) for entry in world.companies}
    return {
        entry["name"]: Source.objects.create(
            name=entry["name"],
            kind=entry["kind"],
            base_url=entry["base_url"],
            options=entry["options"],
            company=companies[entry["company_tax_no"]],
        )
        for entry in world.entries
    }


def bring(source: Source, items: list[RawItem]) -> None:
    with transaction.atomic():
        ingest_page(source, items, reader(source), run_id=None, stream="test")


def adds_up(true: dict[str, Any]) -> bool:
    amounts = [true[name] for name in ("amount_excl_tax", "tax_amount", "total_amount")]
    return None not in amounts and Decimal(amounts[0]) + Decimal(amounts[1]) == Decimal(amounts[2])


def in_order(sources, world):
    for name, items in world.items.items():
        bring(sources[name], items)
    return ledger()


def test_every_true_invoice_is_there_once_and_joined(sources, world):
    in_order(sources, world)
    kinds = {source.pk: source.kind for source in sources.values()}
    for true in world.truth:
        if not true["issued"] or true["kind"] in ("train_paper", "air_paper"):
            continue
        numbers = {name: true[name] for name in ("digital_number", "code", "number") if true[name]}
        if true["digital_number"]:
            numbers = {"digital_number": true["digital_number"]}
        (invoice,) = Invoice.objects.filter(merged_into=None, kind__in=[true["kind"], "unknown"], **numbers) or [None]
        assert invoice is not None, true
        seen_by = {kinds[pk] for pk in invoice.source_ids}
        assert set(true["ids"]) - set(true["apart"]) <= seen_by, true
        if adds_up(true):  # where it does not, some systems give the sum and others the total
            assert str(invoice.total_amount) == true["total_amount"], true


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_sources_and_pages_gives_the_same_ledger(sources, world, seed):
    expected = in_order(sources, world)
    wipe()
    rng = random.Random(seed)
    pages = []
    for name, items in world.items.items():
        shuffled = rng.sample(items, len(items))
        size = rng.choice([7, 20, 50])
        pages += [(name, shuffled[start : start + size]) for start in range(0, len(shuffled), size)]
    rng.shuffle(pages)
    for name, page in pages + rng.choices(pages, k=3):
        bring(sources[name], page)
    assert differences(ledger(), expected) == []
