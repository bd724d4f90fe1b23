"""Which people see the same companies."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value

from apps.core.errors import HubError

from .models import User
from .visibility import visible_company_ids


def people_seeing(company_ids: Collection[int]) -> QuerySet[User]:
    """The people who may log in and see all of these companies."""
    seen = Count("companies", filter=Q(companies__in=list(company_ids)))
    all_of_them = Q(is_superuser=True) | Q(sees_all_companies=True) | Q(seen=len(set(company_ids)))
    return User.objects.filter(is_active=True).alias(seen=seen).filter(all_of_them)


def colleagues(user: Any) -> QuerySet[User]:
    """The people whose names this person may read: those who see one of the same companies."""
    ids = visible_company_ids(user)
    if ids is None:
        return User.objects.all()
    members = User.companies.through.objects.filter(company__in=ids).values("user")
    return User.objects.filter(Q(is_superuser=True) | Q(sees_all_companies=True) | Q(pk__in=members))


def by_colleague(user: Any, column: str) -> Exists | Value:
    """Whether this person may read the name of the person in ``column`` and their notes; for ``annotate``."""
    if visible_company_ids(user) is None:
        return Value(True)
    return Exists(colleagues(user).filter(pk=OuterRef(column)))


def people_within(user: Any) -> QuerySet[User]:
    """The people who see no company that this person does not see: acting as one of them reveals nothing new."""
    ids = visible_company_ids(user)
    if ids is None:
        return User.objects.all()
    beyond = User.companies.through.objects.exclude(company__in=ids).values("user")
    return User.objects.filter(is_superuser=False, sees_all_companies=False).exclude(pk__in=beyond)


def person(username: str) -> User:
    """The active user of that name, who acts from the command line. Raises HubError ``accounts.nobody``."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise HubError("accounts.nobody", name=username)
    return user
