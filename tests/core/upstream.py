"""A small HTTP server that answers as scripted by a test, for faults that the sandbox does not have."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec


@dataclass
class Asked:
    """A received request."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return msgspec.json.decode(self.body) if self.body else {}


@dataclass
class Answer:
    """``length`` overrides Content-Length; ``pieces`` are sent one by one with ``pause`` seconds before each."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    pieces: list[bytes] | None = None
    pause: float = 0.0


def said(value: Any, status: int = 200, **headers: str) -> Answer:
    """A JSON answer; header names are written with underscores."""
    return Answer(status, msgspec.json.encode(value), {name.replace("_", "-"): text for name, text in headers.items()})


class Upstream:
    """A server whose ``answer`` builds an Answer from an Asked; ``requests`` lists the received requests."""

    def __init__(self, answer: Callable[[Asked], Answer]) -> None:
        self.answer = answer
        self.requests: list[Asked] = []
        self.stopping = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.upstream = self
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> "Upstream":
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def answering(*answers: Answer | Callable[[Asked], Answer]) -> Iterator[Upstream]:
    """A server that gives these answers in order and repeats the last one."""
    left = list(answers)

    def next_one(request: Asked) -> Answer:
        chosen = left.pop(0) if len(left) > 1 else left[0]
        return chosen if isinstance(chosen, Answer) else chosen(request)

    with Upstream(next_one) as upstream:
        yield upstream


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    upstream: Upstream

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that close the connection, as many tests do."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _serve(self) -> None:
        upstream = self.server.upstream
        address = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        received = Asked(self.command, address.path, dict(parse_qsl(address.query)), dict(self.headers), body)
        upstream.requests.append(received)
        answer = upstream.answer(received)
        pieces = answer.pieces if answer.pieces is not None else [answer.body]
        length = answer.length if answer.length is not None else sum(map(len, pieces))
        self.send_response(answer.status)
        for name, value in {"Content-Length": str(length), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        for piece in pieces:
            if answer.pause:
                upstream.stopping.wait(answer.pause)
            self.wfile.write(piece)
            self.wfile.flush()
        if length > sum(map(len, pieces)):
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True

    do_GET = do_POST = _serve  # noqa: N815 - the names http.server looks for

    def log_message(self, *args: Any) -> None:
        """Quiet."""
