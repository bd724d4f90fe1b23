"""REST API of sources (without secrets) and pulls, and the sync action."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.sources.models import SyncRun
from tests.factories import SourceFactory, SyncRunFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Any:
    return SourceFactory(options={"des_mode": "ecb", "left_over": "secret-by-mistake"})


def client_of(role: str, source: Any) -> APIClient:
    client = APIClient()
    client.force_authenticate(UserFactory(role=role, companies=[source.company]))
    return client


@pytest.mark.parametrize("place", ["/api/v1/sources/", "/api/v1/sources/{pk}/", "/api/v1/sync-runs/"])
def test_answers_contain_no_secret(source: Any, place: str) -> None:
    SyncRunFactory(source=source)
    answer = client_of("administrator", source).get(place.format(pk=source.pk))
    assert answer.status_code == 200
    for secret in ("very-secret", "secret-by-mistake", "credentials", "authcode", "gAAAA"):
        assert secret not in answer.text


def test_source_is_described(source: Any) -> None:
    body = client_of("viewer", source).get(f"/api/v1/sources/{source.pk}/").json()
    assert body["company"] == source.company.name
    assert (body["kind"], body["enabled"], body["options"]) == ("checker", True, {"des_mode": "ecb"})


def test_sources_and_pulls_of_other_companies_are_hidden(source: Any) -> None:
    theirs = SyncRunFactory()
    client = client_of("administrator", source)
    assert [row["id"] for row in client.get("/api/v1/sources/").json()["results"]] == [source.pk]
    assert client.get(f"/api/v1/sources/{theirs.source_id}/").status_code == 404
    assert client.post(f"/api/v1/sources/{theirs.source_id}/sync/").status_code == 404
    assert client.get(f"/api/v1/sync-runs/{theirs.pk}/").status_code == 404


def test_repeated_sync_starts_one_pull(source: Any) -> None:
    client = client_of("accountant", source)
    first = client.post(f"/api/v1/sources/{source.pk}/sync/", headers={"Idempotency-Key": "tonight"})
    again = client.post(f"/api/v1/sources/{source.pk}/sync/", headers={"Idempotency-Key": "tonight"})
    assert (first.status_code, again.status_code) == (202, 202)
    active = client.post(f"/api/v1/sources/{source.pk}/sync/")
    assert active.status_code == 200
    assert first.json()["id"] == again.json()["id"] == active.json()["id"] == SyncRun.objects.get().pk
    assert (first.json()["status"], first.json()["trigger"]) == ("queued", "api")


def test_viewer_may_not_sync(source: Any) -> None:
    assert client_of("viewer", source).post(f"/api/v1/sources/{source.pk}/sync/").status_code == 403
    assert not SyncRun.objects.exists()


def test_sync_of_disabled_source_is_refused() -> None:
    source = SourceFactory(enabled=False)
    answer = client_of("accountant", source).post(f"/api/v1/sources/{source.pk}/sync/")
    assert answer.status_code == 409
    assert source.name in answer.json()["detail"]


def test_error_of_failed_pull_is_translated(source: Any) -> None:
    SyncRunFactory(source=source, failed=True, created=2, quarantined=1)
    body = client_of("viewer", source).get("/api/v1/sync-runs/", headers={"Accept-Language": "en"}).json()["results"][0]
    assert body["error"]["code"] == "http.timeout"
    assert "upstream.example did not answer" in body["error"]["text"]
    assert (body["received"], body["created"], body["quarantined"]) == (3, 2, 1)


def test_pulls_are_filtered_by_source_and_status(source: Any) -> None:
    failed = SyncRunFactory(source=source, failed=True)
    SyncRunFactory(source=source)
    client = client_of("viewer", source)
    failed_runs = client.get(f"/api/v1/sync-runs/?source={source.pk}&status=failed").json()["results"]
    assert [row["id"] for row in failed_runs] == [failed.pk]


@pytest.mark.parametrize("place", ["/api/v1/sources/", "/api/v1/sync-runs/"])
def test_lists_take_fixed_number_of_queries(source: Any, place: str, django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        SyncRunFactory(source=SourceFactory(company=source.company))
    client = client_of("viewer", source)
    with django_assert_max_num_queries(5):
        assert len(client.get(place).json()["results"]) >= 5
