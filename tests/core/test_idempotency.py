"""Writes that are repeated with the same Idempotency-Key, on "sync now" as the example."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from apps.core import idempotency
from apps.core.models import IdempotentResponse
from apps.sources.choices import RunStatus
from apps.sources.models import SyncRun
from tests.factories import AdminFactory, SourceFactory


def client_of(user: Any) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def place() -> str:
    return f"/api/v1/sources/{SourceFactory().pk}/sync/"


@pytest.mark.django_db
def test_a_repetition_gets_the_first_answer_even_when_the_pull_is_over(place: str) -> None:
    client = client_of(AdminFactory())
    first = client.post(place, headers={"Idempotency-Key": "night-1"})
    SyncRun.objects.update(status=RunStatus.SUCCEEDED, finished_at=timezone.now())
    again = client.post(place, headers={"Idempotency-Key": "night-1"})
    assert (again.status_code, again.json()) == (first.status_code, first.json()) == (202, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert SyncRun.objects.count() == 1
    assert client.post(place, headers={"Idempotency-Key": "night-2"}).status_code == 202
    assert SyncRun.objects.count() == 2


@pytest.mark.django_db
def test_a_key_belongs_to_one_person_and_one_request(place: str) -> None:
    client = client_of(AdminFactory())
    client.post(place, headers={"Idempotency-Key": "mine"})
    other_place = f"/api/v1/sources/{SourceFactory().pk}/sync/"
    refused = client.post(other_place, headers={"Idempotency-Key": "mine"})
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert client_of(AdminFactory()).post(other_place, headers={"Idempotency-Key": "mine"}).status_code == 202
    assert client.post(place, headers={"Idempotency-Key": "x" * 201}).status_code == 400


@pytest.mark.django_db
def test_a_failed_write_stores_no_answer(place: str) -> None:
    client = client_of(AdminFactory())
    missing = "/api/v1/sources/999999/sync/"
    assert client.post(missing, headers={"Idempotency-Key": "k"}).status_code == 404
    assert not IdempotentResponse.objects.exists()
    assert client.post(place, headers={"Idempotency-Key": "k"}).status_code == 202


@pytest.mark.django_db
def test_old_answers_are_deleted(place: str) -> None:
    client_of(AdminFactory()).post(place, headers={"Idempotency-Key": "k"})
    assert idempotency.forget_old() == 0
    IdempotentResponse.objects.update(created_at=timezone.now() - idempotency.STORED_FOR)
    assert idempotency.forget_old() == 1


@pytest.mark.django_db(transaction=True)
def test_two_concurrent_writes_run_once() -> None:
    place, user = f"/api/v1/sources/{SourceFactory().pk}/sync/", AdminFactory()
    answers: list[Any] = []
    barrier = threading.Barrier(2)

    def ask() -> None:
        try:
            barrier.wait()
            answers.append(client_of(user).post(place, headers={"Idempotency-Key": "k"}))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 1
    assert SyncRun.objects.count() == 1
