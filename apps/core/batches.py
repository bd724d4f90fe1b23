"""Many batches with one transaction each; the next one is prepared while the database commits."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from django.db import transaction

_Prepared = TypeVar("_Prepared")
_Written = TypeVar("_Written")


def commit_each(
    batches: Iterable[Callable[[], _Prepared]], write: Callable[[_Prepared], _Written]
) -> Iterator[_Written]:
    """Prepare each batch by calling it, pass the result to ``write`` in a transaction of its own, yield its result.

    While one batch commits (PostgreSQL then checks its foreign keys), the next one is prepared in a thread: a batch
    must not use the database when it is called, nor depend on the writes of the batch before it. Memory holds one
    prepared batch at most.
    """
    remaining = iter(batches)
    with ThreadPoolExecutor(1, "prepare") as executor:
        current = _submitted(executor, next(remaining, None))
        while current is not None:
            prepared, following = current.result(), next(remaining, None)
            with transaction.atomic():
                written = write(prepared)
                # Only now: during the write both threads would compete for the interpreter lock.
                current = _submitted(executor, following)
            yield written


def _submitted(executor: ThreadPoolExecutor, batch: Callable[[], _Prepared] | None) -> Future[_Prepared] | None:
    return None if batch is None else executor.submit(batch)
