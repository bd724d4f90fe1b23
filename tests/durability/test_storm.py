"""Two thousand vouchers collected, edited and deleted while the upstream fails one call in five and anything of ours is
killed at random: afterwards its books say what ours say, and nothing was sent again without somebody having looked.
"""

import json
import random
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from apps.sandbox.server import Sandbox, running
from invoicehub import embedded

from .installation import ROOT, VICTIMS, Installation

pytestmark = [pytest.mark.durability, pytest.mark.timeout(1200), pytest.mark.xdist_group("storm")]

VOUCHERS, KILLS = 2000, 40
MOVING = "SELECT 1 FROM outbox_push WHERE state IN ('pending', 'sending', 'waiting') LIMIT 1"
UNCLEAR = {"failed_after", "lost_reply"}
COLLECT, DELETE = "additionalInformation/collect", "voucher/del"


def test_pushes_survive_any_kill(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    print(f"seed of the moments: {seed}")  # noqa: T201 - shown with a failure
    installation = Installation(
        tmp_path / "data",
        INVOICEHUB_PUSH_LEASE_SECONDS="4",
        INVOICEHUB_PUSH_STATUS_QUERY_SECONDS="0.3",
        INVOICEHUB_PUSH_RETRY_SECONDS="0.3",
    )
    try:
        with running(invoices=200, seed=5, piaozone_hold=0.1, hang=0.2) as sandbox:
            installation.fill(sandbox)
            installation.manage("sync", "--all", "--inline")
            sandbox.settings.failing["piaozone"] = 0.2
            with installation.working():
                report, struck = weathered(installation, sandbox, seed)
            print(f"killed while pushes moved: {dict(struck)}; decided: {report['decided']}")  # noqa: T201
            assert struck.total() >= 20
            ours_is_theirs(report, sandbox)
            order_held(report, sandbox)
            nothing_was_repeated_blindly(report, sandbox)
    finally:
        embedded.stop(installation.directory)


def weathered(installation: Installation, sandbox: Sandbox, seed: int) -> tuple[dict[str, Any], Counter[str]]:
    """What the accountant reports when all is settled, and what was killed meanwhile."""
    rng, struck, calm = random.Random(seed), Counter[str](), threading.Event()
    command = [sys.executable, "-m", "tests.durability.accountant", sandbox.url, str(VOUCHERS), str(seed)]
    with subprocess.Popen(command, cwd=ROOT, env=installation.environment, stdout=subprocess.PIPE, text=True) as person:
        assert person.stdout is not None
        out = person.stdout

        def storm() -> None:
            while struck.total() < KILLS and not calm.wait(rng.uniform(0.5, 3.0)):
                victim = rng.choice(VICTIMS)
                struck[victim] += installation.kill(victim, MOVING)

        killer = threading.Thread(target=storm)
        killer.start()
        try:
            said = out.readline().strip()
        finally:
            calm.set()
            killer.join()
            sandbox.settings.failing.clear()
        assert said == "acted"
        return json.loads(out.readline()), struck


def ours_is_theirs(report: dict[str, Any], sandbox: Sandbox) -> None:
    """For every voucher the upstream has what we want of it."""
    kept = sandbox.books.snapshot()["vouchers"]
    wanted = report["wanted"]
    assert len(wanted) == VOUCHERS
    wrong = [
        (vouch_id, content, kept.get(vouch_id))
        for vouch_id, content in wanted.items()
        if (None if vouch_id not in kept or kept[vouch_id]["deleted"] else kept[vouch_id]["content"]) != content
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
    assert len(last) > 20
    assert {serial: states.get(serial, {"expenseStatus": "1"})["expenseStatus"] for serial in last} == last
    assert {push["state"] for push in report["pushes"]} <= {"done", "cancelled"}
    for push in report["pushes"]:
        if push["state"] == "cancelled":
            assert push["reason"] in ("superseded", "unneeded")


def order_held(report: dict[str, Any], sandbox: Sandbox) -> None:
    """The contents of a voucher reached its books in the order of its versions, each at most once in a row."""
    revisions: dict[tuple[str, str], list[int]] = {}
    for push in report["pushes"]:
        if push["kind"] == "voucher_collect":
            body = push["payload"]
            key = (body["voucherInfo"]["vouchId"], json.dumps(body, sort_keys=True))
            revisions.setdefault(key, []).append(push["revision"])
    last: dict[str, tuple[str, int]] = {}
    for effect in sandbox.books.effects:
        if effect.call.endswith(DELETE):
            last.pop(effect.subject, None)
        elif effect.call.endswith(COLLECT):
            content = json.dumps(effect.content, sort_keys=True)
            known = revisions[effect.subject, content]
            before, revision = last.get(effect.subject, ("", 0))
            assert content != before, f"{effect.subject} was collected twice with the same content"
            assert max(known) > revision, f"{effect.subject} went back to an older version"
            last[effect.subject] = (content, next(one for one in known if one > revision))


def nothing_was_repeated_blindly(report: dict[str, Any], sandbox: Sandbox) -> None:
    """After an attempt of which nobody knows how it ended comes a question or a person, never the call again."""
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
    assert unclear.total() > 50
    sent = Counter[str]()
    for push in report["pushes"]:
        attempts = [outcome for outcome, status_query in push["attempts"] if not status_query]
        sent[json.dumps(push["payload"], sort_keys=True)] += len(attempts)
    assert all(calls[body] <= sent[body] for body in calls), "the upstream heard more than we say we sent"
