"""The death of a worker ends the whole test run with a failure."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.progress import wait_until

ROOT = Path(__file__).resolve().parents[2]
AT_MOST_SECONDS = 60
OF_THE_OUTER_RUN = ("PYTEST_", "COV_")


@contextmanager
def run_of_two_workers(place: Path) -> "Iterator[subprocess.Popen[str]]":
    """A run of the victims with the options of ``make test``; whatever it leaves is killed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OF_THE_OUTER_RUN)}
    environment["VICTIMS_DIRECTORY"] = str(place)
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "-p", "no:cacheprovider"]
    with (place / "output.txt").open("w") as output:
        process = subprocess.Popen(
            [*command, "tests/platform/victims.py"], cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT,
            text=True,
        )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for number in (number for numbers in running_victims(place) for number in numbers):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)


def running_victims(place: Path) -> list[list[int]]:
    """The process numbers of the worker and of the child, for every test that has begun."""
    files = [file for kind in ("group", "alone") for file in sorted(place.glob(f"{kind}-?"))]
    return [[int(number) for number in file.read_text().split()] for file in files]


@pytest.mark.durability
def test_a_worker_that_is_killed_ends_the_run(tmp_path: Path) -> None:
    with run_of_two_workers(tmp_path) as process:
        wait_until(lambda: len(running_victims(tmp_path)) == 2 or process.poll() is not None, work="two tests begin")
        assert process.poll() is None, (tmp_path / "output.txt").read_text()
        worker, _child = running_victims(tmp_path)[0]
        os.kill(worker, signal.SIGKILL)
        killed_at = time.monotonic()
        returned = process.wait(AT_MOST_SECONDS)
    output = (tmp_path / "output.txt").read_text()
    assert returned != 0, output
    assert "crashed while running" in output
    assert time.monotonic() - killed_at < AT_MOST_SECONDS
