"""Pulling all data of the sandbox's Piaozone."""

from apps.sandbox.server import running
from apps.sources.connectors.piaozone import Piaozone
from tests.sources.connectors.context import MemoryContext, Store, pulled


def test_all_rows_are_received_and_second_pull_changes_nothing():
    with running(invoices=200, seed=3) as sandbox:
        sandbox.settings.piaozone_hold = 0.02
        entry = next(one for one in sandbox.sources() if one["kind"] == "piaozone")
        store = Store()
        with MemoryContext(entry, store=store) as first:
            result = pulled(Piaozone(first))
        with MemoryContext(entry, store=store) as second:
            again = pulled(Piaozone(second))
        assert result.error is None
        assert set(store.records) | set(store.quarantine) == set(sandbox.world.by_serial)
        assert not again.created + again.changed
        assert again.error is None
        assert not second.notes


def test_pull_after_kills_receives_all_rows():
    with running(invoices=60, seed=5) as sandbox:
        sandbox.settings.piaozone_hold = 0.02
        entry = next(one for one in sandbox.sources() if one["kind"] == "piaozone")
        store = Store()
        for most in range(1, 60, 7):
            with MemoryContext(entry, store=store) as killed:
                assert pulled(Piaozone(killed), most_pages=most).error is None
        with MemoryContext(entry, store=store) as last:
            assert pulled(Piaozone(last)).error is None
        assert set(store.records) | set(store.quarantine) == set(sandbox.world.by_serial)
        assert not sandbox.systems["piaozone"].channels.waiting()
