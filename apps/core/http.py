"""The one HTTP client that all connectors use.

It contains nothing of any vendor: timeouts, bounded retries with jitter for requests that are safe to repeat,
Retry-After, pacing, size limits, redirects, denied networks and redaction. Every attempt builds its request anew
(``build``), because signed requests contain the time and some vendors reject a signature they have seen.
"""

import random
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

import requests
import structlog
from urllib3.exceptions import HTTPError as TransportError
from urllib3.exceptions import NameResolutionError, NewConnectionError

from .decoding import decode_json
from .errors import Intent, NeedsPerson, OutcomeUnknown, TryLater, UpstreamError
from .guard import GuardedAdapter, Network, denied_within
from .redaction import Redactor

log = structlog.get_logger(__name__)

_RETRIED_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
_UNDONE_STATUSES = frozenset({425, 429, 503})  # nothing was processed; after other failures the outcome is unknown
_NOTHING_SENT = frozenset({"http.unreachable", "http.denied_network", "http.certificate", "http.bad_address"})
_UNHEARD = {"http.timeout": "http.unknown_timeout", "http.cut_off": "http.unknown_cut_off"}
_MAX_REDIRECTS = 3
_LONGEST_RETRY_AFTER = 7 * 86_400.0


class Pacer(Protocol):
    """Keeps the distance between two requests to one source, across processes and restarts."""

    def reserve(self, interval: float, at_most: float | None = None) -> float | None:
        """Claim the next free moment; seconds to wait for it, or None (nothing claimed) if that is over ``at_most``."""


@dataclass(frozen=True)
class Limits:
    """Seconds and bytes; the defaults suit vendors that answer a page of 100 records within a minute."""

    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    total_timeout: float = 180.0
    max_bytes: int = 32 * 1024 * 1024
    attempts: int = 4
    backoff: float = 0.5
    longest_wait: float = 60.0  # a longer Retry-After ends the run instead of blocking a worker


@dataclass(frozen=True)
class Request:
    """What one attempt sends. ``form`` is sent URL-encoded, ``json`` as a JSON body; at most one of the two."""

    method: str
    url: str
    params: Mapping[str, str] | None = None
    form: Mapping[str, str] | None = None
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    read_timeout: float | None = None


@dataclass(frozen=True)
class Reply:
    """A complete answer: status, lower-cased headers, whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON, numbers with a fraction as Decimal. Raises TryLater naming what came instead."""
        return decode_json(self.body)


@dataclass
class Exchange:
    """One request and its reply, secrets included: redact before storing. ``reply`` is None when none arrived."""

    request: Request
    status: int = 0
    reply: bytes | None = None


