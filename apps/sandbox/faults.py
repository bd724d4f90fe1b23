"""Faults that can be armed per system: which fault, how often, after how many requests."""

import threading
from dataclasses import asdict, dataclass
from typing import Any

from apps.sandbox.world import SYSTEMS

# Applied before the system handles the request: no effect upstream.
BEFORE = ("http_500", "http_429", "timeout", "html_page", "huge_body")
# Applied after the system answered: the effect stays, the answer is damaged.
AFTER = ("lost_reply", "failed_after", "slow", "cut_body", "bad_json", "repeated_page")
# Applied by the system to its own answer.
WITHIN = ("refuse", "expired_token", "reordered_page", "zip_bomb", "short_count")
# Used for the random failures of ``Settings.failing``.
RANDOM_BEFORE, RANDOM_AFTER = ("http_500", "timeout"), ("failed_after", "lost_reply")
NAMES = frozenset((*BEFORE, *AFTER, *WITHIN))


@dataclass
class Fault:
    """A fault for ``times`` matching requests, after the first ``after`` ones. ``call`` limits it to calls whose name
    or path contains it. ``code`` and ``text``: the answer of `refuse`; '' for the system's own."""

    system: str
    fault: str
    times: int = 1
    after: int = 0
    call: str = ""
    code: str = ""
    text: str = ""


class Faults:
    """The armed faults in the order of arming."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []
        self._lock = threading.Lock()

    def arm(self, fault: Fault) -> None:
        """Arm a fault. Raises ValueError for an unknown fault or system."""
        if fault.fault not in NAMES or fault.system not in SYSTEMS:
            raise ValueError(f"no such fault or system: {fault.fault} {fault.system}")
        with self._lock:
            self._armed.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._armed.clear()

    def take(self, system: str, name: str, call: str) -> Fault | None:
        """The fault to apply now, counted as used; None for none. Each call counts as one matching request."""
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
