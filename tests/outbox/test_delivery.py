"""Delivery: pushes are sent once and in order, and not again while their outcome is unknown."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.core.errors import HubError, Intent, NeedsPerson, OutcomeUnknown, TryLater
from apps.core.http import Exchange, HttpClient, Request
from apps.outbox import delivery, services
from apps.outbox.choices import Outcome, PushState, Reason
from apps.outbox.models import Push
from apps.outbox.transcript import transcript
from apps.sources.choices import PushKind
from apps.sources.connectors import CONNECTORS
from apps.sources.connectors.base import PushReply
from apps.sources.models import Source

from .conftest import Scripted

Queue = Callable[..., Push]
COLLECT, VOID, STATUS = PushKind.VOUCHER_COLLECT, PushKind.VOUCHER_VOID, PushKind.INVOICE_STATUS
UNKNOWN = OutcomeUnknown("http.unknown_timeout", host="upstream")
AWAY = TryLater("http.unreachable", host="upstream")
FAILED = TryLater("piaozone.failed", code="3000", text="x")
REFUSED = NeedsPerson("piaozone.unknown_code", Intent.BAD_REQUEST, code="9", text="x")
LOGGED_OUT = NeedsPerson("piaozone.credentials", Intent.CREDENTIALS, code="1101", text="x")


def names(calls: list[tuple[str, Any]]) -> list[str]:
    """The subjects of these payloads, in order."""
    return [payload.voucher.voucher_id for _kind, payload in calls]


def states() -> list[str]:
    return list(Push.objects.order_by("pk").values_list("state", flat=True))


def outcomes(push: Push) -> list[str]:
    return list(push.attempts.order_by("number").values_list("outcome", flat=True))


def later(**times: Any) -> None:
    """Make all waiting pushes due."""
    Push.objects.filter(state=PushState.WAITING).update(retry_at=timezone.now() - timedelta(seconds=1), **times)


def test_pushes_are_sent_once_and_in_order(source: Source, upstream: type[Scripted], queue: Queue) -> None:
    for n in range(3):
        queue(f"thing:{n}")
    queue("thing:0", STATUS)
    assert delivery.deliver(source.pk, 10) == 4
    assert [(kind, payload.voucher.voucher_id) for kind, payload in upstream.sent] == [
        ("voucher_collect", "thing:0"),
        ("voucher_collect", "thing:1"),
        ("voucher_collect", "thing:2"),
        ("invoice_status", "thing:0"),
    ]
    assert states() == ["done"] * 4
    assert delivery.deliver(source.pk, 10) == 0


def test_already_done_counts_as_done(source: Source, upstream: type[Scripted], queue: Queue) -> None:
    push = queue()
    upstream.answers.append(PushReply(already=True))
    delivery.deliver(source.pk, 10)
    assert (states(), outcomes(push)) == (["done"], [Outcome.ALREADY])


@pytest.mark.parametrize("error", [AWAY, FAILED])
def test_a_push_without_effect_is_retried_later(
    source: Source, upstream: type[Scripted], queue: Queue, error: Exception
) -> None:
    push = queue()
    upstream.answers.append(error)
    delivery.deliver(source.pk, 10)
    push.refresh_from_db()
    assert (push.state, push.outcome_unknown, push.failures) == ("waiting", False, 1)
    assert push.retry_at is not None
    assert push.retry_at > timezone.now()
    assert delivery.deliver(source.pk, 10) == 0
    later()
    delivery.deliver(source.pk, 10)
    assert (states(), outcomes(push), len(upstream.sent)) == (["done"], [Outcome.LATER, Outcome.DONE], 2)


def test_the_retry_time_of_the_system_is_respected(source: Source, upstream: type[Scripted], queue: Queue) -> None:
    push = queue()
    upstream.answers.append(TryLater("http.too_many", retry_after=3600.0, status=429))
    delivery.deliver(source.pk, 10)
    push.refresh_from_db()
    assert push.retry_at is not None
    assert push.retry_at > timezone.now() + timedelta(minutes=59)


def test_an_unreachable_system_is_called_by_one_push_only(
    source: Source, upstream: type[Scripted], queue: Queue
) -> None:
    pushes = [queue(f"thing:{n}") for n in range(20)]
    upstream.answers += [AWAY, AWAY]
    for _ in range(2):
        delivery.deliver(source.pk, 10)
        later()
    assert len(upstream.sent) == 2
    assert states() == ["waiting"] + ["pending"] * 19
    delivery.deliver(source.pk, 10)
    assert states() == ["done"] * 20
    assert names(upstream.sent) == [
        "thing:0",
        "thing:0",
        *[p.subject for p in pushes],
    ]


def test_repeated_failures_need_a_person_but_an_outage_of_an_hour_does_not(
    source: Source, upstream: type[Scripted], queue: Queue
) -> None:
    away, failing = queue("thing:1"), queue("thing:2")
    upstream.answers += [AWAY] * 30
    for _ in range(30):
        delivery.deliver(source.pk, 10)
        later(first_failed_at=timezone.now() - timedelta(hours=3))
    away.refresh_from_db()
    assert (away.state, away.failures) == ("waiting", 30)
    services.mark_done(away, None, "is there")
    upstream.answers[:] = [FAILED] * 30
    for _ in range(20):
        delivery.deliver(source.pk, 10)
        later()
    failing.refresh_from_db()
    assert (failing.state, failing.reason, failing.error_code) == ("needs_person", Reason.EXCEEDED, "piaozone.failed")


def test_an_unknown_outcome_is_queried_and_not_resent(source: Source, upstream: type[Scripted], queue: Queue) -> None:
    for subject in ("thing:1", "thing:2", "thing:3"):
        queue(subject)
    upstream.answers += [UNKNOWN, UNKNOWN, UNKNOWN]
    upstream.effects += [True, False, None]
    delivery.deliver(source.pk, 10)
    assert states() == ["waiting"] * 3
    assert set(Push.objects.values_list("outcome_unknown", flat=True)) == {True}
    later()
    delivery.deliver(source.pk, 10)
    assert names(upstream.queried) == ["thing:1", "thing:2", "thing:3"]
    first, second, third = Push.objects.order_by("pk")
    assert (first.state, outcomes(first)) == ("done", [Outcome.UNKNOWN, Outcome.APPLIED])
    assert (second.state, outcomes(second)) == ("done", [Outcome.UNKNOWN, Outcome.NOT_APPLIED, Outcome.DONE])
    assert (third.state, third.reason, third.error_code) == ("needs_person", Reason.UNKNOWN, "push.unknown")
    assert names(upstream.sent) == [
        "thing:1",
        "thing:2",
        "thing:3",
        "thing:2",
    ]


def test_a_failed_status_query_is_repeated(source: Source, upstream: type[Scripted], queue: Queue) -> None:
    push = queue()
    upstream.answers.append(UNKNOWN)
    upstream.effects += [AWAY, LOGGED_OUT, True]
    delivery.deliver(source.pk, 10)
    for _ in range(2):
        later()
        delivery.deliver(source.pk, 10)
    push.refresh_from_db()
    assert (push.state, push.reason, push.outcome_unknown) == ("needs_person", Reason.CONFIGURATION, True)
    services.retry(push, None)  # the credentials are correct now, but the outcome is still unknown
    delivery.deliver(source.pk, 10)
    push.refresh_from_db()
    assert (push.state, len(upstream.sent), len(upstream.queried)) == ("done", 1, 3)


def test_a_push_settled_while_the_reaper_waits_stays_settled(
    source: Source, upstream: type[Scripted], queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue()
    Push.objects.update(state=PushState.SENDING, lease_until=timezone.now() - timedelta(hours=1))
    settled = {"state": PushState.DONE, "lease_until": None}
    monkeypatch.setattr(delivery.subjects, "lock", lambda names: Push.objects.update(**settled))
    delivery.reap()
    assert states() == ["done"]


def test_an_endless_status_query_needs_a_person(source: Source, upstream: type[Scripted], queue: Queue) -> None:
    push = queue()
    upstream.answers.append(UNKNOWN)
    upstream.effects += [ValueError("a bug")] * 30
    for _ in range(12):
        delivery.deliver(source.pk, 10)
        later()
    push.refresh_from_db()
    assert (push.state, push.reason, push.outcome_unknown) == ("needs_person", Reason.UNKNOWN, True)
    assert len(upstream.sent) == 1


def test_a_person_who_looked_can_resend(source: Source, upstream: type[Scripted], queue: Queue) -> None:
    push = queue()
    upstream.answers.append(UNKNOWN)
    delivery.deliver(source.pk, 10)
    later()
    delivery.deliver(source.pk, 10)
    for looked in (None, 1):  # did not look, or before the latest attempt
        with pytest.raises(HubError) as error:
            services.retry(push, None, looked)
        assert error.value.message.code == "push.look_first"
    services.retry(push, None, 2)
    delivery.deliver(source.pk, 10)
    assert (states(), len(upstream.sent)) == (["done"], 2)


def test_an_exception_while_sending_is_an_unknown_outcome(
    source: Source, upstream: type[Scripted], queue: Queue
) -> None:
    push = queue()
    upstream.answers.append(ValueError("a bug"))
    delivery.deliver(source.pk, 10)
    push.refresh_from_db()
    assert (push.state, push.outcome_unknown, push.error_code) == ("waiting", True, "push.broke")


def test_a_refused_push_delays_only_its_ordering_key(source: Source, upstream: type[Scripted], queue: Queue) -> None:
    first, behind, free = queue("thing:1"), queue("thing:2", ordering_keys=["thing:1"]), queue("thing:3")
    upstream.answers.append(REFUSED)
    delivery.deliver(source.pk, 10)
    assert states() == ["needs_person", "pending", "done"]
    services.dismiss(first, None, "was wrong")
    delivery.deliver(source.pk, 10)
    assert states() == ["cancelled", "done", "done"]
    assert names(upstream.sent) == [p.subject for p in (first, free, behind)]


def test_wrong_credentials_stop_one_push_and_open_the_circuit(
    source: Source, upstream: type[Scripted], queue: Queue
) -> None:
    for n in range(5):
        queue(f"thing:{n}")
    upstream.answers.append(LOGGED_OUT)
    delivery.deliver(source.pk, 10)
    assert states() == ["needs_person"] + ["pending"] * 4
    assert delivery.due_sources() == []
    services.retry(Push.objects.get(state=PushState.NEEDS_PERSON), None)
    delivery.deliver(source.pk, 10)
    assert states() == ["done"] * 5


def test_a_lost_worker_leaves_an_unknown_outcome(source: Source, upstream: type[Scripted], queue: Queue) -> None:
    push = queue()
    claimed = delivery._claim(push.pk, "worker")
    assert claimed is not None
    assert delivery.reap() == 0
    Push.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert delivery.reap() == 1
    push.refresh_from_db()
    assert (push.state, push.outcome_unknown, outcomes(push)) == ("waiting", True, [Outcome.LOST])
    later()
    upstream.effects.append(True)
    delivery.deliver(source.pk, 10)
    assert (states(), upstream.sent) == (["done"], [])


def test_a_late_worker_settles_the_unknown_outcome(source: Source, upstream: type[Scripted], queue: Queue) -> None:
    push = queue()
    claimed = delivery._claim(push.pk, "worker")
    assert claimed is not None
    Push.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    delivery.reap()
    delivery._settle(claimed, delivery.Result(Outcome.DONE), "POST …", 200, "{}")
    push.refresh_from_db()
    assert (push.state, push.outcome_unknown, outcomes(push)) == ("done", False, [Outcome.DONE])


def test_a_stalled_worker_does_not_send(source: Source, queue: Queue, upstream: type[Scripted], settings: Any) -> None:
    settings.PUSH_LEASE_SECONDS = 0.3

    class Slow(upstream):  # type: ignore[misc, valid-type]
        def push(self, kind: str, payload: Any) -> PushReply:
            time.sleep(0.2)
            self.context.http.write(lambda: Request("POST", "http://127.0.0.1:9/"))
            raise AssertionError("it was sent")

    CONNECTORS["piaozone"] = Slow
    push = queue()
    delivery.deliver(source.pk, 10)
    push.refresh_from_db()
    assert (push.state, push.outcome_unknown, push.error_code) == ("waiting", False, "push.too_late")


def test_a_late_worker_that_did_not_send_ends_the_unknown_outcome(
    source: Source, upstream: type[Scripted], queue: Queue
) -> None:
    push = queue()
    claimed = delivery._claim(push.pk, "worker")
    assert claimed is not None
    Push.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    delivery.reap()
    delivery._settle(claimed, delivery.Result(Outcome.LATER, AWAY), "", None, "")
    push.refresh_from_db()
    assert (push.state, push.outcome_unknown) == ("waiting", False)


def test_a_late_worker_does_not_undo_the_decision_of_a_person(
    source: Source, upstream: type[Scripted], queue: Queue
) -> None:
    push = queue()
    claimed = delivery._claim(push.pk, "worker")
    assert claimed is not None
    Push.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    delivery.reap()
    services.dismiss(push, None, "not wanted")
    delivery._settle(claimed, delivery.Result(Outcome.LATER, AWAY), "", None, "")
    push.refresh_from_db()
    assert push.state == "cancelled"


def test_a_late_worker_does_not_settle_a_newer_attempt(source: Source, upstream: type[Scripted], queue: Queue) -> None:
    push = queue()
    slow = delivery._claim(push.pk, "slow")
    assert slow is not None
    Push.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    delivery.reap()
    Push.objects.update(
        state=PushState.PENDING, outcome_unknown=False, retry_at=None
    )  # the status query says: no effect
    quick = delivery._claim(push.pk, "quick")
    assert quick is not None
    delivery._settle(slow, delivery.Result(Outcome.LATER, AWAY), "", None, "")
    assert states() == ["sending"]  # otherwise a third worker would send it while the second one does
    delivery._settle(quick, delivery.Result(Outcome.DONE), "", 200, "")
    assert (states(), outcomes(push)) == (["done"], [Outcome.LATER, Outcome.DONE])


def test_a_lease_is_compared_with_the_clock_of_the_database(
    source: Source, upstream: type[Scripted], queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed = delivery._claim(queue().pk, "worker")
    assert claimed is not None
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    assert (delivery.reap(), states()) == (0, ["sending"])


@pytest.mark.parametrize("error", [AWAY, UNKNOWN])
def test_the_next_attempt_is_set_by_the_clock_of_the_database(
    source: Source, upstream: type[Scripted], queue: Queue, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    push, real = queue(), timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: real + timedelta(days=1))
    upstream.answers.append(error)
    delivery.deliver(source.pk, 10)
    push.refresh_from_db()
    assert push.retry_at is not None
    assert real < push.retry_at < real + timedelta(hours=1)


def test_an_answer_with_an_invalid_character_is_stored(
    source: Source, upstream: type[Scripted], queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exchange(http: HttpClient) -> tuple[str, int | None, str]:
        http.last = Exchange(Request("POST", "https://example.com/"), 400, b"no\0pe")
        return transcript(http)

    monkeypatch.setattr(delivery, "transcript", exchange)
    push = queue()
    upstream.answers.append(NeedsPerson("http.refused", status=400, text="no\0pe"))
    delivery.deliver(source.pk, 10)
    assert states() == ["needs_person"]
    assert push.attempts.get().reply == "no\ufffdpe"


def test_a_disabled_source_is_sent_nothing(source: Source, upstream: type[Scripted], queue: Queue) -> None:
    queue()
    source.enabled = False
    source.save()
    assert delivery.due_sources() == []


def test_the_second_of_two_decisions_is_refused(source: Source, upstream: type[Scripted], queue: Queue) -> None:
    push = queue()
    delivery.deliver(source.pk, 10)
    for act in (lambda: services.retry(push, None), lambda: services.dismiss(push, None, "x")):
        with pytest.raises(HubError) as error:
            act()
        assert error.value.message.code == "push.settled"
