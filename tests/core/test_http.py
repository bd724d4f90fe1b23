"""The HTTP client against a real server: what it repeats, what it refuses, and what it never says."""

import gzip
import logging
import socket
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from ipaddress import ip_network

import msgspec
import pytest
import structlog
from django.conf import settings

from apps.core.decoding import UNREADABLE, decode_json
from apps.core.errors import Cancelled, Intent, NeedsPerson, OutcomeUnknown, TryLater
from apps.core.http import DeniedAddress, HttpClient, Limits, Request, _checked_socket
from apps.core.redaction import Redactor
from invoicehub import environment

from .upstream import Answer, answering, said

LIMITS = Limits(
    connect_timeout=1.0, read_timeout=0.5, total_timeout=1.0, max_bytes=100_000, attempts=3, longest_wait=30.0
)
SECRET = "s3cret/with+signs"


class Sleeps(list):
    """Takes the place of time.sleep and remembers for how long."""

    def __call__(self, seconds):
        self.append(seconds)


@pytest.fixture
def sleeps():
    return Sleeps()


@pytest.fixture
def client(sleeps):
    http = HttpClient(limits=LIMITS, sleep=sleeps)
    yield http
    http.close()


def get(url, **more):
    return lambda: Request("GET", url, **more)


def post(url, **more):
    return lambda: Request("POST", url, **more)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# What arrives


def test_amounts_arrive_exactly(client):
    body = b'\xef\xbb\xbf{"amount": 0.10, "big": 1234567890123.45, "number": 26512000000554908399, "e": 1e2}'
    with answering(Answer(body=body)) as upstream:
        found = client.json(get(upstream.url))
    assert found == {
        "amount": Decimal("0.10"),
        "big": Decimal("1234567890123.45"),
        "number": 26512000000554908399,
        "e": Decimal(100),
    }
    assert str(found["amount"]) == "0.10"
    assert not any(isinstance(value, float) for value in found.values())


@pytest.mark.parametrize(
    ("spoilt", "kept"),
    [
        (b"NaN", "NaN"),
        (b"-Infinity", "-Infinity"),
        (b"1e999999999", "1e999999999"),
        (b"1e-999999999", "1e-999999999"),
        (b"9" * 5000, "9" * 5000),
        (b'"\xff\xb9\xab"', UNREADABLE * 3),
        (b'"\\ud83d"', UNREADABLE),
        (b'{"\\udc00": ["\\ud83d", "\\ud83d\\ude00"]}', {UNREADABLE: [UNREADABLE, "\U0001f600"]}),
        (b'"line\nbreak"', "line\nbreak"),
    ],
)
def test_one_spoilt_value_does_not_take_the_page_with_it(spoilt, kept):
    found = decode_json(b'\xef\xbb\xbf [{"amount": 0.10}, {"amount": ' + spoilt + b"}]")
    assert found == [{"amount": Decimal("0.10")}, {"amount": kept}]
    msgspec.json.encode(found).decode()  # what is kept can be stored


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "http.not_json"),
        (b'{"a": ', "http.not_json"),
        (b'{"a": "\xff', "http.not_json"),
        (b'[{"a": 1} {"a": 2}]', "http.not_json"),
        (b"[" * 100_000, "http.not_json"),
        (b"<!DOCTYPE html><title>x</title>", "http.html_page"),
        (b"\xef\xbb\xbf\n  <html>", "http.html_page"),
    ],
)
def test_what_is_not_json_says_what_it_is(body, code):
    with pytest.raises(TryLater) as failed:
        decode_json(body)
    assert failed.value.message.code == code


def test_a_web_page_instead_of_data_is_asked_for_again_and_then_reported(client, sleeps):
    with answering(Answer(body=b"<html>login</html>")) as upstream, pytest.raises(TryLater) as failed:
        client.json(get(upstream.url))
    assert failed.value.message.code == "http.html_page"
    assert len(upstream.asked) == LIMITS.attempts


def test_form_query_and_headers_go_out_as_given(client):
    with answering(said({})) as upstream:
        client.json(post(upstream.url + "/a", params={"q": "值+1"}, form={"content": "a+b/c="}, headers={"X-One": "1"}))
    (asked,) = upstream.asked
    assert asked.query == {"q": "值+1"}
    assert asked.body == b"content=a%2Bb%2Fc%3D"
    assert asked.headers["X-One"] == "1"


