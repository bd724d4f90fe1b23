"""Who may use a REST endpoint."""

from typing import Any

from rest_framework.permissions import BasePermission, DjangoModelPermissions


class MayRead(DjangoModelPermissions):
    """Model permissions, reading included (Django REST framework leaves reading free by default)."""

    perms_map = {
        **DjangoModelPermissions.perms_map,
        "GET": ["%(app_label)s.view_%(model_name)s"],
        "HEAD": ["%(app_label)s.view_%(model_name)s"],
    }


def holds(permission: str) -> type[BasePermission]:
    """Logged in and with this permission; for actions other than reading."""

    class Holds(BasePermission):
        def has_permission(self, request: Any, view: Any) -> bool:
            return bool(request.user and request.user.is_authenticated and request.user.has_perm(permission))

    return Holds
