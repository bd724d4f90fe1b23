"""Many batches, a transaction each, without the processor waiting for the database at every commit."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from django.db import transaction

_Prepared = TypeVar("_Prepared")
_Written = TypeVar("_Written")


def commit_each(
    batches: Iterable[Callable[[], _Prepared]], write: Callable[[_Prepared], _Written]
) -> Iterator[_Written]:
    """Prepare each batch by calling it, ``write`` what that gives in a transaction of its own, yield what was written.

    While one batch commits (PostgreSQL checks its foreign keys then), the next one is prepared in a thread beside: a
    batch must not touch the database when it is called, nor depend on what the batch before it writes. One batch ahead
    is all that memory holds.
    """
    waiting = iter(batches)
    with ThreadPoolExecutor(1, "prepare") as aside:
        current = _started(aside, next(waiting, None))
        while current is not None:
            prepared, following = current.result(), next(waiting, None)
            with transaction.atomic():
                written = write(prepared)
                # Not sooner: beside our own work it would only take turns with it.
                current = _started(aside, following)
            yield written


def _started(aside: ThreadPoolExecutor, batch: Callable[[], _Prepared] | None) -> Future[_Prepared] | None:
    return None if batch is None else aside.submit(batch)
