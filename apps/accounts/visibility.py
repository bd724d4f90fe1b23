"""Who may see which company, and the QuerySet by which every page, API, export, count and search asks for it."""

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q

from apps.core.request_cache import once

Row = TypeVar("Row", bound=models.Model)


def visible_company_ids(user: Any) -> list[int] | None:
    """Ids of the companies this person may see; None means all of them (no filter needed), [] means none.

    They are read once per request: one that changes the companies of its own person ends with those it began with.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return []
    if user.is_superuser or user.sees_all_companies:
        return None
    return list(once(("companies of", user.pk), lambda: tuple(user.companies.values_list("pk", flat=True))))


class CompanyQuerySet(models.QuerySet[Row]):
    """Rows that belong to a company, or to several.

    The model names the lookup that takes the visible ids as ``company_lookup``: ``company__in`` unless it says
    otherwise, such as ``source__company__in`` or, for an array of ids, ``company_ids__overlap``.
    """

    def visible_to(self, user: Any) -> Self:
        """The rows of companies this person may see. Without a person, or for an anonymous one, none."""
        company_ids = visible_company_ids(user)
        return self if company_ids is None else self.filter(self.belonging_to(company_ids))

    def belonging_to(self, company_ids: list[int]) -> Q:
        lookup = getattr(self.model, "company_lookup", "company__in")
        return Q(**{lookup: company_ids})


class CompanySettingQuerySet(CompanyQuerySet[Row]):
    """Settings of one company or, without one, of all companies; everybody may see the latter."""

    def belonging_to(self, company_ids: list[int]) -> Q:
        return Q(company=None) | super().belonging_to(company_ids)
