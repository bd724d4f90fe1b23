"""Vouchers are collected, edited and voided while the upstream fails one call in five and our processes are killed at
random. Afterwards both sides agree, and no call of unknown outcome was repeated without a status query or a person.

Hundreds of vouchers in the suite, two thousand in ``make chaos``.
"""

import json
import random
import subprocess
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.sandbox.server import Sandbox, running
from tests.progress import wait_until

from .installation import VICTIMS, Installation
from .scale import scaled

pytestmark = [pytest.mark.durability, pytest.mark.xdist_group("storm")]

VOUCHERS, KILLS, LEAST_KILLS = scaled(200, 2000), scaled(8, 60), scaled(4, 20)
LEAST_UNCLEAR, LEAST_INVOICES = scaled(2, 50), 20
ATTEMPTS_BETWEEN_KILLS = scaled(20, 60)  # counted, so that a slow machine has as many attempts between kills
MOVING = "SELECT 1 FROM outbox_push WHERE state IN ('pending', 'sending', 'waiting') LIMIT 1"
UNCLEAR = {"failed_after", "lost_reply"}
COLLECT, DELETE = "additionalInformation/collect", "voucher/del"


def test_both_sides_agree_after_failed_calls_and_kills(data_dir: Path) -> None:
    seed = random.randrange(10**6)
    print(f"seed of the moments: {seed}")  # noqa: T201 - shown with a failure
    installation = Installation(
        data_dir,
        INVOICEHUB_PUSH_LEASE_SECONDS="4",
        INVOICEHUB_PUSH_STATUS_QUERY_SECONDS="0.3",
        INVOICEHUB_PUSH_RETRY_SECONDS="0.3",
    )
    with running(invoices=120, seed=5, piaozone_hold=0.1, hang=0.2) as sandbox:
        (cloud,) = (source["name"] for source in sandbox.sources() if source["kind"] == "piaozone")
        installation.fill(sandbox, ["sync", cloud, "--inline"])
        sandbox.settings.failing["piaozone"] = 0.2
        with installation.working():
            report, killed = run_with_kills(installation, sandbox, seed)
        print(f"killed while pushes moved: {dict(killed)}; decided: {report['decided']}")  # noqa: T201
        assert killed.total() >= LEAST_KILLS
        assert_upstream_has_current_vouchers(report, sandbox)
        assert_versions_arrived_in_order(report, sandbox)
        assert_no_unknown_call_was_repeated(report, sandbox)


def run_with_kills(installation: Installation, sandbox: Sandbox, seed: int) -> tuple[dict[str, Any], Counter[str]]:
    """Run the accountant while processes are killed. Returns its report and the number of kills per victim."""
    killed, calm = Counter[str](), threading.Event()
    words = ["-m", "tests.durability.accountant", sandbox.url, str(VOUCHERS), str(seed)]
    person = installation.start(*words, stdout=subprocess.PIPE)
    reading = OutputReader(person)
    killing = threading.Thread(target=kill_at_random, args=(installation, random.Random(seed), killed, calm))
    killing.start()
    try:
        reading.wait_for(lambda lines: "acted" in lines)
        sandbox.settings.failing.clear()
        reading.wait_for(lambda lines: lines[-1].startswith("{"))
    finally:
        calm.set()
        killing.join()
        person.kill()
        person.wait()
        reading.join()
    return json.loads(reading.lines[-1]), killed


