"""Redirects and denied networks."""

import socket
from ipaddress import ip_network

import pytest
from django.conf import settings

from apps.core.errors import NeedsPerson
from apps.core.guard import DeniedAddress, _checked_socket
from apps.core.http import HttpClient
from invoicehub import environment
from tests.core.upstream import Answer, answering, said

from .asking import LIMITS, get, post

# Redirects


def test_a_redirect_within_the_host_keeps_method_and_body(client):
    with answering(Answer(307, headers={"Location": "/there?kept=1"}), said({"ok": 1})) as upstream:
        assert client.json(post(upstream.url + "/here", params={"token": "t"}, json={"a": 1})) == {"ok": 1}
    first, second = upstream.requests
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
        assert other.requests == []


@pytest.mark.parametrize("location", ["//evil.example/x", "http://[broken", "", "https://127.0.0.1:1/"])
def test_invalid_redirects_need_a_person(client, location):
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
    assert len(upstream.requests) == 4


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
def test_a_denied_address_is_refused_in_every_notation(host, network):
    client = HttpClient(deny=[ip_network(network)], limits=LIMITS)
    with answering(said({})) as upstream, pytest.raises(NeedsPerson) as failed:
        client.json(get(f"http://{host}:{upstream.port}/"))
    client.close()
    assert failed.value.message.code == "http.denied_network"
    assert failed.value.message.params["address"].startswith("127.")
    assert upstream.requests == []


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
    assert upstream.requests == []


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
    assert (resolver.left, upstream.requests) == (["127.0.0.1"], [])


def test_a_redirect_into_a_denied_network_is_refused(monkeypatch):
    """Within the host, whose name means something else by then."""

    def moved(request):
        denied.append(ip_network("127.0.0.0/8"))
        return Answer(307, headers={"Location": "/there", "Connection": "close"})

    denied = []
    monkeypatch.setattr("apps.core.guard._checked_socket", lambda sock, deny: _checked_socket(sock, denied))
    Resolver(monkeypatch, "127.0.0.1")
    client = HttpClient(limits=LIMITS)
    with answering(moved) as upstream, pytest.raises(NeedsPerson) as failed:
        client.json(get(f"http://harmless.example:{upstream.port}/"))
    client.close()
    assert failed.value.message.code == "http.denied_network"
    assert len(upstream.requests) == 1


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
def test_public_addresses_are_not_denied(address):
    sock = Reached(address)
    assert _checked_socket(sock, tuple(map(ip_network, environment.METADATA_NETWORKS))) is sock
    assert not sock.closed


def test_other_networks_are_reached(client):
    http = HttpClient(deny=[ip_network("10.0.0.0/8"), ip_network("fe80::/10")], limits=LIMITS)
    with answering(said({"ok": 1})) as upstream:
        assert http.json(get(upstream.url)) == {"ok": 1}
    http.close()
