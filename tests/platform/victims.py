"""Tests for `test_ending` to run, not collected otherwise: each writes down its process number, then takes for ever."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

FOR_EVER = 3600


@pytest.mark.parametrize("number", range(6))
@pytest.mark.xdist_group("together")
def test_in_one_group(number: int) -> None:
    _take_for_ever(f"group-{number}")


@pytest.mark.parametrize("number", range(6))
def test_by_itself(number: int) -> None:
    _take_for_ever(f"alone-{number}")


def _take_for_ever(name: str) -> None:
    """With a child process that outlives the worker, as a server or a browser would."""
    child = subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({FOR_EVER})"])
    place = Path(os.environ["VICTIMS_DIRECTORY"])
    (place / f"{name}.new").write_text(f"{os.getpid()} {child.pid}")
    (place / f"{name}.new").rename(place / name)
    time.sleep(FOR_EVER)
