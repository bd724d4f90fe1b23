"""Every connector's handling of faults, refusals and expired tokens."""

import threading
from dataclasses import replace
from typing import Any

import pytest

from apps.core.errors import Intent, NeedsPerson, TryLater
from apps.sandbox import server
from tests.progress import STALL_SECONDS

from .conformance import (
    CASES,
    FAULTS,
    FAULTS_BEFORE,
    IMPATIENT,
    every_case,
    undisturbed,
    with_token,
)
from .context import QUICK, pulled

# Faults


@every_case
@pytest.mark.parametrize("fault", FAULTS)
def test_temporary_fault_is_retried(case, desk, fault):
    desk.fault(fault, after=1, call=case.path if fault in FAULTS_BEFORE else case.call)
    assert desk.pull(limits=IMPATIENT).error is None
    assert desk.store.records == undisturbed(case.kind).records
    assert desk.sandbox.faults.armed() == []


@every_case
@pytest.mark.parametrize("fault", FAULTS)
def test_permanent_fault_ends_the_run_with_message_and_loses_no_rows(case, desk, fault):
    desk.fault(fault, times=10_000, after=1, call=case.path if fault in FAULTS_BEFORE else case.call)
    error = desk.pull(limits=replace(IMPATIENT, attempts=2)).error
    assert isinstance(error, TryLater)
    assert error.message.code == FAULTS[fault]
    assert "%(" not in str(error)
    desk.sandbox.faults.clear()
    assert desk.pull().error is None
    assert desk.store.records == undisturbed(case.kind).records


@every_case
def test_connector_waits_for_retry_after(case, desk):
    desk.sandbox.settings.retry_after = 3
    desk.fault("http_429", call=case.path)
    assert desk.pull().error is None
    assert 3 in desk.clock.slept


@every_case
def test_too_long_retry_after_ends_the_run(case, desk):
    desk.sandbox.settings.retry_after = 3600
    desk.fault("http_429", call=case.path)
    error = desk.pull().error
    assert isinstance(error, TryLater)
    assert error.retry_after == 3600
    assert max(desk.clock.slept, default=0) < 60


@every_case
def test_huge_body_is_refused(case, desk):
    desk.fault("huge_body", call=case.path)
    error = desk.pull(limits=replace(QUICK, max_bytes=1024 * 1024)).error
    assert isinstance(error, NeedsPerson)
    assert error.message.code == "http.too_large"


@every_case
@pytest.mark.parametrize("after", [1, 2, 4])  # not 0: the first page may be empty, and so would its repetition
def test_repeated_page_loses_no_rows(case, desk, after):
    desk.fault("repeated_page", after=after, call=case.call)
    error = desk.pull().error
    assert error is None or isinstance(error, TryLater)
    assert desk.pull().error is None
    assert desk.store.records.keys() == undisturbed(case.kind).records.keys()


@every_case
def test_unreachable_host_ends_the_run_with_message(case, desk):
    connector = desk.connector()
    connector.context.base_url = "http://127.0.0.1:1"
    with connector.context:
        error = pulled(connector).error
    assert isinstance(error, TryLater)
    assert error.message.code == "http.unreachable"


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.kind in ("shopex", "etax")], ids=lambda case: case.kind
)
def test_fewer_rows_than_count_is_an_error(case, desk):
    if case.kind == "etax":
        desk.fault("short_count", times=10_000)
    else:
        desk.change_counts(by=7)
    result = desk.pull()
    assert isinstance(result.error, TryLater)
    assert result.error.message.code == f"{case.kind}.shortfall"
    assert desk.store.raw.keys() == undisturbed(case.kind).raw.keys()


# Error codes


@pytest.mark.parametrize(
    ("case", "refusal"),
    [
        pytest.param(case, refusal, id=f"{case.kind}-{next(iter(refusal.reply.values()))}-{place}")
        for case in CASES
        for place, refusal in enumerate(case.refusals)
    ],
)
def test_error_codes_have_documented_intent(desk, refusal):
    desk.refuse(refusal)
    error = desk.pull().error
    if refusal.intent is None:
        assert error is None
        return
    assert error is not None
    assert error.intent is refusal.intent
    assert isinstance(error, TryLater if refusal.intent is Intent.TRY_LATER else NeedsPerson)
    assert "sign string" not in str(error)
    assert "%(" not in str(error)
    assert desk.store.cursors == {}


@every_case
def test_answer_that_is_no_object_is_retried_later(case, desk):
    desk.answer(lambda request, handle: server.json_reply(["?"]))
    error = desk.pull().error
    assert isinstance(error, TryLater)


@pytest.mark.parametrize("case", [case for case in CASES if case.kind == "checker"], ids=lambda case: case.kind)
def test_expired_authorisation_needs_a_person(desk):
    desk.fault("expired_token", after=1)
    error = desk.pull().error
    assert isinstance(error, NeedsPerson)
    assert error.intent is Intent.CREDENTIALS
    assert len(desk.store.raw) == 50


# Tokens


@with_token
def test_expired_token_is_renewed_once(case, desk):
    desk.fault("expired_token", after=2)
    assert desk.pull().error is None
    assert desk.logins() == 2
    assert desk.store.records == undisturbed(case.kind).records


@with_token
def test_token_is_reused_by_the_next_run(case, desk):
    desk.pull()
    desk.pull()
    assert desk.logins() == 1


@with_token
def test_workers_share_one_renewal(case, desk):
    workers = [desk.connector() for _ in range(4)]
    with workers[0].context:
        workers[0].test()
    desk.fault("expired_token")
    start, results = threading.Barrier(len(workers)), []

    def work(worker: Any) -> None:
        start.wait()
        with worker.context:
            results.append(worker.test())

    threads = [threading.Thread(target=work, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(STALL_SECONDS)
    assert len(results) == len(workers)
    assert desk.logins() == 2


@with_token
def test_token_that_is_always_refused_is_renewed_once(case, desk):
    desk.fault("expired_token", times=10_000)
    assert isinstance(desk.pull().error, NeedsPerson)
    assert desk.logins() == 2
