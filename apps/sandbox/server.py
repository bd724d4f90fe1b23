"""All five systems behind one threaded HTTP/1.1 server, each under its own prefix, with control endpoints beside them.

``with running(invoices=…, seed=…, **settings) as sandbox`` starts it in this process. ``/_sandbox/`` accepts faults and
changes and returns the journal and the books; it is unprotected, because the sandbox has no real data.
"""

import random
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from apps.sandbox import sources as source_list
from apps.sandbox.books import Books
from apps.sandbox.checker import Checker
from apps.sandbox.etax import Etax
from apps.sandbox.faults import AFTER, BEFORE, RANDOM_AFTER, RANDOM_BEFORE, Fault, Faults
from apps.sandbox.maycur import Maycur
from apps.sandbox.piaozone import Piaozone
from apps.sandbox.settings import Settings
from apps.sandbox.shopex import Shopex
from apps.sandbox.truth.invoices import SHANGHAI
from apps.sandbox.wire import Reply, Request, System, json_reply
from apps.sandbox.world import World

JOURNAL_LENGTH = 20_000
HUGE = 50 * 1024 * 1024
LOGIN_PAGE = "<!DOCTYPE html><html><head><title>统一身份认证</title></head><body>请先登录</body></html>".encode()


class Sandbox:
    """The running sandbox. ``settings`` may be changed while it runs; ``journal``: the latest requests;
    ``books``: their effects."""

    def __init__(self, world: World, settings: Settings, host: str = "127.0.0.1", port: int = 0) -> None:
        self.world, self.settings, self.faults = world, settings, Faults()
        self.books = Books(world)
        kinds: tuple[type[System], ...] = (Checker, Shopex, Etax, Maycur, Piaozone)
        self.systems = {kind.name: kind(world, settings, self.books) for kind in kinds}
        self._journal: deque[dict[str, Any]] = deque(maxlen=JOURNAL_LENGTH)
        self._last_request: dict[str, float] = {}
        self._last_page: dict[tuple[str, str], Reply] = {}
        self._lock = threading.Lock()
        self._chances = {name: random.Random(f"{world.seed}/failing/{name}") for name in self.systems}
        self.stopping = threading.Event()
        self._server = _Server((host, port), self)
        self.url = f"http://{host}:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), name="sandbox", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Close all connections and end all threads, blocked ones included."""
        self.stopping.set()
        for system in self.systems.values():
            system.stopping.set()
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()

    def sources(self) -> list[dict[str, Any]]:
        """The sources in the format of ``import_sources``."""
        return source_list.sources(self.url, self.world)

    def companies(self) -> list[dict[str, Any]]:
        return self.world.companies()

    @property
    def journal(self) -> list[dict[str, Any]]:
        return list(self._journal)

    def fault(self, system: str, fault: str, times: int = 1, after: int = 0, call: str = "", **answer: str) -> None:
        """Arm a fault; see ``faults.Fault``."""
        self.faults.arm(Fault(system, fault, times, after, call, **answer))

    def change(self, seed: int = 1, count: int = 20) -> dict[str, int]:
        """Let ``count`` changes happen in the world."""
        with self._lock:
            return self.world.change(seed, count)

    def summary(self) -> dict[str, Any]:
        """Number of rows per system, and of documents."""
        world = self.world
        return {
            "invoices": len(world.invoices),
            "seed": world.seed,
            "today": world.today.isoformat(),
            "version": world.version,
            "rows": {
                "checker": len(world.checker_feed),
                "shopex": {"invoices": len(world.shopex_by_issue), "results": len(world.shopex_results)},
                "etax": {ticking: len(listed) for ticking, listed in sorted(world.etax_lists.items())},
                "maycur": {"free": len(world.maycur_free), "linked": sum(map(len, world.maycur_forms.values()))},
                "piaozone": {"invoices": len(world.by_serial), "bills": len(world.bills)},
            },
            "faults": self.faults.armed(),
        }

    def answer(self, system: System, request: Request) -> tuple[Reply, str]:
        """The reply, and the fault to apply to the connection ('' for none)."""
        started = time.time()
        reply, broken = self._suffered(system, request)
        self._journal.append(
            {
                "system": system.name,
                "call": request.call or request.path,
                "at": datetime.fromtimestamp(started, SHANGHAI).isoformat(timespec="milliseconds"),
                "ms": round((time.time() - started) * 1000, 1),
                "parameters": request.asked,
                "status": reply.status,
                "outcome": broken or reply.outcome,
            }
        )
        return reply, broken

    def _suffered(self, system: System, request: Request) -> tuple[Reply, str]:
        name = system.name
        if self._too_fast(name):
            return system.too_fast(), ""
        request.fault = lambda fault: self.faults.take(name, fault, request.call)
        unlucky = self._by_chance(name)
        armed = (fault for fault in BEFORE if self.faults.take(name, fault, request.path))
        struck = unlucky if unlucky in BEFORE else next(armed, "")
        if struck:
            return self._instead(struck), struck
        reply = system.handle(request)
        page = (name, request.call)
        for fault in AFTER:
            earlier = self._last_page.get(page)
            if fault == "repeated_page" and (not reply.page or earlier is None):
                continue
            if fault == unlucky or self.faults.take(name, fault, request.call):
                return (earlier, fault) if fault == "repeated_page" and earlier else (self._spoilt(reply, fault), fault)
        if reply.page:
            self._last_page[page] = reply
        return reply, ""

    def _by_chance(self, name: str) -> str:
        """The random fault of this call according to ``Settings.failing``; '' for none."""
        share = self.settings.failing.get(name, 0)
        if not share:
            return ""
        with self._lock:
            chance = self._chances[name]
            return chance.choice((*RANDOM_BEFORE, *RANDOM_AFTER)) if chance.random() < share else ""

    def _too_fast(self, name: str) -> bool:
        now, pace = time.monotonic(), self.settings.pace.get(name, 0)
        with self._lock:
            if pace and now - self._last_request.get(name, -pace) < pace:
                return True
            self._last_request[name] = now
        return False

    def _instead(self, fault: str) -> Reply:
        if fault == "http_500":
            return Reply(500, b"Internal Server Error", "text/plain")
        if fault == "http_429":
            return Reply(429, b"Too Many Requests", "text/plain", {"Retry-After": f"{self.settings.retry_after:g}"})
        if fault == "timeout":
            self.stopping.wait(self.settings.hang)
        return Reply(200, LOGIN_PAGE, "text/html;charset=UTF-8")

    def _spoilt(self, reply: Reply, fault: str) -> Reply:
        if fault == "bad_json":
            return Reply(reply.status, reply.body[: len(reply.body) * 2 // 3] + b"<<<", reply.content_type)
        if fault == "failed_after":
            return Reply(500, b"Internal Server Error", "text/plain")
        if fault == "slow":
            self.stopping.wait(self.settings.slow)
        return reply

    def control(self, request: Request) -> Reply:
        """The endpoints below ``/_sandbox``."""
        asked, what = request.json(), (request.method, request.path)
        try:
            if what == ("POST", "/faults"):
                self.faults.arm(msgspec.convert(asked, Fault))
                return json_reply(self.faults.armed())
            if what == ("DELETE", "/faults"):
                self.faults.clear()
                return json_reply([])
            if what == ("GET", "/journal"):
                system = request.query.get("system")
                return json_reply([line for line in self.journal if not system or line["system"] == system])
            if what == ("GET", "/books"):
                return json_reply(self.books.snapshot())
            if what == ("GET", "/summary"):
                return json_reply(self.summary())
            if what == ("POST", "/change"):
                return json_reply(self.change(int(asked.get("seed", 1)), int(asked.get("count", 20))))
        except (ValueError, TypeError, msgspec.ValidationError) as error:
            return json_reply({"error": str(error)}, status=400)
        return json_reply({"error": "no such endpoint"}, status=404)


class _Server(ThreadingHTTPServer):
    """Keeps its connections, so that stopping closes them and leaves no thread."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        with self._open_lock:
            for connection in self._open:
                _hang_up(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log errors, except connections closed by the caller."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # closed by the other side already


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    server: _Server

    def _respond(self) -> None:
        address = urlsplit(self.path)
        prefix, _, rest = address.path.removeprefix("/").partition("/")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(
            method=self.command,
            path=f"/{rest}",
            query=dict(parse_qsl(address.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )
        sandbox = self.server.sandbox
        system = sandbox.systems.get(prefix)
        if system:
            self._send(*sandbox.answer(system, request))
        elif prefix == "_sandbox":
            self._send(sandbox.control(request), "")
        else:
            self._send(json_reply({"error": "no such system"}, status=404), "")

    do_GET = do_POST = do_DELETE = do_PUT = _respond  # noqa: N815 - names the base class looks for

    def _send(self, reply: Reply, broken: str) -> None:
        if broken in ("timeout", "lost_reply"):
            self._drop()
            return
        length = HUGE if broken == "huge_body" else len(reply.body)
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(length))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if broken == "huge_body":
            block = b" " * (64 * 1024)
            for _ in range(HUGE // len(block)):
                self.wfile.write(block)
        elif broken == "cut_body":
            self.wfile.write(reply.body[: len(reply.body) // 2])
            self.wfile.flush()
            self._drop()
        else:
            self.wfile.write(reply.body)

    def _drop(self) -> None:
        self.close_connection = True
        _hang_up(self.connection)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Log nothing; the journal has the requests."""


@contextmanager
def running(
    invoices: int = 400, seed: int = 1, today: date | None = None, crowd: int = 0, **settings: Any
) -> Iterator[Sandbox]:
    """A running sandbox on a free local port, stopped on exit. ``settings``: fields of ``Settings``."""
    unknown = set(settings) - {one.name for one in fields(Settings)}
    if unknown:
        raise TypeError(f"unknown settings: {', '.join(sorted(unknown))}")
    sandbox = Sandbox(World(invoices, seed, today, crowd), Settings(**settings))
    sandbox.start()
    try:
        yield sandbox
    finally:
        sandbox.stop()