class HttpClient:
    """The client of one source. Not thread-safe; make one per run. ``last`` is the latest exchange.

    ``interval`` seconds are kept between requests through ``pacer``; ``checkpoint`` is called before every attempt and
    may raise to stop the run.
    """

    def __init__(
        self,
        *,
        deny: Iterable[Network] = (),
        pacer: Pacer | None = None,
        interval: float = 0.0,
        redactor: Redactor | None = None,
        limits: Limits | None = None,
        checkpoint: Callable[[], None] = lambda: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.limits = limits or Limits()
        self.redactor = redactor or Redactor()
        self.last: Exchange | None = None
        self._pacer, self._interval = pacer, interval
        self._checkpoint, self._sleep = checkpoint, sleep
        self._session = _Session()
        self._session.trust_env = False  # neither proxies nor .netrc from the environment
        adapter = GuardedAdapter(tuple(deny))
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def close(self) -> None:
        self._session.close()

    def json(
        self,
        build: Callable[[], Request],
        *,
        safe: bool = True,
        judge: Callable[[Any], None] = lambda reply: None,
        paced: bool = True,
    ) -> Any:
        """Send, decode JSON, let ``judge`` raise on the vendor's own error codes; retry what is ``safe`` to repeat.

        Raises TryLater when attempts are used up, NeedsPerson at once.
        """

        def attempt() -> Any:
            reply = self._exchange(build(), paced)
            body = reply.json()
            judge(body)
            return body

        return self._retried(attempt, safe)

    def write(self, build: Callable[[], Request], *, judge: Callable[[Any], None] = lambda reply: None) -> Any:
        """Send, once, a request that changes something upstream; returns the reply as JSON.

        Raises TryLater only when the request certainly had no effect, OutcomeUnknown when it was sent and no
        intelligible reply arrived, and what ``judge`` raises for the vendor's own error codes.
        """
        request = build()
        self.last = None  # an earlier exchange, such as a login, says nothing about this one
        try:
            body = self._exchange(request, True, self._checkpoint).json()
        except UpstreamError as error:
            outcome = self._outcome(error)
            raise outcome from (None if outcome is error else error)
        judge(body)
        return body

    def _outcome(self, error: UpstreamError) -> UpstreamError:
        """The error a failed ``write`` raises: the same one when the request certainly had no effect upstream."""
        code = error.message.code
        if code in _NOTHING_SENT or self.last is None:
            return error
        host, status = _host(self.last.request.url), self.last.status
        if code in _UNHEARD:
            return OutcomeUnknown(_UNHEARD[code], host=host)
        if status < 400:
            return OutcomeUnknown("http.unknown_answer", host=host)
        if status in _RETRIED_STATUSES - _UNDONE_STATUSES:
            return OutcomeUnknown("http.unknown_status", host=host, status=status)
        return error

    def send(self, build: Callable[[], Request], *, safe: bool = True, paced: bool = True) -> Reply:
        """Like ``json`` for answers that are not JSON."""
        return self._retried(lambda: self._exchange(build(), paced), safe)

    def _retried(self, attempt: Callable[[], Any], safe: bool) -> Any:
        last = self.limits.attempts if safe else 1
        for number in range(1, last + 1):
            self._checkpoint()
            try:
                return attempt()
            except TryLater as error:
                wait = error.retry_after
                if wait is None:
                    wait = self.limits.backoff * 2 ** (number - 1) * random.uniform(0.5, 1.5)  # noqa: S311 - jitter
                if number == last or wait > self.limits.longest_wait:
                    raise
                log.info("upstream.retry", code=error.message.code, attempt=number, wait=round(wait, 2))
                self._sleep(wait)
        raise AssertionError("unreachable")

    def _exchange(self, request: Request, paced: bool, last_look: Callable[[], None] = lambda: None) -> Reply:
        """``last_look`` is called after waiting for the pace, and may raise when it is too late to send."""
        url, params = request.url, request.params
        for _ in range(_MAX_REDIRECTS + 1):
            if paced and self._pacer is not None and self._interval > 0:
                wait = self._pacer.reserve(self._interval)
                if wait:
                    self._sleep(wait)
            last_look()
            reply = self._once(request, url, params)
            if reply.status not in (301, 302, 303, 307, 308):
                return self._checked(reply)
            url, params = self._redirect_target(url, reply), None  # the new address is complete
        raise NeedsPerson("http.redirect_loop", host=_host(url))

    def _redirect_target(self, url: str, reply: Reply) -> str:
        """Where to ask again: only the same host, as well protected, with the same method and body."""
        try:
            target = urljoin(url, reply.headers.get("location", ""))
        except ValueError:
            target = ""
        unprotected = url.lower().startswith("https:") and not target.lower().startswith("https:")
        if reply.status not in (307, 308) or _host(target) != _host(url) or unprotected:
            shown_target = _host(self.redactor.excerpt(target, 500))[:80]
            raise NeedsPerson("http.redirect", host=_host(url), target=shown_target)
        return target

    def _once(self, request: Request, url: str, params: Mapping[str, str] | None) -> Reply:
        started = time.monotonic()
        host, status, size = _host(url), 0, 0
        self.last = Exchange(request)
        try:
            with self._session.request(
                request.method,
                url,
                params=params,
                data=request.form,
                json=request.json,
                headers=dict(request.headers),
                timeout=(self.limits.connect_timeout, request.read_timeout or self.limits.read_timeout),
                allow_redirects=False,
                stream=True,
            ) as response:
                status = self.last.status = response.status_code
                body = self._read(response, host, started, request.read_timeout)
                size, self.last.reply = len(body), body
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Reply(status, headers, body)
        except (requests.RequestException, TransportError, OSError, ValueError) as error:
            raise _transport_trouble(error, host) from None  # its own text holds the address with all its parameters
        finally:
            seconds = round(time.monotonic() - started, 3)
            path = self.redactor.excerpt(_path(url))
            log.info("upstream.call", host=host, path=path, status=status, bytes=size, seconds=seconds)

    def _read(self, response: requests.Response, host: str, started: float, longer: float | None) -> bytes:
        limit, chunks, size = self.limits.max_bytes, [], 0
        deadline = started + self.limits.total_timeout + (longer or 0)
        # read1 hands over what has arrived, so that a body that trickles in cannot outlast the deadline.
        while chunk := response.raw.read1(64 * 1024, decode_content=True):
            size += len(chunk)
            if size > limit:
                raise NeedsPerson("http.too_large", host=host, megabytes=limit // (1024 * 1024))
            if time.monotonic() > deadline:
                raise TryLater("http.timeout", host=host)
            chunks.append(chunk)
        return b"".join(chunks)

    def _checked(self, reply: Reply) -> Reply:
        if reply.status < 400:
            return reply
        text = self.redactor.excerpt(reply.body.decode("utf-8", "replace"))
        if reply.status in _RETRIED_STATUSES:
            code = "http.too_many" if reply.status == 429 else "http.server_error"
            raise TryLater(code, retry_after=_retry_after(reply.headers), status=reply.status)
        if reply.status in (401, 403):
            raise NeedsPerson("http.refused", Intent.CREDENTIALS, status=reply.status, text=text)
        raise NeedsPerson("http.status", Intent.BAD_REQUEST, status=reply.status, text=text)


class _Session(requests.Session):
    """Leaves redirects to us; its own look at them reads the whole body first, without any limit."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


def _transport_trouble(error: Exception, host: str) -> UpstreamError:
    denied = denied_within(error)
    if denied is not None:
        return NeedsPerson("http.denied_network", host=host, address=denied.address)
    if isinstance(error, requests.exceptions.SSLError):
        return NeedsPerson("http.certificate", host=host)
    if isinstance(error, ValueError):  # InvalidURL, MissingSchema, InvalidSchema, and what urlsplit says
        return NeedsPerson("http.bad_address", address=host)
    if isinstance(error, requests.ConnectTimeout) or _never_connected(error):
        return TryLater("http.unreachable", host=host)
    if isinstance(error, requests.Timeout) or "timed out" in str(error):
        return TryLater("http.timeout", host=host)
    return TryLater("http.cut_off", host=host)


def _never_connected(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, (NewConnectionError, NameResolutionError)):
            return True
        inner = next((a for a in error.args if isinstance(a, BaseException)), None)
        error = getattr(error, "reason", None) or error.__cause__ or inner
    return False


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds from a Retry-After header, which may be a number or an HTTP date; None when absent or unreadable."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    try:
        seconds = float(value) if value.isdecimal() else parsedate_to_datetime(value).timestamp() - time.time()
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(0.0, seconds), _LONGEST_RETRY_AFTER)


def _host(url: str) -> str:
    """Host and port for people and for comparing; what was given, without its query, when it is no address."""
    with suppress(ValueError):
        parts = urlsplit(url)
        if parts.hostname:
            return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    return url.partition("?")[0]


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
