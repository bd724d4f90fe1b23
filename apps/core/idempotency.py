"""Writes over REST that may be repeated: with an ``Idempotency-Key`` the second request gets the first one's answer.

The key, the answer and what the write did are one transaction. A repetition that comes while the first is still at work
waits at the unique constraint and then gets its answer; a write that failed keeps nothing, so its key is free again.
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

KEPT_FOR = timedelta(days=7)
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
    """Carries the kept answer out of the middle of a request."""

    def __init__(self, kept: IdempotentResponse) -> None:
        super().__init__()
        self.kept = kept


class RepeatableWrites:
    """Mix into a viewset in front of its base: every write of it honours the header."""

    _kept: IdempotentResponse | None = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        respond: Callable[..., Any] = super().dispatch  # type: ignore[misc]
        if request.method in SAFE_METHODS or _HEADER not in request.headers:
            return respond(request, *args, **kwargs)
        with transaction.atomic():
            answer = respond(request, *args, **kwargs)
            if self._kept is None or answer.status_code >= status.HTTP_300_MULTIPLE_CHOICES:
                transaction.set_rollback(self._kept is not None)
            else:
                self._kept.status = answer.status_code
                self._kept.body = json.loads(json.dumps(answer.data, cls=JSONEncoder))
                self._kept.save(update_fields=["status", "body"])
        return answer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        key = request.headers.get(_HEADER)
        if key is None or request.method in SAFE_METHODS:
            return
        if not 0 < len(key) <= _LONGEST:
            raise ValidationError({_HEADER: [_("Between 1 and 200 characters.")]})
        owner: Any = request.user  # the views let nobody in who is not known
        digest = _digest(request)
        kept, new = IdempotentResponse.objects.get_or_create(user=owner, key=key, defaults={"request_digest": digest})
        if not new and kept.request_digest != digest:
            raise KeyTaken
        if not new:
            raise _Repeated(kept)
        self._kept = kept

    def handle_exception(self, error: Exception) -> Response:
        if isinstance(error, _Repeated):
            return Response(error.kept.body, error.kept.status, headers={"Idempotency-Replayed": "true"})
        answer: Response = super().handle_exception(error)  # type: ignore[misc]
        return answer


def _digest(request: Request) -> str:
    said = json.dumps(request.data, cls=JSONEncoder, sort_keys=True)
    return hashlib.sha256(f"{request.method} {request.get_full_path()}\n{said}".encode()).hexdigest()


def forget_old() -> int:
    """Drop the answers nobody will ask for again; how many."""
    return IdempotentResponse.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()[0]
