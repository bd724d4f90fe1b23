"""Whole pulls of the five sandbox systems into the ledger: counted, repeatable, and each source's trouble its own."""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.accounts.models import Company
from apps.core.errors import BadRecord
from apps.core.http import Limits
from apps.invoices import services
from apps.invoices.models import Invoice
from apps.invoices.pull import pull
from apps.sandbox.server import Sandbox, running
from apps.sources import runs
from apps.sources.choices import QuarantineState, RunStatus, RunTrigger
from apps.sources.connectors import CONNECTORS
from apps.sources.connectors.base import RawItem
from apps.sources.models import Cursor, QuarantinedRecord, RawRecord, Source, SourceState, SyncRun
from apps.sources.services import queue_run
from tests.invoices.ledgers import Ledger, differences, ledger, wipe

pytestmark = pytest.mark.django_db

GOOD = {RunStatus.SUCCEEDED, RunStatus.PARTIAL}
QUICK = Limits(connect_timeout=2.0, read_timeout=5.0, attempts=2, backoff=0.01, longest_wait=1.0)
COUNTS = ("created", "changed", "unchanged", "quarantined")


WORLD = {"invoices": 120, "seed": 13, "piaozone_hold": 0.05, "maycur_logins_per_minute": 1000}


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    with running(**WORLD) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared: Sandbox) -> Iterator[Sandbox]:
    yield shared
    shared.faults.clear()


@pytest.fixture
def sources(sandbox: Sandbox, settings: Any) -> dict[str, Source]:
    """The five, by kind. The heartbeat is silent: its connection cannot see what this test's transaction holds."""
    settings.HEARTBEAT_SECONDS = 3600.0
    companies = {entry["tax_no"]: Company.objects.create(**entry) for entry in sandbox.companies()}
    return {
        entry["kind"]: Source.objects.create(
            company=companies[entry.pop("company_tax_no")], **{**entry, "options": _unhurried(entry)}
        )
        for entry in sandbox.sources()
    }


def _unhurried(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry["options"], CONNECTORS[entry["kind"]].request_interval: 0}


def pulled(source: Source) -> SyncRun:
    run, created = queue_run(source, RunTrigger.COMMAND)
    assert created
    done = pull(run.pk, QUICK)
    assert done is not None
    return done


def pulled_well(source: Source) -> SyncRun:
    """A pull whose failure is told here, and not as a ledger that differs later."""
    run = pulled(source)
    assert run.status in GOOD, (source.kind, run.error_code, run.error_message)
    return run


def test_everything_received_is_counted_once(sources: dict[str, Source]) -> None:
    for source in sources.values():
        run = pulled_well(source)
        assert run.received == sum(getattr(run, name) for name in COUNTS)
        assert run.created > 0
        assert RawRecord.objects.filter(source=source).exists()
        assert run.quarantined == QuarantinedRecord.objects.filter(source=source).count()
    assert Invoice.objects.filter(merged_into=None).count() > 100


def test_a_second_pull_changes_nothing(sources: dict[str, Source]) -> None:
    for source in sources.values():
        pulled_well(source)
    before = list(Invoice.objects.order_by("pk").values())
    raw = RawRecord.objects.count()
    for kind, source in sources.items():
        run = pulled_well(source)
        assert (run.created, run.changed) == (0, 0), kind
    assert list(Invoice.objects.order_by("pk").values()) == before
    assert RawRecord.objects.count() == raw


@contextmanager
def unasked(sources: Iterable[Source]) -> Iterator[Sandbox]:
    """Systems that nobody has asked before, and an empty ledger: a message that was confirmed does not come again."""
    wipe()
    with running(**WORLD) as fresh:
        addresses = {entry["name"]: entry["base_url"] for entry in fresh.sources()}
        for source in sources:
            source.base_url = addresses[source.name]
            source.save(update_fields=["base_url"])
            SourceState.objects.filter(source=source).update(token={}, token_expires_at=None)
        yield fresh


def undisturbed(sources: Iterable[Source]) -> Ledger:
    """The ledger these pulls fill, in this order."""
    with unasked(sources):
        for source in sources:
            pulled_well(source)
    return ledger()


@pytest.mark.parametrize("turned", [1, 3])
def test_any_order_of_sources_gives_the_same_ledger(sources: dict[str, Source], turned: int) -> None:
    ordered = list(sources.values())
    expected = undisturbed(ordered)
    assert len(expected) > 100
    assert differences(undisturbed(list(reversed(ordered[turned:] + ordered[:turned]))), expected) == []


def test_a_pull_that_stopped_in_the_middle_is_completed_by_the_next(sources: dict[str, Source]) -> None:
    expected = undisturbed(sources.values())
    with unasked(sources.values()) as sandbox:
        sandbox.fault("etax", "http_500", times=2, after=4)
        assert pulled(sources["etax"]).status == RunStatus.FAILED
        sandbox.faults.clear()
        for source in sources.values():
            pulled_well(source)
    assert differences(ledger(), expected) == []


WRONG_SECRETS = {
    "checker": "authcode",
    "shopex": "token",
    "etax": "appsecret",
    "maycur": "appSecret",
    "piaozone": "client_secret",
}


