"""Names of people as pages, messages and pushes show them: 王芳, but Anna Smith.

The only place that reads the two parts of a name; ``str(user)`` gives ``name_of(user)``.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .models import User

_CJK = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")


def full_name(last_name: str, first_name: str) -> str:
    """王 and 芳: 王芳; Smith and Anna: Anna Smith; '' when both are empty."""
    last_name, first_name = last_name.strip(), first_name.strip()
    if _CJK.search(last_name + first_name):
        return last_name + first_name
    return f"{first_name} {last_name}".strip()


def name_of(user: "User | None") -> str:
    """The full name, or the login name of somebody without one; '' for None."""
    return (user.get_full_name() or user.get_username()) if user else ""


def name_columns(relation: str) -> tuple[str, str, str]:
    """The columns that ``joined`` takes, for ``values_list`` over a relation to a user."""
    return (f"{relation}__last_name", f"{relation}__first_name", f"{relation}__username")


def joined(last_name: str | None, first_name: str | None, username: str | None) -> str:
    """``name_of`` for a user read as ``name_columns``; '' for nobody."""
    return full_name(last_name or "", first_name or "") or username or ""
