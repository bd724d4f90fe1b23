"""A cache that lives as long as one request. Outside of requests nothing is cached."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

_Value = TypeVar("_Value")
_cache: ContextVar[dict[Any, Any] | None] = ContextVar("request_cache", default=None)


class RequestCacheMiddleware:
    """Gives every request a cache of its own. A streamed response is produced after the cache has ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _cache.set({})
        try:
            return self._get_response(request)
        finally:
            _cache.reset(token)


def once(key: Any, compute: Callable[[], _Value]) -> _Value:
    """The value of ``compute``, called once per request, outside of requests every time. Callers must not change it."""
    cache = _cache.get()
    if cache is None:
        return compute()
    if key not in cache:
        cache[key] = compute()
    value: _Value = cache[key]
    return value
