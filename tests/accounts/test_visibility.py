"""Visibility of companies and people, cached within a request only."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from apps.accounts.selectors import colleagues, people_seeing, people_within, person
from apps.accounts.visibility import visible_company_ids
from apps.core.errors import HubError
from apps.core.request_cache import RequestCacheMiddleware
from tests.factories import CompanyFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """By name: who sees a, b, or all; ``gone`` may not log in any more."""
    a, b = CompanyFactory(), CompanyFactory()
    sees = {"a": [a], "b": [b], "both": [a, b], "nothing": [], "gone": [a, b], "all": [], "root": []}
    by_name = {name: UserFactory(username=name, companies=companies) for name, companies in sees.items()}
    for name, rights in {
        "gone": {"is_active": False},
        "all": {"sees_all_companies": True},
        "root": {"is_superuser": True},
    }.items():
        for right, value in rights.items():
            setattr(by_name[name], right, value)
        by_name[name].save()
    return by_name


def test_active_people_see_their_companies_or_all(people):
    a, b = people["a"].companies.get().pk, people["b"].companies.get().pk
    expected = {"a": [a], "both": [a, b], "nothing": [], "gone": [], "all": None, "root": None}
    visible = {name: visible_company_ids(people[name]) for name in expected}
    visible["both"] = sorted(visible["both"])
    assert visible == expected
    assert visible_company_ids(AnonymousUser()) == []


def test_people_see_their_colleagues(people):
    a, b = people["a"].companies.get().pk, people["b"].companies.get().pk
    everybody = set(people)

    def names(users):
        return {one.username for one in users}

    assert names(people_seeing([a])) == {"a", "both", "all", "root"}
    assert names(people_seeing([a, b, a])) == {"both", "all", "root"}  # all of them, and who may log in
    assert names(colleagues(people["a"])) == everybody - {"b", "nothing"}
    assert names(colleagues(people["all"])) == everybody
    assert names(people_within(people["a"])) == {"a", "nothing"}  # who sees no more
    assert names(people_within(people["both"])) == {"a", "b", "both", "nothing", "gone"}
    assert names(people_within(people["root"])) == everybody


def test_inactive_people_cannot_act_on_the_command_line(people):
    assert person("a") == people["a"]
    for name in ("gone", "never there"):
        with pytest.raises(HubError) as refused:
            person(name)
        assert refused.value.message.code == "accounts.nobody"


def test_visibility_is_cached_within_one_request(rf):
    mine, yours = CompanyFactory(), CompanyFactory()
    user = UserFactory(companies=[mine])
    seen = []

    def page(_request):
        with CaptureQueriesContext(connection) as queries:
            visible_company_ids(user).clear()  # what one caller does to its list is nobody else's
            seen.append(visible_company_ids(user))
        assert len(queries) == 1
        return HttpResponse()

    handler = RequestCacheMiddleware(page)
    handler(rf.get("/"))
    user.companies.set([yours])
    handler(rf.get("/"))
    assert seen == [[mine.pk], [yours.pk]]


def test_the_request_cache_is_per_person(rf):
    companies = [CompanyFactory(), CompanyFactory()]
    people = [UserFactory(companies=[one]) for one in companies]

    def page(_request):
        assert [visible_company_ids(one) for one in people] == [[one.pk] for one in companies]
        return HttpResponse()

    RequestCacheMiddleware(page)(rf.get("/"))


def test_nothing_is_cached_outside_of_a_request(rf):
    def broken(_request):
        raise ZeroDivisionError

    user = UserFactory(companies=[])
    with pytest.raises(ZeroDivisionError):
        RequestCacheMiddleware(broken)(rf.get("/"))
    assert visible_company_ids(user) == []
    company = CompanyFactory()
    user.companies.add(company)
    assert visible_company_ids(user) == [company.pk]
