"""Keyset pagination for REST: page 10 000 costs the same as page 1, also when many rows share a timestamp."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from . import keyset

NEWEST_FIRST = keyset.Order(field=None)


class CursorPages(BasePagination):
    """Newest first by id, unless the view's ``keyset_order(request)`` says otherwise. ``page_size`` up to 1000."""

    cursor_query_param = "cursor"
    page_size_query_param = "page_size"
    page_size = 100
    max_page_size = 1000

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        """Raises ValidationError for an invalid cursor or page size."""
        choose = getattr(view, "keyset_order", None)
        self.order = choose(request) if choose else NEWEST_FIRST
        self.url = request.build_absolute_uri()
        after, before = self._position(request.query_params.get(self.cursor_query_param, ""))
        self.page: keyset.Page[Any] = keyset.page(queryset, self.order, self._size(request), after, before)
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "next": self._link(">", self.page.next),
                "previous": self._link("<", self.page.previous),
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {
                "name": self.cursor_query_param,
                "in": "query",
                "required": False,
                "description": force_str(gettext_lazy("Taken from the links “next” and “previous”.")),
                "schema": {"type": "string"},
            },
            {
                "name": self.page_size_query_param,
                "in": "query",
                "required": False,
                "description": force_str(gettext_lazy("Rows on a page.")),
                "schema": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": self.max_page_size,
                    "default": self.page_size,
                },
            },
        ]

    def _size(self, request: Request) -> int:
        size = request.query_params.get(self.page_size_query_param)
        if size is None:
            return self.page_size
        if not (size.isascii() and size.isdecimal() and len(size) < 6 and 1 <= int(size) <= self.max_page_size):
            most = {"most": self.max_page_size}
            raise ValidationError({self.page_size_query_param: [_("A whole number from 1 to %(most)s.") % most]})
        return int(size)

    def _link(self, direction: str, position: str | None) -> str | None:
        if position is None:
            return None
        cursor = urlsafe_b64encode(f"{direction}{self.order.field or ''}:{position}".encode()).decode()
        return replace_query_param(self.url, self.cursor_query_param, cursor)

    def _position(self, cursor: str) -> tuple[str, str]:
        """The positions to start after and to end before; at most one is set."""
        if not cursor:
            return "", ""
        try:
            head, _colon, position = urlsafe_b64decode(cursor.encode()).decode().partition(":")
        except (binascii.Error, UnicodeError):
            head, position = "", ""
        direction, field = head[:1], head[1:]
        if (
            direction not in ("<", ">")
            or field != (self.order.field or "")
            or not keyset.readable(position, self.order)
        ):
            raise ValidationError({self.cursor_query_param: [_("Take cursors from the links, for the same query.")]})
        return (position, "") if direction == ">" else ("", position)
