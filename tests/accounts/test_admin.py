"""Admin pages of people, companies and tokens: permissions and history."""

from typing import Any

import pytest
from django.contrib import admin as django_admin
from django.contrib.auth.models import Group
from django.test import Client
from knox.models import AuthToken

from apps.accounts.models import Company, User
from tests.factories import PASSWORD, AdminFactory, CompanyFactory, UserFactory

pytestmark = pytest.mark.django_db

USERS, COMPANIES = "/admin/accounts/user/", "/admin/accounts/company/"


@pytest.fixture
def admin(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    client.force_login(AdminFactory(username="chief"))
    return client


def sent(user: User, **changes: Any) -> dict[str, Any]:
    fields = {
        "username": user.username,
        "last_name": user.last_name,
        "groups": [group.pk for group in user.groups.all()],
        "companies": [company.pk for company in user.companies.all()],
        "is_active": "on",
    }
    return fields | changes


def test_every_page_opens(admin: Client) -> None:
    UserFactory(role="viewer")
    CompanyFactory()
    AuthToken.objects.create(User.objects.get(username="chief"))
    assert admin.get("/admin/").status_code == 200
    for model in django_admin.site._registry:
        place = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert admin.get(place).status_code == 200, place
    for place in (USERS, COMPANIES):
        assert admin.get(f"{place}add/").status_code == 200


def test_only_staff_can_log_in_through_the_one_login_page(client: Client) -> None:
    answer = client.get("/admin/")
    assert client.get(answer.url).url.startswith("/account/login/?next=")
    client.force_login(UserFactory(role="accountant"))
    assert client.get("/admin/", follow=True).status_code == 403


def test_the_content_policy_allows_the_theme_in_the_admin_only(admin: Client) -> None:
    assert "'unsafe-eval'" in admin.get("/admin/")["Content-Security-Policy"]
    assert "'unsafe-eval'" not in admin.get("/account/tokens/")["Content-Security-Policy"]


def test_a_person_is_created_and_then_gets_roles(admin: Client) -> None:
    page = admin.get(f"{USERS}add/").text
    for name in ("username", "last_name", "password1", "password2"):
        assert f'name="{name}"' in page
    sent = {
        "username": "zhao",
        "last_name": "赵",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    answer = admin.post(f"{USERS}add/", sent)
    made = User.objects.get(username="zhao")
    assert answer.url == f"{USERS}{made.pk}/change/"
    assert made.last_name == "赵"
    assert made.check_password(PASSWORD)


def test_roles_are_shown_by_their_labels(admin: Client) -> None:
    page = admin.get(f"{USERS}{UserFactory(role='viewer').pk}/change/").text
    boxes = [line for line in page.splitlines() if 'name="groups"' in line]
    assert len(boxes) == 5
    assert all('type="checkbox"' in line for line in boxes)
    assert "Roles" in page
    assert "Raw passwords" not in page


def test_roles_and_companies_are_saved_with_history(admin: Client) -> None:
    user, company = UserFactory(role="viewer"), CompanyFactory(name="甲公司")
    reviewer = Group.objects.get(name="reviewer")
    answer = admin.post(
        f"{USERS}{user.pk}/change/", sent(user, groups=[reviewer.pk], companies=[company.pk], last_name="王")
    )
    assert answer.status_code == 302
    assert [group.name for group in user.groups.all()] == ["reviewer"]
    page = admin.get(f"{USERS}{user.pk}/history/").text
    for piece in ("chief", "→ reviewer", "viewer</del> → —", "甲公司", "→ 王", f"{USERS}{user.pk}/change/"):
        assert piece in page, piece
    assert "md5$" not in page


def test_a_company_and_its_history(admin: Client) -> None:
    company = CompanyFactory(name="旧名有限公司")
    fields = {"name": "新名有限公司", "tax_no": company.tax_no, "former_names": "旧名有限公司,更旧的名"}
    assert admin.post(f"{COMPANIES}{company.pk}/change/", fields).status_code == 302
    assert Company.objects.get(pk=company.pk).former_names == ["旧名有限公司", "更旧的名"]
    assert "旧名有限公司</del> → 新名有限公司" in admin.get(f"{COMPANIES}{company.pk}/history/").text


class TestAdministrator:
    """The role administrator, which has fewer rights than a superuser."""

    @pytest.fixture
    def me(self, client: Client) -> User:
        me = UserFactory(role="administrator", is_staff=True, companies=[CompanyFactory()])
        client.force_login(me)
        return me

    def test_cannot_create_superusers(self, client: Client, me: User) -> None:
        other = UserFactory(role="viewer")
        client.post(f"{USERS}{other.pk}/change/", sent(other, is_superuser="on", sees_all_companies="on"))
        other.refresh_from_db()
        assert not other.is_superuser
        assert not other.sees_all_companies

    def test_cannot_change_superusers(self, client: Client, me: User) -> None:
        chief = AdminFactory()
        assert client.get(f"{USERS}{chief.pk}/change/").status_code == 302
        assert client.post(f"{USERS}{chief.pk}/password/", {}).status_code in (302, 403, 404)

    def test_cannot_widen_their_own_visibility(self, client: Client, me: User) -> None:
        other = CompanyFactory()
        client.post(f"{USERS}{me.pk}/change/", sent(me, companies=[other.pk], sees_all_companies="on"))
        me.refresh_from_db()
        assert not me.sees_all_companies
        assert other not in me.companies.all()

    def test_can_assign_only_visible_companies(self, client: Client, me: User) -> None:
        user, hidden = UserFactory(role="viewer"), CompanyFactory()
        answer = client.post(f"{USERS}{user.pk}/change/", sent(user, companies=[hidden.pk]))
        assert answer.status_code == 200
        assert not user.companies.exists()

    @pytest.mark.parametrize("beyond", ["a company", "all companies"])
    def test_cannot_take_over_a_person_who_sees_more(self, client: Client, me: User, beyond: str) -> None:
        """A new password, or an address for the one that is sent, would let him in as them."""
        mine = me.companies.get()
        companies = [mine] if beyond == "all companies" else [mine, CompanyFactory()]
        user = UserFactory(role="viewer", companies=companies, sees_all_companies=beyond == "all companies")
        before = user.password
        new = {"password1": "Another-long-1", "password2": "Another-long-1"}
        assert client.post(f"{USERS}{user.pk}/password/", new).status_code in (302, 403, 404)
        client.post(f"{USERS}{user.pk}/change/", sent(user, companies=[mine.pk], email="me@example.com"))
        user.refresh_from_db()
        assert (user.password, user.email, set(user.companies.all())) == (before, "", set(companies))
        assert user.username not in client.get(USERS).text


def test_tokens_can_be_revoked_but_not_shown(admin: Client) -> None:
    token, _secret = AuthToken.objects.create(UserFactory())
    page = admin.get("/admin/knox/authtoken/").text
    assert token.token_key in page
    assert token.digest not in page.replace(f'value="{token.digest}"', "")
    assert admin.get("/admin/knox/authtoken/add/").status_code == 403
    admin.post("/admin/knox/authtoken/", {"action": "delete_selected", "_selected_action": [token.pk], "post": "yes"})
    assert not AuthToken.objects.exists()


def test_people_are_listed_in_a_fixed_number_of_queries(admin: Client, django_assert_max_num_queries: Any) -> None:
    for _ in range(8):
        UserFactory(role="viewer", companies=[CompanyFactory()])
    with django_assert_max_num_queries(6):
        assert admin.get(USERS).context["cl"].result_count == 9