# What is repeated


def test_every_attempt_is_built_anew(client):
    stamps = iter(range(10))
    with answering(Answer(500), Answer(503), said({"ok": 1})) as upstream:
        assert client.json(lambda: Request("POST", upstream.url, json={"stamp": next(stamps)})) == {"ok": 1}
    assert [asked.json()["stamp"] for asked in upstream.asked] == [0, 1, 2]


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_passing_trouble_is_repeated_only_where_that_is_safe(client, status):
    with answering(Answer(status)) as upstream:
        with pytest.raises(TryLater):
            client.json(post(upstream.url), safe=False)
        assert len(upstream.asked) == 1
        with pytest.raises(TryLater) as failed:
            client.json(post(upstream.url))
        assert len(upstream.asked) == 1 + LIMITS.attempts
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
def test_our_own_mistakes_are_not_repeated(client, sleeps, status, code, intent):
    with answering(Answer(status, b"no such page")) as upstream, pytest.raises(NeedsPerson) as failed:
        client.json(get(upstream.url))
    assert (failed.value.message.code, failed.value.intent) == (code, intent)
    assert failed.value.message.params["text"] == "no such page"
    assert len(upstream.asked) == 1
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
        assert len(upstream.asked) == 3


def test_waits_grow_vary_and_stay_bounded():
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


def test_retry_after_in_seconds_is_kept_to(client, sleeps):
    with answering(Answer(429, headers={"Retry-After": "7"}), said({"ok": 1})) as upstream:
        assert client.json(get(upstream.url)) == {"ok": 1}
    assert sleeps == [7.0]


def test_retry_after_as_a_date_is_kept_to(client, sleeps):
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
def test_a_retry_after_too_long_to_hold_a_worker_ends_the_run_at_once(client, sleeps, value):
    with answering(Answer(429, headers={"Retry-After": value})) as upstream, pytest.raises(TryLater) as failed:
        client.json(get(upstream.url))
    assert len(upstream.asked) == 1
    assert sleeps == []
    assert failed.value.retry_after is not None
    assert 31 <= failed.value.retry_after <= 7 * 86_400


@pytest.mark.parametrize("value", ["soon", "-5", "²", "1.5", "Wed, 99 Foo 2025"])
def test_an_unreadable_retry_after_counts_as_none(client, sleeps, value):
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
    assert len(upstream.asked) == 1


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
def test_a_write_without_a_clear_answer_is_unknown_and_not_repeated(client, sleeps, answer, code):
    with answering(answer) as upstream, pytest.raises(OutcomeUnknown) as failed:
        client.write(post(upstream.url))
    assert failed.value.message.code == code
    assert len(upstream.asked) == 1
    assert sleeps == []


@pytest.mark.parametrize("status", [429, 503])
def test_a_write_the_server_has_not_begun_may_be_repeated_later(client, status):
    with answering(Answer(status, headers={"Retry-After": "7"})) as upstream, pytest.raises(TryLater) as failed:
        client.write(post(upstream.url))
    assert failed.value.retry_after == 7
    assert len(upstream.asked) == 1


def test_a_write_that_reached_nobody_may_be_repeated_later(client):
    with pytest.raises(TryLater) as failed:
        client.write(post(f"http://127.0.0.1:{free_port()}/"))
    assert failed.value.message.code == "http.unreachable"


@pytest.mark.parametrize("status", [400, 401, 404, 422])
def test_a_write_that_was_refused_is_for_a_person(client, status):
    with answering(Answer(status)) as upstream, pytest.raises(NeedsPerson):
        client.write(post(upstream.url))


def test_the_vendors_own_answer_to_a_write_decides_through_judge(client):
    def judge(body):
        raise TryLater("http.too_many", status=body["code"])

    with answering(said({"code": 3000})) as upstream, pytest.raises(TryLater):
        client.write(post(upstream.url), judge=judge)
    assert client.last.reply == b'{"code":3000}'


# What breaks


