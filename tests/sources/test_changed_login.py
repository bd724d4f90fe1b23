"""A changed login: refused by the test and by the next pull, a corrected one works at once. Over HTTP, all systems."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Company
from apps.bills.models import AssistantSession
from apps.core.errors import HubError, Intent, TryLater, UpstreamError
from apps.core.http import Limits
from apps.invoices import pull as pulls
from apps.sandbox.server import Sandbox, running
from apps.sandbox.sources import CREDENTIALS
from apps.sources import services
from apps.sources.choices import RunStatus, RunTrigger
from apps.sources.connectors import CONNECTORS
from apps.sources.connectors.base import Token
from apps.sources.context import SourceContext
from apps.sources.models import Source, SourceState, SyncRun
from apps.sources.throttle import Throttle
from tests.factories import AdminFactory, SourceFactory

from .test_admin import posted

QUICK = Limits(connect_timeout=2.0, read_timeout=5.0, attempts=2, backoff=0.01, longest_wait=1.0)
KINDS = tuple(CREDENTIALS)
WITH_TOKEN = ("maycur", "piaozone")
every_kind = pytest.mark.parametrize("kind", KINDS)
every_credential = pytest.mark.parametrize(
    ("kind", "name"), [(kind, one.name) for kind in KINDS for one in CONNECTORS[kind].credentials]
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(invoices=60, seed=13, maycur_logins_per_minute=1000, piaozone_hold=0) as one:
        yield one


@pytest.fixture
def sources(db: None, sandbox: Sandbox, settings: Any) -> dict[str, Source]:
    """One per system, in the sandbox. The heartbeat is silent: its connection cannot see this test's transaction."""
    settings.HEARTBEAT_SECONDS = 3600.0
    cache.clear()
    companies = {entry["tax_no"]: Company.objects.create(**entry) for entry in sandbox.companies()}
    return {
        entry["kind"]: Source.objects.create(company=companies[entry.pop("company_tax_no")], **entry)
        for entry in sandbox.sources()
    }


@pytest.fixture
def source(kind: str, sources: dict[str, Source]) -> Source:
    return sources[kind]


def logins(sandbox: Sandbox) -> int:
    return sum(line["call"] in ("auth/login", "/base/oauth/token") for line in sandbox.journal)


def pulled(source: Source) -> SyncRun:
    """A pull as a worker makes it: it knows the number of its run and reads the source itself."""
    queued, _created = services.queue_run(Source.objects.get(pk=source.pk), RunTrigger.PERSON)
    run = pulls.pull(queued.pk, QUICK)
    assert run is not None
    return run


def works(source: Source) -> None:
    assert str(services.test_connection(Source.objects.get(pk=source.pk)))
    run = pulled(source)
    assert run.status in (RunStatus.SUCCEEDED, RunStatus.PARTIAL), str(run.error_message)


def refused(source: Source, *intents: Intent) -> None:
    with pytest.raises(UpstreamError) as failure:
        services.test_connection(Source.objects.get(pk=source.pk))
    assert failure.value.intent in intents
    run = pulled(source)
    assert run.status == RunStatus.FAILED
    assert run.error_intent in {intent.value for intent in intents}


@every_credential
def test_a_changed_credential_is_refused_and_a_corrected_one_works(source: Source, name: str) -> None:
    right = dict(source.credentials)
    works(source)
    source.credentials = right | {name: "wr0ng-77"}
    source.save()
    refused(source, Intent.CREDENTIALS)
    source.credentials = right
    source.save()
    works(source)


@every_kind
def test_a_changed_address_is_refused_and_a_corrected_one_works(source: Source) -> None:
    right = source.base_url
    works(source)
    source.base_url = right + "/elsewhere"
    source.save()
    with pytest.raises(HubError):
        services.test_connection(Source.objects.get(pk=source.pk))
    assert pulled(source).status == RunStatus.FAILED
    source.base_url = right
    source.save()
    works(source)


