"""What one request asked once: kept until its answer is made, never longer, and nowhere outside a request."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

_Answer = TypeVar("_Answer")
_remembered: ContextVar[dict[Any, Any] | None] = ContextVar("remembered", default=None)


class RequestCacheMiddleware:
    """Gives every request a memory of its own. A streamed answer is made after it is gone, and asks anew."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _remembered.set({})
        try:
            return self._get_response(request)
        finally:
            _remembered.reset(token)


def once(key: Any, ask: Callable[[], _Answer]) -> _Answer:
    """What ``ask`` says, asked once a request; outside of one, every time. Must not be changed by who gets it."""
    held = _remembered.get()
    if held is None:
        return ask()
    if key not in held:
        held[key] = ask()
    answer: _Answer = held[key]
    return answer
