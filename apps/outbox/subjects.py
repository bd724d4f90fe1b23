"""What pushes are about. The apps above register how their rows are locked, notified of their pushes, and shown.

The outbox stands below them and knows a subject only by its name, such as ``voucher:12``.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from apps.core.providers import Registry

from .models import Push

# The order in which rows of different kinds are locked, here and by the services of the apps: booking a voucher locks
# the voucher, then its bills. A lock taken in the other order would be a deadlock with a delivery that settles.
LOCK_ORDER = ("voucher", "bill")


@dataclass
class PushChange:
    """What became of the pushes about one subject: ``latest`` changed state just now, ``unsettled`` are not settled at
    this moment; both in the order of their ids."""

    latest: list[Push] = field(default_factory=list)
    unsettled: Sequence[Push] = ()


@dataclass(frozen=True)
class Subject:
    """``lock`` locks the rows that all changes of these subjects lock first, in the order of their ids.
    ``pushes_moved`` is called with changes by id, in the transaction that changed the pushes. ``address`` is the page
    of one."""

    lock: Callable[[Collection[int]], None]
    pushes_moved: Callable[[Mapping[int, PushChange]], None]
    address: Callable[[int], str]


registry: Registry[Subject] = Registry("subject")


def register(prefix: str, subject: Subject) -> None:
    """Raises ValueError for a prefix that has no place in LOCK_ORDER."""
    registry.register(prefix, subject, rank=LOCK_ORDER.index(prefix))


def lock(names: Collection[str]) -> None:
    """Lock the rows behind these subjects in LOCK_ORDER. Subjects are locked before their pushes."""
    ids_by_prefix: dict[str, list[int]] = defaultdict(list)
    for name in names:
        prefix, pk = _parse(name)
        ids_by_prefix[prefix].append(pk)
    for prefix, subject in registry.items():
        if ids_by_prefix[prefix]:
            subject.lock(ids_by_prefix[prefix])


def notify(moved: Sequence[Push], unsettled: Mapping[str, Sequence[Push]]) -> None:
    """Report pushes that changed state to their subjects, in LOCK_ORDER. ``unsettled``: by the name of the subject."""
    changes_by_prefix: dict[str, dict[int, PushChange]] = defaultdict(dict)
    for push in moved:
        prefix, pk = _parse(push.subject)
        change = changes_by_prefix[prefix].setdefault(pk, PushChange(unsettled=unsettled.get(push.subject, ())))
        change.latest.append(push)
    for prefix, subject in registry.items():
        if changes_by_prefix[prefix]:
            subject.pushes_moved(changes_by_prefix[prefix])


def address(name: str) -> str:
    """The page of a subject; '' when no app registered its prefix."""
    prefix, pk = _parse(name)
    subject = registry.get(prefix)
    return subject.address(pk) if subject else ""


def _parse(name: str) -> tuple[str, int]:
    prefix, _colon, pk = name.partition(":")
    return prefix, int(pk) if pk.isdecimal() else 0
