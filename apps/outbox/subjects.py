"""What pushes are about. The apps above say here how their things are locked, told of a push that moved, and found.

The outbox stands below them and knows a subject only by its name, such as ``voucher:12``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .models import Push


@dataclass(frozen=True)
class Subject:
    """``lock`` takes the row that all changes of the thing queue at; ``moved`` hears, in the transaction of the change,
    which pushes are unsettled (in order) and which one has just moved; ``address`` is its page."""

    lock: Callable[[int], None]
    moved: Callable[[int, Sequence[Push], Push], None]
    address: Callable[[int], str]


_known: dict[str, Subject] = {}


def register(prefix: str, subject: Subject) -> None:
    _known[prefix] = subject


def lock(name: str) -> None:
    """Before the push itself, in the order in which everybody else locks them."""
    found, pk = _found(name)
    if found:
        found.lock(pk)


def tell(push: Push, unsettled: Sequence[Push]) -> None:
    found, pk = _found(push.subject)
    if found:
        found.moved(pk, unsettled, push)


def address(name: str) -> str:
    """The page of a subject; '' when nobody knows it."""
    found, pk = _found(name)
    return found.address(pk) if found else ""


def _found(name: str) -> tuple[Subject | None, int]:
    prefix, _colon, pk = name.partition(":")
    return _known.get(prefix), int(pk) if pk.isdecimal() else 0
