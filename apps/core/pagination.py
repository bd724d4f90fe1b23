"""Pages by key, for REST."""

from typing import Any

from rest_framework.pagination import CursorPagination


class CursorPages(CursorPagination):
    """Pages by key: page 10 000 costs what page 1 costs. ``page_size`` up to 1000."""

    ordering: Any = "-id"
    page_size_query_param = "page_size"
    max_page_size = 1000
