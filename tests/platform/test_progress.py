"""Waiting ends when nothing moves any more, however long the whole takes."""

from itertools import count

import pytest

from tests.progress import wait_until


def test_work_that_moves_may_take_longer_than_the_limit() -> None:
    steps = count()
    marks = count()
    assert wait_until(lambda: next(steps) > 30, lambda: next(marks), pause=0.01, stall_seconds=0.1)


def test_work_that_stands_still_is_given_up() -> None:
    with pytest.raises(pytest.fail.Exception, match="the mill: nothing has moved for 0 s, last at 7"):
        wait_until(lambda: False, lambda: 7, work="the mill", pause=0.01, stall_seconds=0.1)


def test_what_is_done_is_given_back() -> None:
    assert wait_until(lambda: [1]) == [1]
