"""REST errors as problem details (RFC 9457)."""

from typing import Any

from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from .errors import HubError


class Refused(APIException):
    """Understood, but not possible as things are: 409 with the sentence that says why."""

    status_code = status.HTTP_409_CONFLICT


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """Errors as ``application/problem+json``: title, status, detail, and ``errors`` by field where there are some.

    What a service refuses (HubError) is 409, or 400 when it blames fields; viewsets do not catch it.
    """
    if isinstance(error, HubError):
        fields = error.field_errors()
        error = ValidationError(fields) if fields else Refused(str(error))
    response = exception_handler(error, context)
    if response is None:
        return None
    body: dict[str, Any] = {"type": "about:blank", "title": response.status_text, "status": response.status_code}
    if isinstance(error, APIException) and isinstance(error.detail, str):
        body["detail"] = error.detail
    elif isinstance(response.data, dict) and set(response.data) == {"detail"}:
        body["detail"] = response.data["detail"]
    else:
        body["errors"] = response.data
    response.data = body
    response.content_type = "application/problem+json"
    return response
