"""Secrets of sources are stored in their encrypted column only: after they were used, everything that is stored is
searched for them."""

import contextlib
import logging
import zlib
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.views.debug import ExceptionReporter
from django_rq import get_connection

from apps.accounts.models import Company
from apps.core.errors import HubError
from apps.core.http import Limits
from apps.invoices.pull import pull
from apps.outbox import delivery
from apps.outbox import services as outbox
from apps.sandbox.server import Sandbox, running
from apps.sources import services
from apps.sources.choices import PushKind, RunTrigger
from apps.sources.connectors import CONNECTORS
from apps.sources.models import RawRecord, Source, SourceState, SyncRun
from apps.sources.pushes import VoucherBook, VoucherCollect, VoucherReference
from tests.factories import PASSWORD, AdminFactory, SourceFactory, SyncRunFactory
from tests.sources.connectors.pushes import voucher
from tests.sources.test_admin import posted

QUICK = Limits(connect_timeout=2.0, read_timeout=5.0, attempts=2, backoff=0.01, longest_wait=1.0)
MARK = "mark-7f3a91"  # within every wrong credential; at most its own length is needed to find it


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(invoices=60, seed=13, maycur_logins_per_minute=1000) as one:
        yield one


@pytest.fixture
def sources(db: None, sandbox: Sandbox, settings: Any) -> list[Source]:
    """All five kinds. The heartbeat is silent: its connection cannot see what this test's transaction holds."""
    settings.HEARTBEAT_SECONDS = 3600.0
    cache.clear()
    companies = {entry["tax_no"]: Company.objects.create(**entry) for entry in sandbox.companies()}
    return [
        Source.objects.create(
            company=companies[entry.pop("company_tax_no")],
            **{**entry, "options": {**entry["options"], CONNECTORS[entry["kind"]].request_interval: 0}},
        )
        for entry in sandbox.sources()
    ]


def secrets_of(source: Source) -> set[str]:
    named = {one.name for one in CONNECTORS[source.kind].credentials if one.secret}
    return {value for name, value in source.credentials.items() if name in named}


def tables() -> Iterator[tuple[str, str]]:
    """Every row of every table as text, history and join tables included."""
    for model in apps.get_models(include_auto_created=True):
        table = connection.ops.quote_name(model._meta.db_table)
        if model._meta.managed and not model._meta.proxy:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT whole::text FROM {table} AS whole")
                yield from ((model._meta.label, row) for (row,) in cursor)


def in_redis() -> Iterator[tuple[str, str]]:
    """Every key with its value, RQ's packed job data unpacked."""
    redis = get_connection("pulls")
    readers = {
        "string": lambda key: [redis.get(key)],
        "hash": lambda key: [part for pair in redis.hgetall(key).items() for part in pair],
        "list": lambda key: redis.lrange(key, 0, -1),
        "set": lambda key: list(redis.smembers(key)),
        "zset": lambda key: redis.zrange(key, 0, -1),
        "stream": lambda key: [str(redis.xrange(key)).encode()],
    }
    for key in redis.scan_iter():
        for value in [key, *readers[redis.type(key).decode()](key)]:
            yield f"redis {key!r}", unpacked(value)


def unpacked(value: bytes) -> str:
    with contextlib.suppress(zlib.error):
        value = zlib.decompress(value)
    return value.decode("utf-8", "replace")


def reports() -> Iterator[tuple[str, str]]:
    """The texts that the installation reports about itself."""
    out = StringIO()
    call_command("doctor", stdout=out)
    yield "doctor", out.getvalue()
    yield "health", Client().get("/health/").text


def occurrences(secrets: set[str], log: str) -> list[tuple[str, str, str]]:
    """(place, secret, context) of every occurrence."""
    places = [*tables(), *in_redis(), *reports(), ("log", log)]
    everywhere = {place for place, _text in places}
    assert {"sources.SyncRun", "sources.SourceEvent", "doctor", "health"} <= everywhere
    assert "upstream.call" in log
    return [
        (place, secret, text[max(text.find(secret) - 80, 0) :][:200])
        for place, text in places
        for secret in secrets
        if secret in text
    ]


def run(source: Source) -> SyncRun:
    queued, _new = services.queue_run(source, RunTrigger.COMMAND)
    done = pull(queued.pk, QUICK)
    assert done is not None
    return done


def reported(error: Exception) -> str:
    """The text of an error in a log and in a mail."""
    request = RequestFactory().get("/")
    return ExceptionReporter(request, type(error), error, error.__traceback__).get_traceback_text()


