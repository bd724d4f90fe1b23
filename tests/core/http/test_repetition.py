"""Retries: which calls are repeated, when, and which never."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from apps.core.errors import Cancelled, Intent, NeedsPerson, OutcomeUnknown, TryLater
from apps.core.http import HttpClient, Limits, Request
from tests.core.upstream import Answer, answering, said

from .asking import LIMITS, Sleeps, free_port, get, post

# What is repeated


def test_every_attempt_builds_a_new_request(client):
    stamps = iter(range(10))
    with answering(Answer(500), Answer(503), said({"ok": 1})) as upstream:
        assert client.json(lambda: Request("POST", upstream.url, json={"stamp": next(stamps)})) == {"ok": 1}
    assert [request.json()["stamp"] for request in upstream.requests] == [0, 1, 2]


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_temporary_errors_are_retried_only_for_safe_calls(client, status):
    with answering(Answer(status)) as upstream:
        with pytest.raises(TryLater):
            client.json(post(upstream.url), safe=False)
        assert len(upstream.requests) == 1
        with pytest.raises(TryLater) as failed:
            client.json(post(upstream.url))
        assert len(upstream.requests) == 1 + LIMITS.attempts
    assert failed.value.message.code == ("http.too_many" if status == 429 else "http.server_error")
    assert failed.value.message.params["status"] == status


@pytest.mark.parametrize(
    ("status", "code", "intent"),
    [
        (400, "http.status", Intent.BAD_REQUEST),
        (404, "http.status", Intent.BAD_REQUEST),
        (401, "http.refused", Intent.CREDENTIALS),
        (403, "http.refused", Intent.CREDENTIALS),
    ],
)
def test_client_errors_are_not_retried(client, sleeps, status, code, intent):
    with answering(Answer(status, b"no such page")) as upstream, pytest.raises(NeedsPerson) as failed:
        client.json(get(upstream.url))
    assert (failed.value.message.code, failed.value.intent) == (code, intent)
    assert failed.value.message.params["text"] == "no such page"
    assert len(upstream.requests) == 1
    assert sleeps == []


def test_the_vendors_own_codes_decide_through_judge(client):
    def judge(body):
        if body["code"] == "busy":
            raise TryLater("http.too_many", status=200)
        if body["code"] == "bad":
            raise NeedsPerson("http.refused", status=200, text="")

    with answering(said({"code": "busy"}), said({"code": "ok"}), said({"code": "bad"})) as upstream:
        assert client.json(get(upstream.url), judge=judge) == {"code": "ok"}
        with pytest.raises(NeedsPerson):
            client.json(get(upstream.url), judge=judge)
        assert len(upstream.requests) == 3


def test_waits_grow_with_jitter_up_to_a_limit():
    sleeps = Sleeps()
    client = HttpClient(limits=Limits(attempts=5, backoff=0.5, longest_wait=60.0), sleep=sleeps)
    with answering(Answer(500)) as upstream:
        for _ in range(8):
            with pytest.raises(TryLater):
                client.json(get(upstream.url))
    client.close()
    for place, middle in enumerate([0.5, 1.0, 2.0, 4.0]):
        waits = sleeps[place::4]
        assert all(middle * 0.5 <= wait <= middle * 1.5 for wait in waits)
        assert len(set(waits)) > 1


def test_retry_after_in_seconds_is_respected(client, sleeps):
    with answering(Answer(429, headers={"Retry-After": "7"}), said({"ok": 1})) as upstream:
        assert client.json(get(upstream.url)) == {"ok": 1}
    assert sleeps == [7.0]


def test_retry_after_as_a_date_is_respected(client, sleeps):
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    with answering(Answer(503, headers={"Retry-After": moment}), said({"ok": 1})) as upstream:
        client.json(get(upstream.url))
    assert 17 < sleeps[0] <= 20


def test_a_retry_after_in_the_past_does_not_wait(client, sleeps):
    moment = format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True)
    with answering(Answer(503, headers={"Retry-After": moment}), said({"ok": 1})) as upstream:
        client.json(get(upstream.url))
    assert sleeps == [0.0]


@pytest.mark.parametrize("value", ["31", "86400", "9" * 400])
def test_a_long_retry_after_ends_the_run(client, sleeps, value):
    with answering(Answer(429, headers={"Retry-After": value})) as upstream, pytest.raises(TryLater) as failed:
        client.json(get(upstream.url))
    assert len(upstream.requests) == 1
    assert sleeps == []
    assert failed.value.retry_after is not None
    assert 31 <= failed.value.retry_after <= 7 * 86_400


@pytest.mark.parametrize("value", ["soon", "-5", "²", "1.5", "Wed, 99 Foo 2025"])
def test_an_invalid_retry_after_is_ignored(client, sleeps, value):
    answer = Answer(503, headers={"Retry-After": value.encode().decode("latin-1")})
    with answering(answer, said({"ok": 1})) as upstream:
        client.json(get(upstream.url))
    assert 0.25 <= sleeps[0] <= 0.75


def test_a_cancelled_run_stops_before_the_next_attempt(sleeps):
    calls = []

    def checkpoint():
        calls.append(1)
        if len(calls) == 2:
            raise Cancelled("run.cancelled")

    client = HttpClient(limits=LIMITS, sleep=sleeps, checkpoint=checkpoint)
    with answering(Answer(500)) as upstream, pytest.raises(Cancelled):
        client.json(get(upstream.url))
    client.close()
    assert len(upstream.requests) == 1


# What changes something upstream


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(500), "http.unknown_status"),
        (Answer(502), "http.unknown_status"),
        (Answer(504), "http.unknown_status"),
        (Answer(pieces=[b"{}"], pause=3), "http.unknown_timeout"),
        (Answer(body=b'{"a": 1', length=500), "http.unknown_cut_off"),
        (Answer(body=b"<html>"), "http.unknown_answer"),
        (Answer(body=b'"' + b"x" * 200_000 + b'"'), "http.unknown_answer"),
        (Answer(302, headers={"Location": "http://elsewhere.example/"}), "http.unknown_answer"),
    ],
)
def test_a_write_without_a_clear_answer_is_unknown_and_not_retried(client, sleeps, answer, code):
    with answering(answer) as upstream, pytest.raises(OutcomeUnknown) as failed:
        client.write(post(upstream.url))
    assert failed.value.message.code == code
    assert len(upstream.requests) == 1
    assert sleeps == []


@pytest.mark.parametrize("status", [429, 503])
def test_a_write_that_the_server_has_not_begun_can_be_retried(client, status):
    with answering(Answer(status, headers={"Retry-After": "7"})) as upstream, pytest.raises(TryLater) as failed:
        client.write(post(upstream.url))
    assert failed.value.retry_after == 7
    assert len(upstream.requests) == 1


def test_a_write_that_was_not_delivered_can_be_retried(client):
    with pytest.raises(TryLater) as failed:
        client.write(post(f"http://127.0.0.1:{free_port()}/"))
    assert failed.value.message.code == "http.unreachable"


@pytest.mark.parametrize("status", [400, 401, 404, 422])
def test_a_refused_write_needs_a_person(client, status):
    with answering(Answer(status)) as upstream, pytest.raises(NeedsPerson):
        client.write(post(upstream.url))


def test_the_vendors_own_answer_to_a_write_decides_through_judge(client):
    def judge(body):
        raise TryLater("http.too_many", status=body["code"])

    with answering(said({"code": 3000})) as upstream, pytest.raises(TryLater):
        client.write(post(upstream.url), judge=judge)
    assert client.last.reply == b'{"code":3000}'


# Pace


class Pace:
    def __init__(self, *waits):
        self.waits, self.intervals = list(waits), []

    def reserve(self, interval, at_most=None):
        self.intervals.append(interval)
        return self.waits.pop(0)


def test_every_request_is_throttled_including_retries_and_redirects(sleeps):
    pacer = Pace(0.0, 4.0, 5.0)
    client = HttpClient(limits=Limits(attempts=2, backoff=0.0), sleep=sleeps, pacer=pacer, interval=6.0)
    answers = (Answer(500), Answer(307, headers={"Location": "/b"}), said({"ok": 1}))
    with answering(*answers) as upstream:
        client.json(get(upstream.url))
        assert len(upstream.requests) == 3
        client.json(get(upstream.url), paced=False)
    client.close()
    assert pacer.intervals == [6.0, 6.0, 6.0]
    assert [wait for wait in sleeps if wait] == [4.0, 5.0]
