"""Health checks of the installation."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from knox.models import AuthToken

from apps.bills.models import AssistantSession
from apps.sources.choices import RunStatus
from apps.sources.models import SourceState
from invoicehub import health
from tests.factories import AdminFactory, SourceFactory, SyncRunFactory, UserFactory

pytestmark = pytest.mark.django_db


def findings() -> dict[str, health.Finding]:
    return {finding.name: finding for finding in health.examine()}


def test_a_new_installation_works():
    assert not [finding for finding in findings().values() if finding.level == health.Level.FAILURE]


def test_a_source_whose_last_pull_failed_is_named():
    source = SourceFactory(name="税局")
    SyncRunFactory(source=source, status=RunStatus.SUCCEEDED)
    SyncRunFactory(source=source, status=RunStatus.FAILED)
    assert "税局" in findings()["sources"].text
    SyncRunFactory(source=source, status=RunStatus.SUCCEEDED)
    assert findings()["sources"].level == health.Level.OK


def test_an_overdue_source_means_no_scheduler():
    SourceState.objects.create(source=SourceFactory(), next_due_at=timezone.now() - timedelta(hours=1))
    assert findings()["schedule"].level == health.Level.WARNING


def test_credentials_under_a_lost_key_are_a_failure(settings):
    SourceFactory()
    settings.CREDENTIAL_KEYS = (b"bDZ4bG5rV0dQZ2h5cVZ0cVJ4Y2FqUXl2bXhhd0hQbHM=",)
    assert findings()["credentials"].level == health.Level.FAILURE
    with pytest.raises(SystemExit):
        call_command("doctor", stdout=StringIO())


def test_doctor_speaks_json():
    out = StringIO()
    call_command("doctor", "--json", stdout=out)
    assert {"name", "level", "text"} == set(json.loads(out.getvalue())[0])


def test_health_page_needs_no_login_and_tells_when_something_is_broken(client, monkeypatch):
    assert client.get("/health/", headers={"accept": "application/json"}).status_code == 200
    broken = health.Finding("redis", health.Level.FAILURE, "gone")
    monkeypatch.setattr(health, "examine", lambda: [broken])
    assert client.get("/health/", headers={"accept": "application/json"}).status_code == 500


def test_metrics_are_for_administrators(client):
    assert client.get("/metrics").status_code == 401
    client.force_login(UserFactory(role="finance manager", is_staff=True))
    assert client.get("/metrics").status_code == 403
    client.logout()
    for administrator in (AdminFactory(), UserFactory(role="administrator")):
        _row, token = AuthToken.objects.create(administrator)
        answer = client.get("/metrics", headers={"Authorization": f"Token {token}"})
        assert b"django_http" in answer.content


def test_a_window_nobody_listens_to_is_told():
    assert findings()["assistant"].level == health.Level.OK
    now = timezone.now()
    AssistantSession.objects.create(
        source=SourceFactory(kind="piaozone"), opened_at=now - timedelta(minutes=5), ends_at=now + timedelta(hours=1)
    )
    assert findings()["assistant"].level == health.Level.WARNING
    AssistantSession.objects.update(polled_at=now)
    assert findings()["assistant"].level == health.Level.OK