def test_a_server_that_says_nothing_is_given_up(client):
    with answering(Answer(pieces=[b"{}"], pause=3)) as upstream, pytest.raises(TryLater) as failed:
        client.json(get(upstream.url), safe=False)
    assert failed.value.message.code == "http.timeout"
    assert failed.value.message.params == {"host": f"127.0.0.1:{upstream.port}"}


def test_a_longer_read_timeout_can_be_asked_for(client):
    with answering(Answer(pieces=[b'{"ok": 1}'], pause=0.8)) as upstream:
        assert client.json(get(upstream.url, read_timeout=3.0), safe=False) == {"ok": 1}


def test_a_body_that_trickles_in_does_not_outlast_the_total_timeout(client):
    started = time.monotonic()
    drip = Answer(pieces=[b" "] * 100, pause=0.1)
    with answering(drip) as upstream, pytest.raises(TryLater) as failed:
        client.json(get(upstream.url), safe=False)
    assert failed.value.message.code == "http.timeout"
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    "cut",
    [
        Answer(body=b'{"a": 1', length=500),
        Answer(pieces=[b'5\r\n{"a"\r\n'], headers={"Transfer-Encoding": "chunked"}, length=500),
    ],
)
def test_a_body_cut_off_is_asked_for_again(client, cut):
    if "Transfer-Encoding" in cut.headers:
        cut.headers["Content-Length"] = ""
    with answering(cut, said({"ok": 1})) as upstream:
        assert client.json(get(upstream.url)) == {"ok": 1}
    with answering(cut) as upstream, pytest.raises(TryLater) as failed:
        client.json(get(upstream.url))
    assert failed.value.message.code == "http.cut_off"


def test_a_gzip_body_that_is_none_is_cut_off(client):
    with (
        answering(Answer(body=b"not gzip", headers={"Content-Encoding": "gzip"})) as upstream,
        pytest.raises(TryLater) as failed,
    ):
        client.json(get(upstream.url), safe=False)
    assert failed.value.message.code == "http.cut_off"


def test_nobody_there(client):
    with pytest.raises(TryLater) as failed:
        client.json(get(f"http://127.0.0.1:{free_port()}/x?token={SECRET}"), safe=False)
    assert failed.value.message.code == "http.unreachable"


@pytest.mark.parametrize(
    "url",
    ["", "ftp://example.com/", "http://", "http://[::1/", "example.com/path", "http://a:b/", "http://①②⑦.0.0.1/"],
)
def test_what_is_no_web_address_is_for_a_person(client, url):
    with pytest.raises(NeedsPerson) as failed:
        client.json(get(url))
    assert failed.value.message.code == "http.bad_address"


# How much


def test_a_body_over_the_limit_is_refused_and_not_repeated(client):
    with answering(Answer(body=b"x" * 100_001)) as upstream, pytest.raises(NeedsPerson) as failed:
        client.send(get(upstream.url))
    assert failed.value.message.code == "http.too_large"
    assert len(upstream.asked) == 1


def test_a_body_of_exactly_the_limit_is_taken(client):
    with answering(Answer(body=b"x" * 100_000)) as upstream:
        assert len(client.send(get(upstream.url)).body) == 100_000


def test_a_gzip_bomb_is_refused_by_its_unpacked_size(client):
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < LIMITS.max_bytes
    for layers in (1, 2):
        body = bomb if layers == 1 else gzip.compress(bomb)
        answer = Answer(body=body, headers={"Content-Encoding": ", ".join(["gzip"] * layers)})
        with answering(answer) as upstream, pytest.raises(NeedsPerson) as failed:
            client.send(get(upstream.url))
        assert failed.value.message.code == "http.too_large"


# Where to


def test_a_redirect_within_the_host_keeps_method_and_body(client):
    with answering(Answer(307, headers={"Location": "/there?kept=1"}), said({"ok": 1})) as upstream:
        assert client.json(post(upstream.url + "/here", params={"token": "t"}, json={"a": 1})) == {"ok": 1}
    first, second = upstream.asked
    assert (second.method, second.path, second.json()) == ("POST", "/there", {"a": 1})
    assert (first.query, second.query) == ({"token": "t"}, {"kept": "1"})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_host_is_never_followed(client, status):
    with answering(said({})) as other:
        location = f"http://localhost:{other.port}/steal"
        with (
            answering(Answer(status, headers={"Location": location})) as upstream,
            pytest.raises(NeedsPerson) as failed,
        ):
            client.json(get(upstream.url))
        assert failed.value.message.code == "http.redirect"
        assert failed.value.message.params["target"] == f"localhost:{other.port}"
        assert other.asked == []


