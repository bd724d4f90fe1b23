"""Answers of a server: valid, invalid, truncated, late, too large."""

import gzip
import time
from decimal import Decimal

import msgspec
import pytest

from apps.core.decoding import UNREADABLE, decode_json
from apps.core.errors import NeedsPerson, TryLater
from tests.core.upstream import Answer, answering, said

from .asking import LIMITS, SECRET, free_port, get, post

# What arrives


def test_amounts_arrive_exactly(client):
    body = b'\xef\xbb\xbf{"amount": 0.10, "big": 1234567890123.45, "number": 26512000000554908399, "e": 1e2}'
    with answering(Answer(body=body)) as upstream:
        decoded = client.json(get(upstream.url))
    assert decoded == {
        "amount": Decimal("0.10"),
        "big": Decimal("1234567890123.45"),
        "number": 26512000000554908399,
        "e": Decimal(100),
    }
    assert str(decoded["amount"]) == "0.10"
    assert not any(isinstance(value, float) for value in decoded.values())


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
def test_an_invalid_value_does_not_lose_the_page(spoilt, kept):
    decoded = decode_json(b'\xef\xbb\xbf [{"amount": 0.10}, {"amount": ' + spoilt + b"}]")
    assert decoded == [{"amount": Decimal("0.10")}, {"amount": kept}]
    msgspec.json.encode(decoded).decode()  # what is kept can be stored


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
def test_an_answer_that_is_not_json_is_described(body, code):
    with pytest.raises(TryLater) as failed:
        decode_json(body)
    assert failed.value.message.code == code


def test_a_web_page_instead_of_data_is_retried_and_then_reported(client, sleeps):
    with answering(Answer(body=b"<html>login</html>")) as upstream, pytest.raises(TryLater) as failed:
        client.json(get(upstream.url))
    assert failed.value.message.code == "http.html_page"
    assert len(upstream.requests) == LIMITS.attempts


def test_form_query_and_headers_go_out_as_given(client):
    with answering(said({})) as upstream:
        client.json(post(upstream.url + "/a", params={"q": "值+1"}, form={"content": "a+b/c="}, headers={"X-One": "1"}))
    (request,) = upstream.requests
    assert request.query == {"q": "值+1"}
    assert request.body == b"content=a%2Bb%2Fc%3D"
    assert request.headers["X-One"] == "1"


# What breaks


def test_a_silent_server_times_out(client):
    with answering(Answer(pieces=[b"{}"], pause=3)) as upstream, pytest.raises(TryLater) as failed:
        client.json(get(upstream.url), safe=False)
    assert failed.value.message.code == "http.timeout"
    assert failed.value.message.params == {"host": f"127.0.0.1:{upstream.port}"}


def test_a_longer_read_timeout_can_be_set(client):
    with answering(Answer(pieces=[b'{"ok": 1}'], pause=0.8)) as upstream:
        assert client.json(get(upstream.url, read_timeout=3.0), safe=False) == {"ok": 1}


def test_a_slow_body_is_ended_by_the_total_timeout(client):
    started = time.monotonic()
    drip = Answer(pieces=[b" "] * 100, pause=0.1)
    with answering(drip) as upstream, pytest.raises(TryLater) as failed:
        client.json(get(upstream.url), safe=False)
    assert failed.value.message.code == "http.timeout"
    assert time.monotonic() - started < 9  # the whole body takes ten


@pytest.mark.parametrize(
    "cut",
    [
        Answer(body=b'{"a": 1', length=500),
        Answer(pieces=[b'5\r\n{"a"\r\n'], headers={"Transfer-Encoding": "chunked"}, length=500),
    ],
)
def test_a_truncated_body_is_retried(client, cut):
    if "Transfer-Encoding" in cut.headers:
        cut.headers["Content-Length"] = ""
    with answering(cut, said({"ok": 1})) as upstream:
        assert client.json(get(upstream.url)) == {"ok": 1}
    with answering(cut) as upstream, pytest.raises(TryLater) as failed:
        client.json(get(upstream.url))
    assert failed.value.message.code == "http.cut_off"


def test_an_invalid_gzip_body_counts_as_truncated(client):
    with (
        answering(Answer(body=b"not gzip", headers={"Content-Encoding": "gzip"})) as upstream,
        pytest.raises(TryLater) as failed,
    ):
        client.json(get(upstream.url), safe=False)
    assert failed.value.message.code == "http.cut_off"


def test_a_refused_connection(client):
    with pytest.raises(TryLater) as failed:
        client.json(get(f"http://127.0.0.1:{free_port()}/x?token={SECRET}"), safe=False)
    assert failed.value.message.code == "http.unreachable"


@pytest.mark.parametrize(
    "url",
    ["", "ftp://example.com/", "http://", "http://[::1/", "example.com/path", "http://a:b/", "http://①②⑦.0.0.1/"],
)
def test_an_invalid_url_needs_a_person(client, url):
    with pytest.raises(NeedsPerson) as failed:
        client.json(get(url))
    assert failed.value.message.code == "http.bad_address"


# How much


def test_a_body_over_the_limit_is_refused_and_not_retried(client):
    with answering(Answer(body=b"x" * 100_001)) as upstream, pytest.raises(NeedsPerson) as failed:
        client.send(get(upstream.url))
    assert failed.value.message.code == "http.too_large"
    assert len(upstream.requests) == 1


def test_a_body_of_exactly_the_limit_is_accepted(client):
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
