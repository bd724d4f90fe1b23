"""Faults that can be armed, per system: what goes wrong, how often, after how many requests."""

import threading
from dataclasses import asdict, dataclass
from typing import Any

from apps.sandbox.world import SYSTEMS

# Before the system is asked: nothing happens upstream.
BEFORE = ("http_500", "http_429", "timeout", "html_page", "huge_body")
# After it answered: the effect stands, the answer suffers.
AFTER = ("lost_reply", "failed_after", "slow", "cut_body", "bad_json", "repeated_page")
# Inside the system's own answer.
WITHIN = ("refuse", "expired_token", "reordered_page", "zip_bomb", "short_count")
# What strikes at random where the settings say that a share of the calls fails.
RANDOM_BEFORE, RANDOM_AFTER = ("http_500", "timeout"), ("failed_after", "lost_reply")
NAMES = frozenset((*BEFORE, *AFTER, *WITHIN))


@dataclass
class Fault:
    """``times`` requests suffer, after the first ``after`` that could have. ``call`` limits it to calls whose name or
    path contains it. ``code`` and ``text`` are what `refuse` says; '' leaves that to the system."""

    system: str
    fault: str
    times: int = 1
    after: int = 0
    call: str = ""
    code: str = ""
    text: str = ""


class Faults:
    """The armed ones, in the order they were armed."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []
        self._lock = threading.Lock()

    def arm(self, fault: Fault) -> None:
        """Raises ValueError for a fault or system that does not exist."""
        if fault.fault not in NAMES or fault.system not in SYSTEMS:
            raise ValueError(f"no such fault or system: {fault.fault} {fault.system}")
        with self._lock:
            self._armed.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._armed.clear()

    def take(self, system: str, name: str, call: str) -> Fault | None:
        """The fault that strikes now, used up; None for no trouble. Each question counts as a request that could have
        suffered."""
        with self._lock:
            for fault in self._armed:
                if fault.system != system or fault.fault != name or fault.call not in call:
                    continue
                if fault.after > 0:
                    fault.after -= 1
                    continue
                fault.times -= 1
                if fault.times <= 0:
                    self._armed.remove(fault)
                return fault
        return None

    def armed(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._armed]
