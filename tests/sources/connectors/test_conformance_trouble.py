"""What every connector makes of faults, refusals and worn-out tokens."""

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

# Trouble on the way


@every_case
@pytest.mark.parametrize("fault", FAULTS)
def test_a_temporary_fault_is_retried(case, desk, fault):
    desk.fault(fault, after=1, call=case.path if fault in FAULTS_BEFORE else case.call)
    assert desk.pull(limits=IMPATIENT).error is None
    assert desk.store.records == undisturbed(case.kind).records
    assert desk.sandbox.faults.armed() == []


@every_case
@pytest.mark.parametrize("fault", FAULTS)
def test_a_lasting_fault_ends_the_run_in_one_sentence_and_loses_nothing(case, desk, fault):
    desk.fault(fault, times=10_000, after=1, call=case.path if fault in FAULTS_BEFORE else case.call)
    error = desk.pull(limits=replace(IMPATIENT, attempts=2)).error
    assert isinstance(error, TryLater)
    assert error.message.code == FAULTS[fault]
    assert "%(" not in str(error)
    desk.sandbox.faults.clear()
    assert desk.pull().error is None
    assert desk.store.records == undisturbed(case.kind).records


@every_case
def test_retry_after_is_waited_for(case, desk):
    desk.sandbox.settings.retry_after = 3
    desk.fault("http_429", call=case.path)
    assert desk.pull().error is None
    assert 3 in desk.clock.slept


@every_case
def test_a_retry_after_beyond_patience_ends_the_run(case, desk):
    desk.sandbox.settings.retry_after = 3600
    desk.fault("http_429", call=case.path)
    error = desk.pull().error
    assert isinstance(error, TryLater)
    assert error.retry_after == 3600
    assert max(desk.clock.slept, default=0) < 60


@every_case
def test_a_huge_body_is_refused(case, desk):
    desk.fault("huge_body", call=case.path)
    error = desk.pull(limits=replace(QUICK, max_bytes=1024 * 1024)).error
    assert isinstance(error, NeedsPerson)
    assert error.message.code == "http.too_large"


@every_case
@pytest.mark.parametrize("after", [1, 2, 4])  # the first page may be empty, and an empty page looks like any other
def test_a_repeated_page_loses_no_rows(case, desk, after):
    desk.fault("repeated_page", after=after, call=case.call)
    error = desk.pull().error
    assert error is None or isinstance(error, TryLater)
    assert desk.pull().error is None
    assert desk.store.records.keys() == undisturbed(case.kind).records.keys()


@every_case
def test_an_unreachable_host_ends_the_run_in_one_sentence(case, desk):
    connector = desk.connector()
    connector.context.base_url = "http://127.0.0.1:1"
    with connector.context:
        error = pulled(connector).error
    assert isinstance(error, TryLater)
    assert error.message.code == "http.unreachable"


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.kind in ("shopex", "etax")], ids=lambda case: case.kind
)
def test_a_shortfall_against_the_count_is_an_error_of_the_run(case, desk):
    if case.kind == "etax":
        desk.fault("short_count", times=10_000)
    else:
        desk.change_counts(by=7)
    result = desk.pull()
    assert isinstance(result.error, TryLater)
    assert result.error.message.code == f"{case.kind}.shortfall"
    assert desk.store.raw.keys() == undisturbed(case.kind).raw.keys()


# What answers mean


@pytest.mark.parametrize(
    ("case", "refusal"),
    [
        pytest.param(case, refusal, id=f"{case.kind}-{next(iter(refusal.reply.values()))}-{place}")
        for case in CASES
        for place, refusal in enumerate(case.refusals)
    ],
)
def test_every_code_has_the_intent_of_the_page(desk, refusal):
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
def test_what_is_no_object_is_no_answer(case, desk):
    desk.answer(lambda request, handle: server.json_reply(["?"]))
    error = desk.pull().error
    assert isinstance(error, TryLater)


@pytest.mark.parametrize("case", [case for case in CASES if case.kind == "checker"], ids=lambda case: case.kind)
def test_an_authorisation_that_ran_out_needs_a_person(desk):
    desk.fault("expired_token", after=1)
    error = desk.pull().error
    assert isinstance(error, NeedsPerson)
    assert error.intent is Intent.CREDENTIALS
    assert len(desk.store.raw) == 50


# Tokens


@with_token
def test_an_expired_token_is_renewed_once(case, desk):
    desk.fault("expired_token", after=2)
    assert desk.pull().error is None
    assert desk.logins() == 2
    assert desk.store.records == undisturbed(case.kind).records


@with_token
def test_the_token_outlives_the_run(case, desk):
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
def test_a_token_that_never_helps_is_not_asked_for_again_and_again(case, desk):
    desk.fault("expired_token", times=10_000)
    assert isinstance(desk.pull().error, NeedsPerson)
    assert desk.logins() == 2
