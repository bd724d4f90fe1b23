"""Addresses of POST actions, requested with GET."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_opening_the_address_of_a_post_action_changes_nothing(client: Client) -> None:
    client.force_login(UserFactory(is_superuser=True))
    answer = client.get(reverse("sync_all"), headers={"Accept": "text/html,*/*"})
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "目前未执行任何操作" in answer.text
    for headers in ({"Accept": "application/json"}, {"Accept": "text/html", "HX-Request": "true"}):
        assert client.get(reverse("sync_all"), headers=headers).content == b""


def test_changing_the_language_on_a_post_only_page_returns_to_the_previous_page(client: Client) -> None:
    client.force_login(UserFactory(is_superuser=True))
    came_from = f"http://testserver{reverse('bills')}"
    answer = client.post(reverse("new_bill"), {}, headers={"Referer": came_from})
    assert f'name="next" value="{came_from}"' in " ".join(answer.text.split())
    assert client.post(reverse("set_language"), {"language": "en", "next": came_from}).url == came_from
