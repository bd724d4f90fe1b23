"""Registries, in which upper apps register providers for lower apps."""

from collections.abc import Callable

import pytest

from apps.bills import booking_providers
from apps.core.providers import Registry
from apps.duplicates import claim_providers
from apps.invoices import link_providers
from apps.outbox import subjects
from apps.sources import watch_providers


def test_providers_are_sorted_by_rank() -> None:
    for order in ([("b", 2), ("c", 1), ("a", 2)], [("a", 2), ("b", 2), ("c", 1)]):
        registry: Registry[str] = Registry("example")
        for name, rank in order:
            registry.register(name, name.upper(), rank=rank)
        assert list(registry) == ["C", "A", "B"]
        assert list(registry.items()) == [("c", "C"), ("a", "A"), ("b", "B")]


def test_the_same_registration_twice_changes_nothing() -> None:
    registry: Registry[Callable[..., object]] = Registry("example")
    registry.register("a", len)
    registry.register("a", len)
    assert list(registry) == [len]
    assert registry.get("a") is len
    assert registry.get("b") is None


@pytest.mark.parametrize(("provider", "rank"), [(max, 0), (len, 1)])
def test_another_registration_under_the_same_name_is_an_error(provider: Callable[..., object], rank: int) -> None:
    registry: Registry[Callable[..., object]] = Registry("example")
    registry.register("a", len)
    with pytest.raises(ValueError, match="example 'a' is registered twice"):
        registry.register("a", provider, rank=rank)
    assert list(registry) == [len]


def test_what_the_apps_register() -> None:
    names = {
        module.__name__.rpartition(".")[2]: [name for name, _provider in module.registry.items()]
        for module in (booking_providers, claim_providers, link_providers, subjects, watch_providers)
    }
    assert names == {
        "booking_providers": ["vouchers"],
        "claim_providers": ["bills"],
        "link_providers": ["bills", "vouchers"],
        "subjects": ["voucher", "bill"],  # the order of the locks
        "watch_providers": ["bills"],
    }


def test_a_subject_needs_a_rank_in_the_lock_order() -> None:
    subject = subjects.registry.get("bill")
    assert subject is not None
    with pytest.raises(ValueError, match="tuple"):
        subjects.register("thing", subject)
    assert subjects.registry.get("thing") is None
