"""Base of administration pages for settings of one company or, without one, of all companies."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from .models import Company
from .visibility import visible_company_ids


class CompanySettingMixin:
    """Settings of companies a person does not see are hidden. Settings of all companies are shown to everybody, and
    changed only by people who see all companies: others would change what they cannot see."""

    def get_queryset(self: Any, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).visible_to(request.user)  # type: ignore[misc]
        return rows

    def formfield_for_foreignkey(self: Any, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "company":
            kwargs["queryset"] = Company.objects.visible_to(request.user)
            if visible_company_ids(request.user) is not None:
                kwargs |= {"required": True, "help_text": ""}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def has_change_permission(self: Any, request: HttpRequest, obj: Any = None) -> bool:
        return _may_set(request, obj) and super().has_change_permission(request, obj)  # type: ignore[misc]

    def has_delete_permission(self: Any, request: HttpRequest, obj: Any = None) -> bool:
        return _may_set(request, obj) and super().has_delete_permission(request, obj)  # type: ignore[misc]


def _may_set(request: HttpRequest, row: Any) -> bool:
    return row is None or row.company_id is not None or visible_company_ids(request.user) is None
