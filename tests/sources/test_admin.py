"""Sources in the administration: forms built from connector parameters, hidden secrets, buttons with confirmation."""

from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.core.errors import NeedsPerson
from apps.core.messages import Message
from apps.sources.connectors import CONNECTORS
from apps.sources.forms import form_for
from apps.sources.models import Source, SourceState, SyncRun
from tests.factories import AdminFactory, CompanyFactory, InvoiceFactory, SourceFactory, SyncRunFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/sources/source/"


@pytest.fixture
def admin(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    client.force_login(AdminFactory())
    return client


def posted(source: Source, **changes: Any) -> dict[str, Any]:
    """The form data that the browser sends when only ``changes`` were entered."""
    form = form_for(source.kind)(instance=source)
    sent = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    written = {name: form.fields[name].prepare_value(value) for name, value in sent.items() if value is not None}
    return {name: value for name, value in {**written, **changes}.items() if value not in (None, False)}


def test_add_page_first_asks_for_the_kind(admin: Client) -> None:
    page = admin.get(f"{LIST}add/")
    for kind in CONNECTORS:
        assert f"?kind={kind}" in page.text
    assert "kind=file" not in page.text
    assert "options_des_mode" in admin.get(f"{LIST}add/?kind=checker").text


def test_form_has_all_fields_of_every_kind(admin: Client) -> None:
    for kind, connector in CONNECTORS.items():
        page = admin.get(f"{LIST}add/?kind={kind}").text
        for group, specs in (("credentials", connector.credentials), ("options", connector.options)):
            for spec in specs:
                assert f'name="{group}_{spec.name}"' in page, (kind, spec.name)


def test_source_is_created(admin: Client) -> None:
    company = CompanyFactory()
    answer = admin.post(
        f"{LIST}add/?kind=checker",
        {
            "name": "查重",
            "company": company.pk,
            "base_url": "https://upstream.example",
            "enabled": "on",
            "interval_minutes": "30",
            "credentials_authcode": "authcode-very-secret",
            "credentials_des_key": "des-key-very-secret",
            "options_min_interval_seconds": "12.5",
            "options_des_mode": "ecb",
            "options_des_encoding": "__default__",
        },
    )
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    source = Source.objects.get()
    assert (source.kind, source.company) == ("checker", company)
    assert source.credentials == {"authcode": "authcode-very-secret", "des_key": "des-key-very-secret"}
    assert source.options == {"min_interval_seconds": 12.5, "des_mode": "ecb"}


def test_secrets_are_hidden_and_kept_when_fields_are_empty(admin: Client) -> None:
    source = SourceFactory()
    url = f"{LIST}{source.pk}/change/"
    page = admin.get(url).text
    assert "very-secret" not in page
    assert "Stored; leave empty to keep it." in page
    admin.post(url, posted(source, name="renamed"))
    source.refresh_from_db()
    assert source.name == "renamed"
    assert source.credentials["authcode"] == "authcode-very-secret"
    admin.post(url, posted(source, credentials_authcode="another-very-secret"))
    source.refresh_from_db()
    assert source.credentials == {"authcode": "another-very-secret", "des_key": "des-key-very-secret"}


def test_errors_are_shown_at_their_fields(admin: Client) -> None:
    source = SourceFactory(credentials={})
    answer = admin.post(f"{LIST}{source.pk}/change/", posted(source, options_min_interval_seconds="-1"))
    errors = answer.context["adminform"].form.errors
    assert set(errors) == {"credentials_authcode", "credentials_des_key", "options_min_interval_seconds"}


def test_secret_in_rejected_form_is_not_sent_back(admin: Client) -> None:
    source = SourceFactory()
    sent = posted(source, credentials_authcode="typed-very-secret", options_min_interval_seconds="-1")
    assert "typed-very-secret" not in admin.post(f"{LIST}{source.pk}/change/", sent).text


def test_emptied_option_falls_back_to_default(admin: Client) -> None:
    source = SourceFactory(options={"min_interval_seconds": 5, "des_mode": "ecb"})
    sent = posted(source, options_min_interval_seconds="", options_des_mode="__default__")
    admin.post(f"{LIST}{source.pk}/change/", sent)
    source.refresh_from_db()
    assert source.options == {}


@pytest.mark.parametrize("kind", CONNECTORS)
def test_form_keeps_options_unchanged(kind: str) -> None:
    """The form returns every default unchanged when it is entered as an option."""
    connector = CONNECTORS[kind]
    options = {spec.name: spec.default for spec in connector.options if spec.default not in (None, "")}
    options = {name: list(value) if isinstance(value, tuple) else value for name, value in options.items()}
    credentials = {spec.name: "something" for spec in connector.credentials}
    source = SourceFactory(kind=kind, options=options, credentials=credentials)
    form = form_for(kind)(data=_as_sent(source), instance=source)
    assert form.is_valid(), form.errors
    form.save()
    source.refresh_from_db()
    assert (source.options, source.credentials) == (options, credentials)


def _as_sent(source: Source) -> dict[str, Any]:
    form = form_for(source.kind)(instance=source)
    return {bound.html_name: bound.field.prepare_value(bound.initial) for bound in form if bound.initial is not None}


def test_list_option_accepts_separators_and_shows_no_null(admin: Client) -> None:
    source = SourceFactory(kind="piaozone")
    page = admin.get(f"{LIST}{source.pk}/change/").text
    assert ">null<" not in page.replace("\n", "")
    form = form_for("piaozone")(data={**_as_sent(source), "options_watch_bills": "BX1，BX2 BX3"}, instance=source)
    form.is_valid()
    assert form.cleaned_data["options_watch_bills"] == ["BX1", "BX2", "BX3"]
    source.options = {"watch_bills": ["BX1", "BX2"]}
    assert _as_sent(source)["options_watch_bills"] == "BX1, BX2"


def test_unchanged_form_is_not_saved(admin: Client) -> None:
    source = SourceFactory()
    before = source.updated_at
    admin.post(f"{LIST}{source.pk}/change/", _as_sent(source))
    source.refresh_from_db()
    assert source.updated_at == before


def test_history_shows_user_and_changes_without_secrets(admin: Client) -> None:
    source = SourceFactory(name="before")
    admin.post(
        f"{LIST}{source.pk}/change/", posted(source, name="afterwards", credentials_authcode="another-very-secret")
    )
    page = admin.get(f"{LIST}{source.pk}/history/").text
    assert "before</del> → afterwards" in page
    assert source.company.name in page
    assert User.objects.get().username in page
    assert "secret" not in page


BUTTONS = ["sync_now", "test_now", "detect_now"]


@pytest.mark.parametrize("button", BUTTONS)
def test_buttons_ask_for_confirmation(admin: Client, button: str) -> None:
    source = SourceFactory()
    with patch("apps.sources.admin.services") as services:
        page = admin.get(reverse(f"admin:sources_source_{button}", args=[source.pk]))
    assert page.status_code == 200
    assert '<form method="post"' in page.text
    assert not services.mock_calls


def test_sync_now_starts_pull(admin: Client) -> None:
    source = SourceFactory()
    page = admin.post(f"{LIST}{source.pk}/sync_now/", follow=True)
    run = SyncRun.objects.get()
    assert (run.source, run.trigger, run.requested_by.is_superuser) == (source, "person", True)
    assert f"Pull {run.pk} has been started." in page.text
    assert f"Pull {run.pk} is at work already." in admin.post(f"{LIST}{source.pk}/sync_now/", follow=True).text


def test_connection_test_shows_result_or_error(admin: Client) -> None:
    source = SourceFactory()
    with patch("apps.sources.services.test_connection", return_value=Message("checker.test_ok", {"count": 3})):
        assert "3 invoices could be decrypted" in admin.post(f"{LIST}{source.pk}/test_now/", follow=True).text
    failure = NeedsPerson("checker.short_key")
    with patch("apps.sources.services.test_connection", side_effect=failure):
        assert "at least 8 characters" in admin.post(f"{LIST}{source.pk}/test_now/", follow=True).text


def test_detected_options_are_saved_and_shown(admin: Client) -> None:
    source = SourceFactory(options={"min_interval_seconds": 5})
    with patch("apps.sources.services.detect_options", return_value={"des_mode": "ecb"}):
        page = admin.post(f"{LIST}{source.pk}/detect_now/", follow=True)
    source.refresh_from_db()
    assert source.options == {"min_interval_seconds": 5, "des_mode": "ecb"}
    assert "DES mode: ecb" in page.text


def test_list_action_reports_each_source(admin: Client) -> None:
    good, off = SourceFactory(name="good"), SourceFactory(name="switched off", enabled=False)
    page = admin.post(LIST, {"action": "sync_selected", "_selected_action": [good.pk, off.pk]}, follow=True)
    assert "good: Pull" in page.text
    assert "switched off: Source switched off is switched off" in page.text


def test_only_connectors_with_detection_offer_it(admin: Client) -> None:
    source = SourceFactory(kind="maycur", credentials={"appCode": "a", "appSecret": "b"})
    assert "detect_now" not in admin.get(f"{LIST}{source.pk}/change/").text
    assert admin.post(f"{LIST}{source.pk}/detect_now/").status_code == 403


def test_viewer_sees_no_buttons(client: Client) -> None:
    source = SourceFactory()
    client.force_login(UserFactory(role="viewer", is_staff=True, companies=[source.company]))
    page = client.get(f"{LIST}{source.pk}/change/")
    assert page.status_code == 200
    assert "very-secret" not in page.text
    for button in BUTTONS:
        assert button not in page.text
        assert client.post(f"{LIST}{source.pk}/{button}/").status_code == 403
    assert not SyncRun.objects.exists()


def test_sources_of_other_companies_are_hidden(client: Client) -> None:
    mine, theirs = SourceFactory(), SourceFactory(name="theirs")
    client.force_login(UserFactory(role="administrator", is_staff=True, companies=[mine.company]))
    assert "theirs" not in client.get(LIST).text
    assert client.post(f"{LIST}{theirs.pk}/sync_now/").status_code == 404
    assert theirs.company.name not in client.get(f"{LIST}add/?kind=checker").text


def test_file_sources_cannot_be_edited(admin: Client) -> None:
    source = SourceFactory(kind="file", base_url="")
    assert 'name="name"' not in admin.get(f"{LIST}{source.pk}/change/").text
    assert admin.post(f"{LIST}{source.pk}/sync_now/").status_code == 403


def test_source_list_shows_last_pull_in_fixed_number_of_queries(
    admin: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        source = SourceFactory()
        SourceState.objects.create(source=source)
        SyncRunFactory(source=source)
        SyncRunFactory(source=source, failed=True)
    with django_assert_max_num_queries(6):
        page = admin.get(LIST)
    assert page.text.count("failed · ") == 12


def test_pull_list_takes_fixed_number_of_queries(admin: Client, django_assert_max_num_queries: Any) -> None:
    runs = [SyncRunFactory(failed=True) for _ in range(8)]
    with django_assert_max_num_queries(6):
        page = admin.get("/admin/sources/syncrun/")
    assert runs[0].source.name in page.text
    detail = admin.get(f"/admin/sources/syncrun/{runs[0].pk}/change/").text
    assert "upstream.example did not answer" in detail
    assert admin.post(f"/admin/sources/syncrun/{runs[0].pk}/change/", {"progress": "x"}).status_code == 403


def test_delete_page_shows_one_example_per_protecting_model(admin: Client) -> None:
    source = SourceFactory(name="税局")
    InvoiceFactory.create_batch(3, seen_by=[source])
    with CaptureQueriesContext(connection) as queries:
        page = admin.get(f"{LIST}{source.pk}/delete/")
    assert len(page.context["protected"]) == 1
    reads = [query["sql"] for query in queries if 'FROM "invoices_sourcerecord"' in query["sql"]]
    assert [sql.endswith("LIMIT 1") for sql in reads] == [True]
    assert admin.post(f"{LIST}{source.pk}/delete/", {"post": "yes"}).status_code == 200
    assert Source.objects.filter(pk=source.pk).exists()
