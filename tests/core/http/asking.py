"""Helpers of the tests of the HTTP client: short limits, a recorded sleep, short forms of requests."""

import socket

from apps.core.http import Limits, Request

LIMITS = Limits(
    connect_timeout=1.0, read_timeout=0.5, total_timeout=1.0, max_bytes=100_000, attempts=3, longest_wait=30.0
)
SECRET = "s3cret/with+signs"


class Sleeps(list):
    """Replaces time.sleep and records the durations."""

    def __call__(self, seconds):
        self.append(seconds)


def get(url, **more):
    return lambda: Request("GET", url, **more)


def post(url, **more):
    return lambda: Request("POST", url, **more)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
