"""What pushes are about. The apps above say here how their things are locked, told of a push that moved, and found.

The outbox stands below them and knows a subject only by its name, such as ``voucher:12``.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from .models import Push


@dataclass
class Moved:
    """What has become of the pushes about one thing: which have just moved, and which are unsettled now; in order."""

    latest: list[Push] = field(default_factory=list)
    unsettled: Sequence[Push] = ()


@dataclass(frozen=True)
class Subject:
    """``lock`` takes the rows that all changes of these things queue at, in the order of their ids; ``moved`` hears by
    id, in the transaction of the change, of which of them pushes have moved; ``address`` is a thing's page."""

    lock: Callable[[Collection[int]], None]
    moved: Callable[[Mapping[int, Moved]], None]
    address: Callable[[int], str]


_known: dict[str, Subject] = {}


def register(prefix: str, subject: Subject) -> None:
    _known[prefix] = subject


def lock(names: Collection[str]) -> None:
    """Before the pushes themselves, in the order in which everybody else locks them: who stands above comes first."""
    ids: dict[str, list[int]] = defaultdict(list)
    for name in names:
        prefix, pk = _parted(name)
        ids[prefix].append(pk)
    for prefix, subject in reversed(_known.items()):
        if ids[prefix]:
            subject.lock(ids[prefix])


def tell(moved: Sequence[Push], unsettled: Mapping[str, Sequence[Push]]) -> None:
    """``unsettled``: by the name of the subject."""
    told: dict[str, dict[int, Moved]] = defaultdict(dict)
    for push in moved:
        prefix, pk = _parted(push.subject)
        told[prefix].setdefault(pk, Moved(unsettled=unsettled.get(push.subject, ()))).latest.append(push)
    for prefix, subject in reversed(_known.items()):
        if told[prefix]:
            subject.moved(told[prefix])


def address(name: str) -> str:
    """The page of a subject; '' when nobody knows it."""
    prefix, pk = _parted(name)
    subject = _known.get(prefix)
    return subject.address(pk) if subject else ""


def _parted(name: str) -> tuple[str, int]:
    prefix, _colon, pk = name.partition(":")
    return prefix, int(pk) if pk.isdecimal() else 0
