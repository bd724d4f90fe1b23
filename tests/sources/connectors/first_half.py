"""The first half of the conformance suite: requirements on every connector, built-in or in an external package.

A test module sub-classes ``FirstHalf`` and defines a fixture ``desk``: the connector and an upstream without faults.
``LocalDesk`` is a desk whose upstream is a few lines in the test module. The second half (errors of the vendor, broken
connections, secrets, altered records) needs an imitation of the vendor in ``apps/sandbox``: ``conformance.py``.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import pytest
from django.utils import translation

from apps.sources.connectors.base import Connector
from apps.sources.records import dumps, loads
from tests.core.upstream import Answer, Asked, Upstream

from .context import FakeClock, MemoryContext, Pulled, Store, pulled


class UnderTest(Protocol):
    """A connector and an upstream with some rows. ``store`` holds the result of the pulls so far."""

    store: Store
    notes: list[Any]

    @property
    def connector_class(self) -> type[Connector]: ...

    def connector(self) -> Connector:
        """The connector of a new worker; the caller closes its context."""

    def pull(self, most_pages: int | None = None) -> Pulled: ...

    def undisturbed(self) -> Store:
        """The store after one pull of the same upstream into an empty store."""

    def row_count(self) -> int:
        """The number of rows of the upstream, including unreadable ones."""

    def call_count(self) -> int:
        """The number of requests that the upstream has answered, without logins."""

    def empty(self) -> None:
        """Remove all rows from the upstream."""


class LocalDesk:
    """A connector and a local server with ``rows``. ``entry`` is a source in the format of ``import_sources`` without
    ``kind`` and ``base_url``; ``answer`` builds the server's answer from a request and the rows."""

    def __init__(
        self,
        connector_class: type[Connector],
        entry: Mapping[str, Any],
        rows: list[Any],
        answer: Callable[[Asked, list[Any]], Answer],
    ) -> None:
        self.connector_class, self.rows, self.store = connector_class, rows, Store()
        self.clock = FakeClock()
        self.notes: list[Any] = []
        self._entry = {**entry, "kind": connector_class.kind}
        self._upstream = Upstream(lambda request: answer(request, self.rows))

    def __enter__(self) -> "LocalDesk":
        self._upstream.__enter__()
        self._entry["base_url"] = self._upstream.url
        return self

    def __exit__(self, *exc: object) -> None:
        self._upstream.__exit__(*exc)

    def connector(self) -> Connector:
        context = MemoryContext(
            self._entry, connector=self.connector_class, store=self.store, clock=self.clock, created=self.clock.now()
        )
        self.notes = context.notes
        return self.connector_class(context)

    def pull(self, most_pages: int | None = None) -> Pulled:
        connector = self.connector()
        with connector.context:
            return pulled(connector, most_pages=most_pages)

    def undisturbed(self) -> Store:
        store, self.store = self.store, Store()
        try:
            assert self.pull().error is None
            return self.store
        finally:
            self.store = store

    def row_count(self) -> int:
        return len(self.rows)

    def call_count(self) -> int:
        return len(self._upstream.requests)

    def empty(self) -> None:
        self.rows.clear()


class FirstHalf:
    """``quarantine_codes`` are the reasons why rows of the desk's upstream are quarantined; empty when none is."""

    quarantine_codes: frozenset[str] = frozenset()

    # Forms

    def test_parameters_are_unique_and_valid(self, desk: UnderTest) -> None:
        connector = desk.connector_class
        names = [one.name for one in (*connector.credentials, *connector.options)]
        assert len(names) == len(set(names))
        for option in connector.options:
            assert option.kind != "choice" or option.default in dict(option.choices)
            assert not option.secret, "a secret belongs to the credentials"

    def test_labels_exist_in_both_languages(self, desk: UnderTest) -> None:
        connector = desk.connector_class
        for language in ("en", "zh-hans"):
            with translation.override(language):
                assert str(connector.label)
                assert all(str(one.label) for one in (*connector.credentials, *connector.options))

    # A pull

    def test_pull_receives_every_row_once_and_quarantines_unreadable_ones(self, desk: UnderTest) -> None:
        result = desk.pull()
        assert result.error is None, str(result.error)
        assert len(desk.store.raw) == desk.row_count()
        assert desk.store.raw.keys() == desk.store.records.keys() | desk.store.quarantine.keys()
        assert {message.code for message in desk.store.quarantine.values()} == self.quarantine_codes
        counted = (result.created, result.changed, result.unchanged, result.quarantined, result.kept)
        assert result.received == sum(map(len, counted))

    def test_records_survive_serialisation(self, desk: UnderTest) -> None:
        for record in desk.undisturbed().records.values():
            assert loads(dumps(record)) == record

    def test_payloads_contain_no_float(self, desk: UnderTest) -> None:
        assert not any(_has_float(dict(item.payload)) for item in desk.undisturbed().raw.values())

    def test_second_pull_changes_nothing(self, desk: UnderTest) -> None:
        desk.pull()
        records, cursors = dict(desk.store.records), dict(desk.store.cursors)
        again = desk.pull()
        assert (again.error, again.created, again.changed, desk.notes) == (None, [], [], [])
        assert desk.store.records == records
        assert desk.store.cursors.keys() == cursors.keys()

    @pytest.mark.parametrize("pages", [0, 1, 2, 7])
    def test_pull_after_a_kill_has_the_same_result(self, desk: UnderTest, pages: int) -> None:
        expected = desk.undisturbed()
        desk.pull(most_pages=pages)
        assert desk.pull().error is None
        assert desk.store.records == expected.records
        assert desk.store.quarantine == expected.quarantine

    def test_empty_upstream_is_no_error(self, desk: UnderTest) -> None:
        desk.empty()
        connector = desk.connector()
        with connector.context:
            assert connector.test().code.startswith(f"{desk.connector_class.kind}.")
        for _ in range(2):
            result = desk.pull()
            assert result.error is None
            assert desk.store.raw == {}
            assert desk.notes == []

    def test_connection_test_makes_one_call(self, desk: UnderTest) -> None:
        before = desk.call_count()
        connector = desk.connector()
        with connector.context:
            message = connector.test()
        assert "%(" not in str(message)
        assert message.code not in str(message), "its sentence is not defined"
        assert desk.call_count() - before == 1
        assert desk.store.cursors == {}


def _has_float(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_float, value.values()))
    return any(map(_has_float, value)) if isinstance(value, list) else isinstance(value, float)
