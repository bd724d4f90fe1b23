"""``kill -9`` of the listener at random moments: every message is applied to its bill exactly once and is confirmed."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from apps.bills import jobs
from apps.bills.models import AssistantMessage, AssistantSession
from apps.sandbox.server import running
from tests.bills.assistants import Desk, desk
from tests.progress import Progress, wait_until

from .scale import scaled

pytestmark = [
    pytest.mark.durability,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("durability"),
]

ROOT = Path(__file__).resolve().parents[2]
MESSAGES, KILLS = scaled(24, 160), scaled(4, 24)


@pytest.fixture
def at() -> Iterator[Desk]:
    with running(invoices=400, seed=11, piaozone_hold=0.1) as sandbox, desk(sandbox) as assistant_desk:
        yield assistant_desk


def listener() -> "subprocess.Popen[bytes]":
    """Start a listener process on this test's database."""
    database = connection.settings_dict
    login = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}@" if database["USER"] else ""
    host = quote(database["HOST"] or database["OPTIONS"].get("host", ""), safe="")
    port = f":{database['PORT']}" if database["PORT"] else ""
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgres://{login}{host}{port}/{database['NAME']}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "INVOICEHUB_DEAD_AFTER_SECONDS": "0.5",
    }
    leashed = [sys.executable, "-m", "tests.durability.leashed", str(os.getpid()), "manage.py", "run_listener"]
    return subprocess.Popen(leashed, cwd=ROOT, env=environment)


def settled() -> int:
    """The number of messages that were applied, wholly or partly.

    A message is partly applied when a kill lost its first delivery and it arrives after a later choice of invoices.
    """
    partly = AssistantMessage.objects.filter(state="partly")
    assert {one["code"] for message in partly for one in message.refused} <= {"assistant.ticked_and_not"}
    return AssistantMessage.objects.filter(state="applied").count() + len(partly)


def test_killed_listener_loses_and_repeats_no_message(at: Desk) -> None:
    dice = random.Random(7)
    serial_numbers = at.serials(MESSAGES)
    # Each message lists all invoices on the bill.
    at.say(*(at.chosen(*serial_numbers[: place + 1]) for place in range(MESSAGES)))
    kills = 0
    process = listener()
    try:
        progress = Progress("messages reach their bill")
        while settled() < MESSAGES:
            heard = AssistantMessage.objects.count()
            progress.look((kills, heard, settled()))
            if kills < KILLS:
                wait_until(lambda heard=heard: AssistantMessage.objects.count() > heard, work="a message", pause=0.01)
                time.sleep(dice.uniform(0.0, 0.15))
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
                process = listener()
            time.sleep(0.05)
            # Do what the job of every minute does for messages that were not applied.
            AssistantMessage.objects.filter(state="waiting", attempts=0).update(received_at="2026-01-01T00:00Z")
            jobs.apply_messages()
        channels = at.sandbox.systems["piaozone"].channels
        # Messages that were applied but not confirmed are delivered again.
        wait_until(lambda: not channels.waiting(), channels.waiting, work="confirmations")
    finally:
        process.terminate()
        process.wait(180)
    assert (kills, settled()) == (KILLS, MESSAGES)
    assert sorted(at.on_bill()) == sorted(serial_numbers)
    assert at.bill.bill_invoices.count() == MESSAGES
    # A kill right after a confirmation may leave the message unconfirmed in our database, so the sandbox is asked.
    assert channels.waiting() == 0
    assert sorted(channels.confirmed) == sorted(AssistantMessage.objects.values_list("msg_id", flat=True))
    assert AssistantSession.objects.get().closed_at is None