class OutputReader(threading.Thread):
    """Collects the output lines of a process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        super().__init__()
        self.process, self.lines = process, [""]
        self.start()

    def run(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            self.lines.extend(line.strip() for line in lines)

    def wait_for(self, arrived: Callable[[list[str]], bool]) -> None:
        """Wait until ``arrived`` is true of the lines. Fails when the process ends before that or stops printing."""
        wait_until(
            lambda: arrived(self.lines) or not self.is_alive(),
            lambda: len(self.lines),
            work="the accountant",
            pause=0.2,
        )
        assert arrived(self.lines), self.lines[-3:]


def kill_at_random(installation: Installation, rng: random.Random, killed: Counter[str], calm: threading.Event) -> None:
    """Kill random victims, each after some more push attempts, until ``calm`` is set."""

    def attempts() -> int:
        count: int = installation.query("SELECT count(*) FROM outbox_pushattempt")[0][0]
        return count

    while killed.total() < KILLS:
        enough = attempts() + rng.randrange(1, 2 * ATTEMPTS_BETWEEN_KILLS)
        while attempts() < enough:
            if calm.wait(0.05):
                return
        if calm.wait(rng.uniform(0.0, 0.5)):
            return
        victim = rng.choice(VICTIMS)
        killed[victim] += installation.kill(victim, MOVING)


def assert_upstream_has_current_vouchers(report: dict[str, Any], sandbox: Sandbox) -> None:
    """The upstream has the current content of every voucher."""
    upstream_vouchers = sandbox.books.snapshot()["vouchers"]
    expected = report["expected"]
    assert len(expected) == VOUCHERS
    wrong = [
        (vouch_id, content, upstream_vouchers.get(vouch_id))
        for vouch_id, content in expected.items()
        if (
            None
            if vouch_id not in upstream_vouchers or upstream_vouchers[vouch_id]["deleted"]
            else upstream_vouchers[vouch_id]["content"]
        )
        != content
    ]
    assert wrong[:3] == []
    assert set(report["push_states"]) <= {"collected", "voided", "not_sent"}
    states = sandbox.books.snapshot()["invoices"]
    last = {
        one["serialNo"]: push["payload"]["expenseStatus"]
        for push in report["pushes"]
        if push["kind"] == "invoice_status" and push["state"] == "done"
        for one in push["payload"]["invoiceData"]
    }
    assert len(last) > LEAST_INVOICES
    assert {serial: states.get(serial, {"expenseStatus": "1"})["expenseStatus"] for serial in last} == last
    assert {push["state"] for push in report["pushes"]} <= {"done", "cancelled"}
    for push in report["pushes"]:
        if push["state"] == "cancelled":
            assert push["reason"] in ("superseded", "unneeded")


def assert_versions_arrived_in_order(report: dict[str, Any], sandbox: Sandbox) -> None:
    """The upstream received the versions of a voucher in order, and no version twice in a row."""
    revisions: dict[tuple[str, str], list[int]] = {}
    for push in report["pushes"]:
        if push["kind"] == "voucher_collect":
            body = push["payload"]
            key = (body["voucherInfo"]["vouchId"], json.dumps(body, sort_keys=True))
            revisions.setdefault(key, []).append(push["revision"])
    last_version: dict[str, tuple[str, int]] = {}
    for effect in sandbox.books.effects:
        if effect.call.endswith(DELETE):
            last_version.pop(effect.subject, None)
        elif effect.call.endswith(COLLECT):
            content = json.dumps(effect.content, sort_keys=True)
            candidates = revisions[effect.subject, content]
            before, revision = last_version.get(effect.subject, ("", 0))
            assert content != before, f"{effect.subject} was collected twice with the same content"
            assert max(candidates) > revision, f"{effect.subject} went back to an older version"
            last_version[effect.subject] = (content, next(one for one in candidates if one > revision))


def assert_no_unknown_call_was_repeated(report: dict[str, Any], sandbox: Sandbox) -> None:
    """An attempt of unknown outcome is followed by a status query or a person's decision, not by the same call."""
    for push in report["pushes"]:
        doubt, blind = False, 0
        for outcome, status_query in push["attempts"]:
            if not status_query:
                blind += doubt
                doubt = outcome in ("unknown", "lost", "")
            elif outcome == "not_applied":
                doubt = False
        assert blind <= push["looks"], push
    calls = Counter[str]()
    unclear = Counter[str]()
    for entry in sandbox.journal:
        if entry["call"].endswith((COLLECT, DELETE)) and entry["parameters"]:
            body = {name: value for name, value in entry["parameters"].items() if name != "access_token"}
            calls[json.dumps(body, sort_keys=True)] += 1
            unclear[json.dumps(body, sort_keys=True)] += entry["outcome"] in UNCLEAR
    assert unclear.total() > LEAST_UNCLEAR
    sent = Counter[str]()
    for push in report["pushes"]:
        attempts = [outcome for outcome, status_query in push["attempts"] if not status_query]
        sent[json.dumps(push["payload"], sort_keys=True)] += len(attempts)
    assert all(calls[body] <= sent[body] for body in calls), "the upstream received more calls than we recorded"
