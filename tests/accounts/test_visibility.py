"""Who sees which company is asked once a request, and never remembered longer."""

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from apps.accounts.selectors import visible_company_ids
from apps.core.remembering import RememberingMiddleware
from tests.factories import CompanyFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_request_asks_once_and_the_next_one_again(rf):
    mine, yours = CompanyFactory(), CompanyFactory()
    user = UserFactory(companies=[mine])
    seen = []

    def page(_request):
        with CaptureQueriesContext(connection) as asked:
            visible_company_ids(user).clear()  # what one caller does to its list is nobody else's
            seen.append(visible_company_ids(user))
        assert len(asked) == 1
        return HttpResponse()

    handler = RememberingMiddleware(page)
    handler(rf.get("/"))
    user.companies.set([yours])
    handler(rf.get("/"))
    assert seen == [[mine.pk], [yours.pk]]


def test_two_people_of_one_request_see_their_own(rf):
    companies = [CompanyFactory(), CompanyFactory()]
    people = [UserFactory(companies=[one]) for one in companies]

    def page(_request):
        assert [visible_company_ids(one) for one in people] == [[one.pk] for one in companies]
        return HttpResponse()

    RememberingMiddleware(page)(rf.get("/"))


def test_outside_of_a_request_nothing_is_remembered(rf):
    def broken(_request):
        raise ZeroDivisionError

    user = UserFactory(companies=[])
    with pytest.raises(ZeroDivisionError):
        RememberingMiddleware(broken)(rf.get("/"))
    assert visible_company_ids(user) == []
    company = CompanyFactory()
    user.companies.add(company)
    assert visible_company_ids(user) == [company.pk]