@pytest.mark.parametrize("location", ["//evil.example/x", "http://[broken", "", "https://127.0.0.1:1/"])
def test_strange_redirects_are_for_a_person(client, location):
    with answering(Answer(307, headers={"Location": location})) as upstream, pytest.raises(NeedsPerson) as failed:
        client.json(get(upstream.url))
    assert failed.value.message.code in ("http.redirect", "http.redirect_loop")


def test_the_body_of_a_redirect_is_limited_too(client):
    answer = Answer(307, b"x" * 1_000_000, headers={"Location": "/b"})
    with answering(answer) as upstream, pytest.raises(NeedsPerson) as failed:
        client.json(get(upstream.url))
    assert failed.value.message.code == "http.too_large"


def test_a_redirect_loop_ends(client):
    with answering(Answer(308, headers={"Location": "/again"})) as upstream, pytest.raises(NeedsPerson) as failed:
        client.json(get(upstream.url))
    assert failed.value.message.code == "http.redirect_loop"
    assert len(upstream.asked) == 4


# Denied networks


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("127.0.0.1", "127.0.0.0/8"),
        ("localhost", "127.0.0.0/8"),
        ("[::ffff:127.0.0.1]", "127.0.0.0/8"),
        ("0", "127.0.0.0/8"),
        ("2130706433", "127.0.0.0/8"),
        ("0x7f000001", "127.0.0.0/8"),
        ("0177.0.0.1", "127.0.0.0/8"),
        ("127.1", "127.0.0.0/8"),
    ],
)
def test_a_denied_address_is_refused_however_it_is_written(host, network):
    client = HttpClient(deny=[ip_network(network)], limits=LIMITS)
    with answering(said({})) as upstream, pytest.raises(NeedsPerson) as failed:
        client.json(get(f"http://{host}:{upstream.port}/"))
    client.close()
    assert failed.value.message.code == "http.denied_network"
    assert failed.value.message.params["address"].startswith("127.")
    assert upstream.asked == []


def test_a_name_that_resolves_to_a_denied_address_is_refused(monkeypatch):
    """The address connected to counts, so a name cannot be harmless when checked and denied when used."""
    real = socket.getaddrinfo

    def resolve(host, *args, **more):
        return real("127.0.0.1" if host == "harmless.example" else host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    client = HttpClient(deny=[ip_network("127.0.0.0/8")], limits=LIMITS)
    with answering(said({})) as upstream, pytest.raises(NeedsPerson) as failed:
        client.json(get(f"http://harmless.example:{upstream.port}/"))
    client.close()
    assert failed.value.message.code == "http.denied_network"
    assert failed.value.message.params["host"] == f"harmless.example:{upstream.port}"
    assert upstream.asked == []


class Resolver:
    """Answers for ``harmless.example`` with these addresses, one question after the other, the last one for ever."""

    def __init__(self, monkeypatch, *addresses):
        self.left, self.real = list(addresses), socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self)

    def __call__(self, host, *args, **more):
        if host == "harmless.example":
            host = self.left.pop(0) if len(self.left) > 1 else self.left[0]
        return self.real(host, *args, **more)


def test_a_name_that_changes_its_address_between_two_questions_is_refused(monkeypatch, sleeps):
    """Allowed and away at first, so that it is asked again; denied the second time."""
    resolver = Resolver(monkeypatch, "127.0.0.2", "127.0.0.1")
    client = HttpClient(deny=[ip_network("127.0.0.1/32")], limits=LIMITS, sleep=sleeps)
    with answering(said({})) as upstream, pytest.raises(NeedsPerson) as failed:
        client.json(get(f"http://harmless.example:{upstream.port}/"))
    client.close()
    assert (failed.value.message.code, len(sleeps)) == ("http.denied_network", 1)
    assert (resolver.left, upstream.asked) == (["127.0.0.1"], [])