def test_successful_use_leaks_no_secret(
    sources: list[Source], caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    """Pulls, tests of the connection, an edit in the administration, and pushes that are taken or refused."""
    caplog.set_level(logging.INFO)
    admin = AdminFactory()
    client = Client()
    assert client.post("/account/login/", {"login": admin.username, "password": PASSWORD}).status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        for source in sources:
            assert run(source).error is None, source.kind
            client.post(f"/admin/sources/source/{source.pk}/test_now/")
            services.test_connection(source)
            services.queue_run(source, RunTrigger.PERSON, admin)
    secrets = {secret for source in sources for secret in secrets_of(source)} | {PASSWORD}
    secrets |= {state.token["value"] for state in SourceState.objects.all() if state.token}
    piaozone = next(source for source in sources if source.kind == "piaozone")
    for number, payload in enumerate((voucher(), VoucherCollect(voucher=VoucherReference("", ""), book=VoucherBook()))):
        command = outbox.PushCommand(
            source=piaozone, company=piaozone.company, kind=PushKind.VOUCHER_COLLECT, subject=f"voucher:{number}",
            label="x", payload=payload,
        )  # fmt: skip
        outbox.queue([command], admin)
    assert delivery.deliver(piaozone.pk, 10) == 2
    assert len(secrets) > len(sources) + 1
    assert any("rq:job" in place for place, _text in in_redis())
    assert occurrences(secrets, caplog.text) == []


def test_refused_use_leaks_no_secret(sources: list[Source], caplog: pytest.LogCaptureFixture) -> None:
    """Wrong credentials, entered in the administration, and everything that fails with them."""
    caplog.set_level(logging.INFO)
    client = Client()
    client.force_login(AdminFactory())
    texts = []
    for source in sources:
        named = [one.name for one in CONNECTORS[source.kind].credentials if one.secret]
        entered = {f"credentials_{name}": MARK[-8:] if name == "des_key" else f"{MARK}-{name}" for name in named}
        url = f"/admin/sources/source/{source.pk}/change/"
        answer = client.post(url, posted(source, **entered), follow=True)
        texts += [("page", answer.text), ("page", client.get(url).text)]
        texts.append(("page", client.get(f"/admin/sources/source/{source.pk}/history/").text))
        source.refresh_from_db()
        assert answer.redirect_chain, answer.context["adminform"].form.errors
        assert any(MARK[-8:] in value for value in source.credentials.values()), source.kind
        SourceState.objects.filter(source=source).update(token={}, token_expires_at=None)
        failed = run(source)
        assert failed.error is not None, source.kind
        texts.append(("page", client.get(f"/pulls/{failed.pk}/").text))
        try:
            services.test_connection(source)
        except HubError as error:
            texts.append(("report", reported(error)))
        texts.append(("page", client.post(f"/admin/sources/source/{source.pk}/test_now/", follow=True).text))
    assert [(place, text) for place, text in texts if MARK[-8:] in text] == []
    assert occurrences({MARK[-8:]}, caplog.text) == []


def test_echoed_secrets_are_not_stored(
    sources: list[Source], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Secrets and the token of the day in every record, as text, as a name and within another text."""
    caplog.set_level(logging.INFO)
    for source in sources:
        assert run(source).error is None, source.kind
    tokens = {state.source_id: state.token["value"] for state in SourceState.objects.all() if state.token}
    secrets = {secret for source in sources for secret in secrets_of(source)} | {*tokens.values()}
    assert len(tokens) == 2

    def said_back(source: Source) -> Any:
        own = [*secrets_of(source), *filter(None, [tokens.get(source.pk)])]
        words = {f"echo{place}": f"you sent {secret}!" for place, secret in enumerate(own)}

        def arranged(rows: list[Any], _request: Any) -> list[Any]:
            return [row | words | {own[0]: own, "remark": own[-1], "remarks": own[0]} for row in rows]

        return arranged

    for source in sources:
        monkeypatch.setattr(f"apps.sandbox.{source.kind}.arranged", said_back(source))
        source.cursors.all().delete()
        done = run(source)
        assert done.error is None, (source.kind, str(done.error_message))
        assert done.received, source.kind
    assert occurrences(secrets, caplog.text) == []
    assert RawRecord.objects.filter(payload__contains="you sent ***!").values("source").distinct().count() == 5


@pytest.mark.django_db
def test_the_search_finds_a_stored_secret() -> None:
    cache.clear()
    SyncRunFactory(source=SourceFactory(name=MARK))
    get_connection("pulls").set("somewhere", zlib.compress(MARK.encode()))
    places = {place for place, _secret, _text in occurrences({MARK}, f"upstream.call {MARK}")}
    cache.clear()
    assert places >= {"sources.Source", "sources.SourceEvent", "redis b'somewhere'", "log"}
