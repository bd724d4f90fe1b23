"""What all operations of the OpenAPI schema share: names, errors, and the header of repeatable writes."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from rest_framework.permissions import SAFE_METHODS

from .idempotency import IDEMPOTENCY_KEY, RepeatableWrites

_PLAIN = ("list", "create", "retrieve", "update", "partial_update", "destroy")
_ABOUT = {
    "problem": _("What went wrong (RFC 9457). “detail” is a sentence for a person, in the language of the request."),
    "errors": _("Sentences by field of the request."),
    "place": _("Its id."),
    "400": _("Something in the request is not right; “errors” says what, by field."),
    "401": _("Nobody is logged in, or the token is not valid."),
    "403": _("This person or token may not do that."),
    "404": _("There is none that you may see."),
    "409": _("Not possible as things are, or changed since the revision that you named; “detail” says why."),
    "422": _("This Idempotency-Key was used for another request."),
}


class Schema(AutoSchema):
    def get_description(self) -> str:  # type: ignore[override]
        """Only the text of ``extend_schema``; docstrings are for readers of the code."""
        return ""

    def get_operation_id(self) -> str:
        """``bills_submit``, not ``bills_submit_create``."""
        operation_id: str = super().get_operation_id()
        return operation_id if getattr(self.view, "action", "") in _PLAIN else operation_id.rpartition("_")[0]

    def get_override_parameters(self) -> list[Any]:
        repeatable = isinstance(self.view, RepeatableWrites) and self.method not in SAFE_METHODS
        return [IDEMPOTENCY_KEY] if repeatable else []


def with_problems(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Every operation with the errors it may answer: a hook of the schema's generator."""
    result["components"]["schemas"]["Problem"] = _problem()
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, item in result["paths"].items():
        for method, operation in item.items():
            for code in _codes(path, method, operation):
                operation["responses"][code] = {"description": str(_ABOUT[code]), "content": content}
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path":
                    parameter["description"] = str(_ABOUT["place"])
    return result


def _problem() -> dict[str, Any]:
    text = {"type": "string"}
    errors = {"type": "object", "additionalProperties": {}, "description": str(_ABOUT["errors"])}
    return {
        "type": "object",
        "description": str(_ABOUT["problem"]),
        "required": ["type", "title", "status"],
        "properties": {"type": text, "title": text, "status": {"type": "integer"}, "detail": text, "errors": errors},
        "example": {"type": "about:blank", "title": "Bad Request", "status": 400, "errors": {"vouch_no": ["…"]}},
    }


def _codes(path: str, method: str, operation: dict[str, Any]) -> list[str]:
    places = {parameter["in"] for parameter in operation.get("parameters", ())}
    codes = ["401", "403"]
    if "requestBody" in operation or "query" in places:
        codes.append("400")
    if "{" in path:
        codes.append("404")
    if method != "get":
        codes.append("409")
    if "header" in places:
        codes.append("422")
    return sorted(codes)
