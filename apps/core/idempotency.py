"""Repeatable writes over REST: with an ``Idempotency-Key`` the second request gets the response of the first one.

The key, the response and the write are one transaction. A repetition that arrives while the first request is running
waits at the unique constraint and then gets its response. A write that failed stores nothing, so its key is free again.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from .models import IdempotentResponse

STORED_FOR = timedelta(days=7)
_HEADER = "Idempotency-Key"
_LONGEST = 200

IDEMPOTENCY_KEY = OpenApiParameter(
    _HEADER,
    str,
    OpenApiParameter.HEADER,
    description=_("Any text of yours, new for each intent. Repeating a request with it gives the first answer again."),
)


class KeyTaken(APIException):
    """The key belongs to another request."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = _("This Idempotency-Key was used for another request. Use a new one.")


class _Repeated(APIException):
    """Ends the request with the stored response."""

    def __init__(self, stored: IdempotentResponse) -> None:
        super().__init__()
        self.stored = stored


class RepeatableWrites:
    """Mixin that goes before the base class of a viewset: all its writes honour the header."""

    _stored: IdempotentResponse | None = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        respond: Callable[..., Any] = super().dispatch  # type: ignore[misc]
        if request.method in SAFE_METHODS or _HEADER not in request.headers:
            return respond(request, *args, **kwargs)
        with transaction.atomic():
            response = respond(request, *args, **kwargs)
            if self._stored is None or response.status_code >= status.HTTP_300_MULTIPLE_CHOICES:
                transaction.set_rollback(self._stored is not None)
            else:
                self._stored.status = response.status_code
                self._stored.body = json.loads(json.dumps(response.data, cls=JSONEncoder))
                self._stored.save(update_fields=["status", "body"])
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        key = request.headers.get(_HEADER)
        if key is None or request.method in SAFE_METHODS:
            return
        if not 0 < len(key) <= _LONGEST:
            raise ValidationError({_HEADER: [_("Between 1 and 200 characters.")]})
        owner: Any = request.user  # the permissions exclude anonymous users
        digest = _digest(request)
        stored, new = IdempotentResponse.objects.get_or_create(user=owner, key=key, defaults={"request_digest": digest})
        if not new and stored.request_digest != digest:
            raise KeyTaken
        if not new:
            raise _Repeated(stored)
        self._stored = stored

    def handle_exception(self, error: Exception) -> Response:
        if isinstance(error, _Repeated):
            return Response(error.stored.body, error.stored.status, headers={"Idempotency-Replayed": "true"})
        response: Response = super().handle_exception(error)  # type: ignore[misc]
        return response


def _digest(request: Request) -> str:
    body = json.dumps(request.data, cls=JSONEncoder, sort_keys=True)
    return hashlib.sha256(f"{request.method} {request.get_full_path()}\n{body}".encode()).hexdigest()


def forget_old() -> int:
    """Delete the responses that have expired; returns their number."""
    return IdempotentResponse.objects.filter(created_at__lt=timezone.now() - STORED_FOR).delete()[0]
