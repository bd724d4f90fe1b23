"""Who may see which company. Every page, API, export, count and search asks here."""

from typing import Any

from django.db.models import QuerySet

from apps.core.errors import HubError
from apps.core.remembering import once

from .models import Company, User


def visible_company_ids(user: Any) -> list[int] | None:
    """Ids of the companies this person may see; None means all of them (no filter needed), [] means none. A request
    that takes companies from its own person is answered with those it began with."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return []
    if user.is_superuser or user.sees_all_companies:
        return None
    return list(once(("companies of", user.pk), lambda: tuple(user.companies.values_list("pk", flat=True))))


def visible_companies(user: Any) -> QuerySet[Company]:
    ids = visible_company_ids(user)
    return Company.objects.all() if ids is None else Company.objects.filter(pk__in=ids)


def person(username: str) -> User:
    """Who acts from the command line. Raises HubError ``accounts.nobody``."""
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise HubError("accounts.nobody", name=username)
    return found
