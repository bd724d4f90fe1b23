"""The administration in a real browser: its theme works under our content security policy."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.factories import AdminFactory, CompanyFactory, SourceFactory, SyncRunFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin(page: Page, live_server: LiveServer, client: Client) -> Page:
    client.force_login(AdminFactory())
    cookies = {"sessionid": client.cookies["sessionid"].value, "django_language": "en"}
    page.context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()])
    return page


def test_source_is_created_and_pulled(admin: Page) -> None:
    CompanyFactory(name="甲公司")
    SyncRunFactory(source=SourceFactory(name="旧源"))
    admin.goto("/admin/sources/source/")
    expect(admin.locator("#result_list")).to_contain_text("旧源")
    admin.goto("/admin/sources/source/add/")
    admin.locator('a[href="?kind=checker"]').click()
    admin.fill("#id_name", "查重")
    admin.select_option("#id_company", label="甲公司")
    admin.fill("#id_base_url", "https://upstream.example")
    admin.fill("#id_credentials_authcode", "authcode-very-secret")
    admin.fill("#id_credentials_des_key", "des-key-very-secret")
    admin.locator('button[name="_continue"]').click()
    expect(admin.locator("#id_credentials_authcode")).to_have_value("")
    admin.locator('a[href*="sync_now"]').click()
    admin.locator('form button[type="submit"]').last.click()
    expect(admin.locator("body")).to_contain_text("has been started")
    admin.goto(admin.url.replace("/change/", "/history/"))
    expect(admin.locator("main, #content")).to_contain_text("甲公司")


def test_api_documentation_loads_without_external_resources(admin: Page) -> None:
    admin.goto("/api/docs/")
    expect(admin.locator("#swagger-ui .opblock").first).to_be_visible()
