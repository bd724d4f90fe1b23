"""The listener: every open session is heard by one listener, a dead one's by the next."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from apps.bills.assistant import listening
from apps.bills.assistant.listening import Listener
from apps.bills.models import AssistantMessage, AssistantSession
from apps.sandbox.server import running
from tests.progress import STALL_SECONDS, wait_until

from .assistants import Desk, desk

pytestmark = pytest.mark.django_db(transaction=True)
# Two seconds on a free machine: the listener asks all the time, and waits for no tick of a minute.
SOON_SECONDS = 30.0


@pytest.fixture
def at(settings: object) -> Iterator[Desk]:
    with running(invoices=160, seed=11, piaozone_hold=0.2) as sandbox, desk(sandbox) as prepared:
        yield prepared


@pytest.fixture
def start() -> Iterator[Callable[[], Listener]]:
    """Listeners in threads of their own, ended with the test."""
    started: list[tuple[Listener, threading.Thread]] = []

    def run(listener: Listener) -> None:
        try:
            listener.run()
        finally:
            connection.close()

    def one() -> Listener:
        listener = Listener()
        thread = threading.Thread(target=run, args=(listener,))
        started.append((listener, thread))
        thread.start()
        return listener

    yield one
    for listener, thread in started:
        listener.stop.set()
        for running_ in (thread, *listener._threads.values()):
            running_.join(STALL_SECONDS)
            assert not running_.is_alive()


def test_a_message_is_applied_while_the_window_is_open(at: Desk, start: Callable[[], Listener]) -> None:
    start()
    wait_until(lambda: AssistantSession.objects.exclude(polled_at=None).exists())
    chosen_serials = at.serials(5)
    at.say(at.chosen(*chosen_serials))
    wait_until(lambda: len(at.on_bill()) == 5, stall_seconds=SOON_SECONDS)
    wait_until(lambda: AssistantMessage.objects.get().receipted_at)


def test_two_listeners_apply_each_message_once(at: Desk, start: Callable[[], Listener]) -> None:
    first, second = start(), start()
    wait_until(lambda: AssistantSession.objects.exclude(listener="").exists())
    assert AssistantSession.objects.get().listener in (first.name, second.name)
    one, two, three = at.serials(3)
    at.say(at.chosen(one), at.chosen(one, two), at.chosen(one, two, three))
    wait_until(lambda: AssistantMessage.objects.filter(state="applied").count() == 3)
    assert sorted(at.on_bill()) == sorted([one, two, three])
    assert at.bill.bill_invoices.count() == 3


def test_the_session_of_a_dead_listener_is_taken_over(at: Desk, start: Callable[[], Listener]) -> None:
    soon = timezone.now() + timedelta(seconds=1.5)
    AssistantSession.objects.update(listener="dead:1:x", listened_until=soon)
    alive = start()
    at.say(at.chosen(*at.serials(1)))
    assert at.on_bill() == []
    wait_until(lambda: len(at.on_bill()) == 1)
    assert AssistantSession.objects.get().listener == alive.name
    assert timezone.now() > soon


def test_an_error_of_the_vendor_is_stored_and_polling_goes_on(
    at: Desk, start: Callable[[], Listener], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "_PAUSE", 0.5)
    at.sandbox.fault("piaozone", "http_500", times=2, call="/polling/fpzs/invoice/data/v2")
    start()
    wait_until(lambda: AssistantSession.objects.exclude(trouble=None).exists())
    assert "500" in str(AssistantSession.objects.get().trouble_message)
    at.say(at.chosen(*at.serials(1)))
    wait_until(lambda: len(at.on_bill()) == 1)
    assert AssistantSession.objects.get().trouble is None


def test_an_ended_session_is_closed_when_its_channel_is_empty(at: Desk, start: Callable[[], Listener]) -> None:
    at.say(at.chosen(*at.serials(1)))
    AssistantSession.objects.update(ends_at=timezone.now() - timedelta(minutes=1))
    start()
    wait_until(lambda: AssistantSession.objects.exclude(closed_at=None).exists())
    session = AssistantSession.objects.get()
    assert (len(at.on_bill()), session.link_key, session.user_key) == (1, "", "")


def test_an_unavailable_database_does_not_end_the_listener(monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        query_count = 0

        def __getattr__(self, _name: str) -> "Away":
            return self

        def __call__(self, *_: object, **__: object) -> "Away":
            return self

        def first(self) -> str:
            self.query_count += 1
            if self.query_count < 3000:
                raise OperationalError
            return "the session"

    away = Away()
    monkeypatch.setattr(listening, "AssistantSession", away)
    monkeypatch.setattr(listening, "_PAUSE", 0)
    monkeypatch.setattr(listening.connection, "close", lambda: None)
    assert Listener()._ours(1) == "the session"
    assert away.query_count == 3000
