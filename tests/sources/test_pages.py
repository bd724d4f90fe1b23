"""Pages of the pulls."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.sources import services
from apps.sources.models import Source, SyncRun
from tests.factories import SourceFactory, SyncRunFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    return SourceFactory(name="税局")


@pytest.fixture
def accountant(source: Source) -> User:
    return UserFactory(role="accountant", companies=[source.company])


@pytest.fixture
def pages(client: Client, accountant: User, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(services, "wake", lambda run_ids: None)  # no job is enqueued
    client.force_login(accountant)
    client.cookies["django_language"] = "en"
    return client


def test_pulls_of_other_companies_are_hidden(pages, source):
    mine, other = SyncRunFactory(source=source), SyncRunFactory()
    assert pages.get(reverse("pulls")).context["page"].rows == [mine]
    assert pages.get(reverse("pull", args=[other.pk])).status_code == 404


def test_pages_refresh_only_while_a_pull_runs(pages, source):
    run = SyncRunFactory(source=source, running=True, progress="2026-01 page 3")
    for address in (reverse("pulls"), reverse("pull", args=[run.pk])):
        part = pages.get(address, headers={"HX-Request": "true"}).content.decode()
        assert "every 2s" in part
        assert "2026-01 page 3" in part
        assert "<html" not in part
    SyncRun.objects.update(status="succeeded")
    for address in (reverse("pulls"), reverse("pull", args=[run.pk])):
        assert "every 2s" not in pages.get(address).content.decode()


def test_pulls_are_filtered_by_status_and_source(pages, source):
    failed = SyncRunFactory(source=source, failed=True)
    SyncRunFactory(source=source)
    filtered_page = pages.get(reverse("pulls"), {"status": "failed", "source": source.pk})
    assert filtered_page.context["page"].rows == [failed]
    assert "did not answer in time" in filtered_page.content.decode()


def test_repeated_sync_starts_one_pull(pages, source, accountant):
    first = pages.post(reverse("sync", args=[source.pk]))
    again = pages.post(reverse("sync", args=[source.pk]), follow=True)
    run = SyncRun.objects.get(source=source)
    assert (run.trigger, run.requested_by, run.status) == ("person", accountant, "queued")
    assert first.url == reverse("pull", args=[run.pk])
    assert "is being pulled already" in again.content.decode()


def test_sync_of_disabled_source_shows_message(pages, source):
    Source.objects.update(enabled=False)
    assert "is switched off" in pages.post(reverse("sync", args=[source.pk]), follow=True).content.decode()


def test_sync_all_includes_own_companies_only(pages, source):
    SourceFactory()
    pages.post(reverse("sync_all"))
    assert list(SyncRun.objects.values_list("source", flat=True)) == [source.pk]


def test_queued_pull_is_cancelled(pages, source, accountant):
    run = SyncRunFactory(source=source, queued=True)
    text = pages.post(reverse("cancel_pull", args=[run.pk]), follow=True).content.decode()
    run.refresh_from_db()
    assert run.status == "cancelled"
    assert accountant.username in text
    assert "had ended already" in pages.post(reverse("cancel_pull", args=[run.pk]), follow=True).content.decode()


def test_list_takes_fixed_number_of_queries(pages, source, django_assert_max_num_queries):
    SyncRunFactory.create_batch(60, source=source)
    with django_assert_max_num_queries(18):
        assert len(pages.get(reverse("pulls")).context["page"].rows) == 50