def test_a_redirect_into_a_denied_network_is_refused(monkeypatch):
    """Within the host, whose name means something else by then."""

    def moved(asked):
        denied.append(ip_network("127.0.0.0/8"))
        return Answer(307, headers={"Location": "/there", "Connection": "close"})

    denied = []
    monkeypatch.setattr("apps.core.http._checked_socket", lambda sock, deny: _checked_socket(sock, denied))
    Resolver(monkeypatch, "127.0.0.1")
    client = HttpClient(limits=LIMITS)
    with answering(moved) as upstream, pytest.raises(NeedsPerson) as failed:
        client.json(get(f"http://harmless.example:{upstream.port}/"))
    client.close()
    assert failed.value.message.code == "http.denied_network"
    assert len(upstream.asked) == 1


class Reached:
    """A socket as far as it is looked at before anything is sent."""

    def __init__(self, address):
        self.address, self.closed = address, False

    def getpeername(self):
        return (self.address, 443)

    def close(self):
        self.closed = True


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "100.100.100.200",
        "fd00:ec2::254",
        "fe80::1%eth0",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
    ],
)
def test_metadata_services_are_denied_whatever_the_settings_say(address):
    sock = Reached(address)
    with pytest.raises(DeniedAddress):
        _checked_socket(sock, settings.OUTBOUND_DENY)
    assert sock.closed


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
)
def test_public_addresses_are_not(address):
    sock = Reached(address)
    assert _checked_socket(sock, tuple(map(ip_network, environment.METADATA_NETWORKS))) is sock
    assert not sock.closed


def test_other_networks_are_reached(client):
    http = HttpClient(deny=[ip_network("10.0.0.0/8"), ip_network("fe80::/10")], limits=LIMITS)
    with answering(said({"ok": 1})) as upstream:
        assert http.json(get(upstream.url)) == {"ok": 1}
    http.close()


# Pace


class Pace:
    def __init__(self, *waits):
        self.waits, self.asked = list(waits), []

    def reserve(self, interval, at_most=None):
        self.asked.append(interval)
        return self.waits.pop(0)


def test_every_request_takes_its_turn_retries_and_redirects_included(sleeps):
    pacer = Pace(0.0, 4.0, 5.0)
    client = HttpClient(limits=Limits(attempts=2, backoff=0.0), sleep=sleeps, pacer=pacer, interval=6.0)
    answers = (Answer(500), Answer(307, headers={"Location": "/b"}), said({"ok": 1}))
    with answering(*answers) as upstream:
        client.json(get(upstream.url))
        assert len(upstream.asked) == 3
        client.json(get(upstream.url), paced=False)
    client.close()
    assert pacer.asked == [6.0, 6.0, 6.0]
    assert [wait for wait in sleeps if wait] == [4.0, 5.0]


# Secrets


def everything_said(error):
    told = []
    while error is not None:
        told += [str(error), repr(error), repr(getattr(error, "message", ""))]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(told)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(400, f"bad sign {SECRET} access_token=abcdef".encode()),
        Answer(401, f'{{"appsecret": "{SECRET}"}}'.encode()),
        Answer(500),
        Answer(body=b"no json"),
        Answer(body=b"{", length=500),
        Answer(302, headers={"Location": f"http://other.example/?token={SECRET}"}),
        None,
    ],
)
def test_no_secret_in_any_log_line_or_error(answer, caplog, sleeps):
    caplog.set_level(logging.INFO)
    client = HttpClient(limits=LIMITS, sleep=sleeps, redactor=Redactor([SECRET]))
    with structlog.testing.capture_logs() as lines, answering(answer or Answer()) as upstream:
        url = upstream.url if answer else f"http://127.0.0.1:{free_port()}"
        with pytest.raises((TryLater, NeedsPerson)) as failed:
            client.json(
                post(
                    f"{url}/path",
                    params={"access_token": SECRET},
                    json={"s": SECRET},
                    headers={"Authorization": SECRET},
                ),
                judge=lambda body: None,
            )
    client.close()
    told = everything_said(failed.value) + str(lines) + caplog.text
    assert [line for line in lines if line["event"] == "upstream.call"]
    assert SECRET not in told
    assert "s3cret%2Fwith%2Bsigns" not in told
    assert "abcdef" not in told
