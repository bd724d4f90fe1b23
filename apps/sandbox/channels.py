"""The message channels of open sessions. Messages of the pages wait here until they are polled and confirmed.

The world has some channels with messages from the start; ``open`` creates more.
"""

import hashlib
import secrets
import threading
import time
from dataclasses import dataclass
from typing import Any

from apps.sandbox.settings import Settings
from apps.sandbox.world import World


@dataclass
class Message:
    """A message that waits in a channel for its receipt; ``place`` is its number there, ``sent`` counts deliveries."""

    id: str
    place: int
    body: dict[str, Any]
    sent: int = 0


class Channels:
    """All channels. ``confirmed``: ids of confirmed messages in the order of their receipts."""

    def __init__(self, world: World, settings: Settings) -> None:
        self.world, self.settings = world, settings
        self.confirmed: list[str] = []
        self._opened: dict[str, list[dict[str, Any]]] = {}  # linkKey → all messages ever sent there
        self._waiting: dict[str, list[Message]] = {}
        self._taken_over: dict[str, int] = {}  # linkKey → messages already queued
        self._arrived = threading.Condition()

    def open(self) -> str:
        """Create a channel; returns its linkKey."""
        link = secrets.token_hex(16)
        with self._arrived:
            self._opened[link] = []
        return link

    def send(self, link: str, body: dict[str, Any]) -> bool:
        """Add a message; False when the channel does not exist."""
        with self._arrived:
            sent = self._opened.get(link, self.world.messages.get(link))
            if sent is None:
                return False
            sent.append(body)
            self._arrived.notify_all()
        return True

    def wait(self, key: str, hold: float, stopping: threading.Event) -> Message | None:
        """The least often delivered message of the channel polled by ``key``; None when none arrives within ``hold``
        seconds."""
        until = time.monotonic() + hold
        with self._arrived:
            while not (waiting := self._channel(key)):
                left = until - time.monotonic()
                if left <= 0 or stopping.is_set():
                    return None
                self._arrived.wait(min(left, 0.2))
            message = min(waiting, key=lambda one: one.sent)
            message.sent += 1
            return message

    def confirm(self, key: str, message_id: str) -> None:
        with self._arrived:
            waiting = self._channel(key)
            for message in [one for one in waiting if one.id == message_id]:
                waiting.remove(message)
                self.confirmed.append(message.id)

    def waiting(self) -> int:
        """Messages that were delivered and not confirmed."""
        with self._arrived:
            return sum(map(len, self._waiting.values()))

    def _channel(self, key: str) -> list[Message]:
        """The messages that wait under a polling key. The caller holds the lock."""
        for link, bodies in (*self.world.messages.items(), *self._opened.items()):
            if self._polled(link) == key:
                waiting, taken_over = self._waiting.setdefault(link, []), self._taken_over.get(link, 0)
                waiting += [
                    Message(f"{link[:8]}-{place}", place, body)
                    for place, body in enumerate(bodies[taken_over:], taken_over)
                ]
                self._taken_over[link] = len(bodies)
                return waiting
        return []

    def _polled(self, link: str) -> str:
        if self.settings.piaozone_polling_key == "md5":
            return hashlib.md5(link.encode(), usedforsecurity=False).hexdigest()
        return link
