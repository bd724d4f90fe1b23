"""The five roles, and how an app's migration gives them its permissions.

Each app grants its own permissions in a migration of its own (``grant``), so that no role list has to know the apps
above it. Roles build on each other: what a viewer may do, everybody may.
"""

from collections.abc import Mapping, Sequence
from typing import Any

VIEWER, ACCOUNTANT, REVIEWER, FINANCE_MANAGER, ADMINISTRATOR = ROLES = (
    "viewer",
    "accountant",
    "reviewer",
    "finance manager",
    "administrator",
)


def create(apps: Any) -> None:
    """Make the five groups (idempotent)."""
    group = apps.get_model("auth", "Group")
    for name in ROLES:
        group.objects.get_or_create(name=name)


def grant(apps: Any, app_label: str, permissions: Mapping[str, Sequence[str]]) -> None:
    """Give roles permissions of one app: role → codenames. A role gets those of all roles named before it in ROLES too.

    Permissions are normally made after all migrations ran; they are made here first, so that a fresh database and an
    upgraded one end the same.
    """
    from django.apps import apps as live
    from django.contrib.auth.management import create_permissions

    create_permissions(live.get_app_config(app_label), verbosity=0, apps=live)
    permission = apps.get_model("auth", "Permission")
    group = apps.get_model("auth", "Group")
    gathered: list[str] = []
    for role in ROLES:
        gathered += permissions.get(role, ())
        found = permission.objects.filter(content_type__app_label=app_label, codename__in=gathered)
        missing = set(gathered) - {p.codename for p in found}
        if missing:
            raise LookupError(f"{app_label} has no permissions {sorted(missing)}")
        group.objects.get(name=role).permissions.add(*found)