@pytest.mark.parametrize("kind", sorted(WRONG_SECRETS))
def test_a_wrong_secret_fails_with_one_sentence(sources: dict[str, Source], kind: str) -> None:
    source = sources[kind]
    source.credentials = {**source.credentials, WRONG_SECRETS[kind]: "certainly-not-it"}
    source.save()
    failed_clearly(pulled(source), "certainly-not-it")
    others_go_on(sources, kind)


def test_an_unreachable_host_fails_with_one_sentence(sources: dict[str, Source]) -> None:
    source = sources["checker"]
    source.base_url = "http://127.0.0.1:9/checker"
    source.save()
    run = pulled(source)
    failed_clearly(run)
    assert run.error["code"] == "http.unreachable"
    others_go_on(sources, "checker")


@pytest.mark.parametrize(
    ("kind", "fault", "code"),
    [
        ("shopex", "html_page", "http.html_page"),
        ("maycur", "html_page", "http.html_page"),
        ("piaozone", "huge_body", "http.too_large"),
        ("checker", "huge_body", "http.too_large"),
        ("etax", "zip_bomb", "etax.zip_bomb"),
    ],
)
def test_a_monstrous_answer_fails_with_one_sentence(
    sources: dict[str, Source], sandbox: Sandbox, kind: str, fault: str, code: str
) -> None:
    sandbox.fault(kind, fault, times=100)
    if fault == "zip_bomb":
        sources[kind].options |= {"iszip": True}
        sources[kind].save()
    run = pulled(sources[kind])
    failed_clearly(run)
    assert run.error["code"] == code
    others_go_on(sources, kind)


def failed_clearly(run: SyncRun, secret: str = "") -> None:
    sentence = str(run.error_message)
    assert run.status == RunStatus.FAILED
    assert run.error_intent
    assert run.error["code"] != "run.unexpected"
    assert sentence.rstrip().endswith((".", "。", "…"))
    assert run.error_message.code not in sentence  # a sentence, not a code without one
    assert "%(" not in sentence
    assert not secret or secret not in sentence
    assert (run.received, run.finished_at is not None) == (0, True)


def others_go_on(sources: dict[str, Source], kind: str) -> None:
    other = next(source for name, source in sources.items() if name != kind and name != "piaozone")
    assert pulled(other).status in GOOD


def test_when_upstream_names_a_time_the_source_comes_back_then(sources: dict[str, Source], sandbox: Sandbox) -> None:
    sandbox.settings.retry_after = 300
    try:
        sandbox.fault("shopex", "http_429", times=100)
        started = timezone.now()
        run = pulled(sources["shopex"])
    finally:
        sandbox.settings.retry_after = 1
    assert run.status == RunStatus.FAILED
    due = SourceState.objects.get(source=sources["shopex"]).next_due_at
    assert timedelta(seconds=299) < due - started < timedelta(seconds=330)


def test_a_worker_that_was_taken_for_dead_cannot_store_another_page(sources: dict[str, Source]) -> None:
    """It wakes up after its successor was queued: its page rolls back, records, cursor and all."""
    source = sources["shopex"]
    pulled(source)
    expected = ledger()
    wipe()
    fetch = CONNECTORS["shopex"].fetch

    def fallen_asleep(connector: Any) -> Iterator[Any]:
        for page in fetch(connector):
            yield page
            if page.items and not SyncRun.objects.filter(status=RunStatus.INTERRUPTED).exists():
                SyncRun.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
                runs.reap()
                before.extend(stored(source))

    before: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CONNECTORS["shopex"], "fetch", fallen_asleep)
        run = pulled(source)
    assert (run.status, run.received) == (RunStatus.INTERRUPTED, before[0])
    assert stored(source) == before
    successor = SyncRun.objects.get(trigger=RunTrigger.RECOVERY)
    finished = pull(successor.pk, QUICK)
    assert finished is not None
    assert finished.status in GOOD
    assert differences(ledger(), expected) == []


def stored(source: Source) -> list[Any]:
    cursors = Cursor.objects.filter(source=source).order_by("stream")
    return [RawRecord.objects.filter(source=source).count(), *cursors.values_list("stream", "position")]