@every_kind
def test_whoever_changes_it_by_whichever_way(source: Source, client: Client, tmp_path: Path) -> None:
    """The form of the administration, ``import_sources``, and a write past the model."""
    client.force_login(AdminFactory())
    name = next(one.name for one in CONNECTORS[source.kind].credentials if one.secret)
    right = dict(source.credentials)
    works(source)
    wrong = {f"credentials_{name}": "wr0ng-77", "options_min_interval_seconds": "0"}
    client.post(f"/admin/sources/source/{source.pk}/change/", posted(source, **wrong))
    assert Source.objects.get(pk=source.pk).credentials[name] == "wr0ng-77"
    refused(source, Intent.CREDENTIALS)
    entry = {
        "name": source.name,
        "kind": source.kind,
        "base_url": source.base_url,
        "company_tax_no": source.company.tax_no,
        "credentials": right,
    }
    (tmp_path / "sources.json").write_text(json.dumps([entry]))
    call_command("import_sources", str(tmp_path / "sources.json"), verbosity=0)
    works(source)
    Source.objects.filter(pk=source.pk).update(credentials=right | {name: "wr0ng-77"})
    refused(source, Intent.CREDENTIALS)
    Source.objects.filter(pk=source.pk).update(credentials=right)
    works(source)


@pytest.mark.parametrize("kind", WITH_TOKEN)
def test_the_test_logs_in_anew_each_time_and_shares_its_token(source: Source, sandbox: Sandbox) -> None:
    before = logins(sandbox)
    services.test_connection(source)
    services.test_connection(source)
    assert logins(sandbox) == before + 2
    pulled(source)
    assert logins(sandbox) == before + 2


@pytest.mark.parametrize("kind", WITH_TOKEN)
def test_a_change_of_anything_else_keeps_the_token(source: Source, sandbox: Sandbox) -> None:
    services.test_connection(source)
    before = logins(sandbox)
    source.interval_minutes, source.name = 7, "another name"
    source.save()
    pulled(source)
    assert logins(sandbox) == before


@pytest.mark.parametrize("kind", WITH_TOKEN)
def test_a_running_pull_stops_at_its_next_call_and_stores_no_token(source: Source) -> None:
    """The settings change between two pages; the old token is still valid at the vendor's."""
    right = dict(source.credentials)
    with SourceContext(source, limits=QUICK) as context:
        pages = CONNECTORS[source.kind](context).fetch()
        next(pages)
        changed = Source.objects.get(pk=source.pk)
        changed.credentials = right | {"appSecret" if source.kind == "maycur" else "client_secret": "wr0ng-77"}
        changed.save()
        assert SourceState.objects.get(source=source).token == {}
        with pytest.raises(TryLater) as stopped:
            list(pages)
    assert stopped.value.message.code == "source.changed"
    assert SourceState.objects.get(source=source).token == {}
    refused(source, Intent.CREDENTIALS)


@pytest.mark.django_db
def test_a_login_that_was_under_way_during_the_change_is_not_stored() -> None:
    source = SourceFactory()

    def login() -> Token:
        Source.objects.filter(pk=source.pk).update(base_url="https://new.example")
        return Token("old", 600.0, {})

    with pytest.raises(TryLater):
        Throttle(source).token(login)
    assert SourceState.objects.get().token == {}


@pytest.mark.django_db
def test_a_token_of_another_login_is_never_used() -> None:
    """As a process of an earlier version, or one that was between check and write, would have stored it."""
    source = SourceFactory()
    Throttle(source).token(lambda: Token("old", 600.0, {}))
    token = SourceState.objects.get().token
    for stored in ({"value": "old", "extra": {}}, token | {"login_key": "of another login"}):
        SourceState.objects.update(token=stored)
        assert Throttle(source).token(lambda: Token("new", 600.0, {})).value == "new"


@pytest.mark.django_db
def test_the_key_of_a_login_reveals_nothing_and_follows_every_part() -> None:
    source = SourceFactory()
    keys = {source.login_key}
    for name, value in (
        ("kind", "etax"),
        ("base_url", "https://new.example"),
        ("credentials", {"authcode": "other"}),
        ("options", {"des_mode": "ecb"}),
    ):
        setattr(source, name, value)
        keys.add(source.login_key)
    assert len(keys) == 5
    assert all(len(key) == 64 for key in keys)


@pytest.mark.django_db
def test_windows_opened_under_the_earlier_login_end() -> None:
    source, other = SourceFactory(kind="piaozone"), SourceFactory(kind="piaozone")
    later = timezone.now() + timedelta(hours=1)
    sessions = [AssistantSession.objects.create(source=one, link_key="k", ends_at=later) for one in (source, other)]
    source.name = "renamed"
    source.save()
    assert all(AssistantSession.objects.get(pk=one.pk).ends_at == later for one in sessions)
    source.credentials = {"client_secret": "new"}
    source.save()
    assert AssistantSession.objects.get(pk=sessions[0].pk).ends_at <= timezone.now()
    assert AssistantSession.objects.get(pk=sessions[1].pk).ends_at == later