def test_a_fault_of_ours_ends_the_run_and_no_secret_shows(
    sources: dict[str, Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(self: Any) -> Iterator[Any]:
        raise RuntimeError("sbxdes88 in a traceback")

    monkeypatch.setattr(CONNECTORS["checker"], "fetch", fetch)
    run = pulled(sources["checker"])
    assert (run.status, run.error["code"]) == (RunStatus.FAILED, "run.unexpected")
    assert "sbxdes88" not in str(run.error_message)


def test_a_cancelled_pull_keeps_its_pages_and_the_next_one_completes_them(sources: dict[str, Source]) -> None:
    """The heartbeat hears of it between two pages."""
    source = sources["etax"]
    pulled(source)
    expected = ledger()
    wipe()
    record_page, heard = runs.record_page, runs.Heartbeat.check

    def record_and_cancel(run: SyncRun, *args: Any) -> None:
        record_page(run, *args)
        SyncRun.objects.filter(pk=run.pk, received__gt=0).update(cancel_requested_at=timezone.now())

    def hear_at_once(heartbeat: runs.Heartbeat) -> None:
        heartbeat._beat()
        heard(heartbeat)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "record_page", record_and_cancel)
        patch.setattr(runs.Heartbeat, "check", hear_at_once)
        run = pulled(source)
    assert run.status == RunStatus.CANCELLED
    assert run.error["code"] == "run.cancelled"
    assert 0 < RawRecord.objects.filter(source=source).count() == run.received < len(expected)
    assert pulled(source).status in GOOD
    assert differences(ledger(), expected) == []


def refuse(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """From now on this kind's connector takes none of its records for an invoice."""

    def parse(item: RawItem, source: Any) -> Any:
        raise BadRecord("record.missing", field="number")

    monkeypatch.setattr(CONNECTORS[kind], "parse", staticmethod(parse))


@pytest.mark.parametrize("kind", ["checker", "etax"])
def test_after_a_fix_quarantined_records_come_in_without_a_call(
    sources: dict[str, Source], sandbox: Sandbox, kind: str
) -> None:
    source = sources[kind]
    pulled(source)
    expected, held_back = ledger(), QuarantinedRecord.objects.filter(state=QuarantineState.OPEN).count()
    wipe()
    with pytest.MonkeyPatch.context() as patch:
        refuse(patch, kind)
        run = pulled(source)
    assert (run.status, run.created, run.changed) == (RunStatus.PARTIAL, 0, 0)
    assert run.quarantined == run.received > 0
    assert not Invoice.objects.exists()
    calls = len(sandbox.journal)
    first = QuarantinedRecord.objects.filter(external_id=any_source_record(expected)).get()
    assert services.retry_quarantined([first.pk]) == services.RetryResult(1, 0)
    first.refresh_from_db()
    assert (first.state, first.attempts) == (QuarantineState.RESOLVED, 2)
    rest = services.retry_quarantined(None, source)
    assert rest.remaining == held_back
    assert differences(ledger(), expected) == []
    assert len(sandbox.journal) == calls


def any_source_record(invoices: dict[str, dict[str, Any]]) -> str:
    return next(iter(invoices.values()))["source_records"][0][1]


def test_reparse_reads_what_is_stored_and_calls_nobody(sources: dict[str, Source], sandbox: Sandbox) -> None:
    for source in sources.values():
        pulled_well(source)
    expected, calls = ledger(), len(sandbox.journal)
    before = list(Invoice.objects.order_by("pk").values())
    call_command("reparse", stdout=io.StringIO())
    assert list(Invoice.objects.order_by("pk").values()) == before
    assert differences(ledger(), expected) == []
    assert len(sandbox.journal) == calls


def test_a_dry_reparse_counts_and_changes_nothing(sources: dict[str, Source], monkeypatch: pytest.MonkeyPatch) -> None:
    source = sources["shopex"]
    pulled(source)
    before = list(Invoice.objects.order_by("pk").values())
    waiting = QuarantinedRecord.objects.count()
    refuse(monkeypatch, "shopex")
    *_, total = services.reparse(source, dry_run=True)
    assert total.quarantined == total.looked_at > 0
    assert QuarantinedRecord.objects.count() == waiting
    assert list(Invoice.objects.order_by("pk").values()) == before


def test_a_record_that_turns_unreadable_after_it_was_resolved_waits_again(
    sources: dict[str, Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = sources["checker"]
    with pytest.MonkeyPatch.context() as patch:
        refuse(patch, "checker")
        pulled(source)
    services.retry_quarantined(None, source)
    refuse(monkeypatch, "checker")
    *_, total = services.reparse(source)
    assert QuarantinedRecord.objects.filter(state=QuarantineState.OPEN).count() == total.quarantined > 0


def test_a_dry_rekey_changes_nothing(sources: dict[str, Source]) -> None:
    for source in sources.values():
        pulled(source)
    Invoice.objects.update(identity_version=0)
    before = list(Invoice.objects.order_by("pk").values())
    out = io.StringIO()
    call_command("rekey", "--dry-run", stdout=out)
    assert "0 would change" in out.getvalue()  # the rules did not change, only the version that the rows carry
    assert list(Invoice.objects.order_by("pk").values()) == before
    call_command("rekey", stdout=out)
    assert not Invoice.objects.filter(merged_into=None, identity_version=0).exists()


def test_the_cursor_stands_behind_what_is_stored(sources: dict[str, Source], sandbox: Sandbox) -> None:
    """A page that cannot be stored leaves neither records nor a moved cursor."""
    source = sources["checker"]
    with pytest.MonkeyPatch.context() as patch:

        def broken(*_: Any) -> None:
            raise RuntimeError("the disk is full")

        patch.setattr(runs, "record_page", broken)
        run = pulled(source)
    assert run.status == RunStatus.FAILED
    assert not RawRecord.objects.filter(source=source).exists()
    assert not Cursor.objects.filter(source=source).exists()
    assert not Invoice.objects.exists()
