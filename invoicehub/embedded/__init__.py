"""PostgreSQL and Redis out of wheels, for demo, tests and small installations.

Used when ``DATABASE_URL`` / ``REDIS_URL`` are absent. Every process that needs the servers calls `hold`: it starts what
is down and takes a lease, a shared lock that the kernel drops with the process, even after ``kill -9``. The last holder
to leave stops the servers. When the last holder is itself killed they stay up, and the next holder takes them over.

What surprises:

* No TCP at all. Sockets lie under ``/tmp/invoicehub-<uid>/<hash of the data directory>``: socket paths are limited to
  about 100 bytes, checkouts lie deep, and several of them must run side by side.
* Each server inherits an open, locked file. While any process of that server lives, orphaned backends of a killed
  postmaster included, the lock is taken; process numbers, which may be reused, are never the proof.
* PostgreSQL refuses to run as root. For root it runs as ``nobody`` with the one capability needed to pass through
  root's private directories; those stay closed to everybody else.

Imports no Django, so that ``manage.py`` can use it before Django is set up. ``python -m invoicehub.embedded`` shows
what runs and stops it.
"""

import atexit
import contextlib
import fcntl
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from invoicehub.embedded.servers import (
    EmbeddedError,
    Endpoints,
    Postgres,
    Redis,
    Server,
    endpoints,
    explain,
    open_lock,
    services_directory,
    try_lock,
)

__all__ = ["EmbeddedError", "EmbeddedSettings", "Endpoints", "endpoints", "ensure", "hold", "hold_for_settings", "stop"]


class EmbeddedSettings(Protocol):
    """The part of the settings this module needs."""

    EMBEDDED: frozenset[str]
    DATA_DIR: Path


class _Held:
    """What this process holds of one data directory."""

    def __init__(self, lease: int) -> None:
        self.lease = lease
        self.servers: dict[str, Server] = {}
        self.owner = os.getpid()


_held: dict[Path, _Held] = {}


def hold(data_dir: Path, postgres: bool = True, redis: bool = True, fsync: bool = True) -> Endpoints:
    """Make sure the servers of the data directory run, and keep them running at least as long as this process.

    Safe to call from any number of processes at once, and again from the same one. `fsync` False gives up surviving a
    crash of the machine (not of a process) for speed; it counts only for the process that actually starts PostgreSQL.
    Raises EmbeddedError, with a message for a person.
    """
    data_dir = data_dir.resolve()
    wanted: list[Server] = []
    if postgres:
        wanted.append(Postgres(data_dir, fsync))
    if redis:
        wanted.append(Redis(data_dir))
    with _explained(data_dir):
        _make_directories(data_dir)
        with _exclusively(data_dir):
            held = _lease(data_dir)
            for server in wanted:
                server.ensure()
                held.servers[server.name] = server
    return endpoints(data_dir)


def hold_for_settings(settings: EmbeddedSettings, fsync: bool = True) -> None:
    """Hold what the settings say is embedded: for ``manage.py``, the WSGI application and the tests."""
    if settings.EMBEDDED:
        hold(settings.DATA_DIR, "postgres" in settings.EMBEDDED, "redis" in settings.EMBEDDED, fsync)


def ensure(data_dir: Path) -> list[str]:
    """Start again whatever this process holds and is down; returns the names of those, usually none.

    Costs a few milliseconds when all is well, so a long-running holder may call it every few seconds.
    """
    data_dir = data_dir.resolve()
    held = _held.get(data_dir)
    if held is None or all(server.answers() for server in held.servers.values()):
        return []
    with _explained(data_dir):
        _make_directories(data_dir)
        with _exclusively(data_dir):
            return [server.name for server in held.servers.values() if server.ensure()]


def stop(data_dir: Path) -> list[str]:
    """Stop the servers of the data directory, whoever holds them; returns the names of those that ran."""
    data_dir = data_dir.resolve()
    if not services_directory(data_dir).is_dir():
        return []
    with _explained(data_dir), _exclusively(data_dir):
        return [server.name for server in (Redis(data_dir), Postgres(data_dir)) if server.stop()]


def _lease(data_dir: Path) -> _Held:
    held = _held.get(data_dir)
    if held is None or held.owner != os.getpid():
        lease = os.open(services_directory(data_dir) / "lease", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(lease, fcntl.LOCK_SH)
        held = _held[data_dir] = _Held(lease)
        atexit.register(_leave, data_dir)
    return held


def _leave(data_dir: Path) -> None:
    """Give the lease back, and stop the servers when nobody else holds one.

    Leaving happens one process at a time, so that of two that leave together the second finds itself alone.
    """
    held = _held.get(data_dir)
    if held is None or held.owner != os.getpid():  # a forked child: the lease belongs to its parent
        return
    del _held[data_dir]
    try:
        if services_directory(data_dir).is_dir():
            with _exclusively(data_dir):
                if try_lock(held.lease):
                    for server in (Redis(data_dir), Postgres(data_dir)):
                        server.stop()
    finally:
        os.close(held.lease)


def _make_directories(data_dir: Path) -> None:
    data_dir.mkdir(parents=True, exist_ok=True)
    sockets = endpoints(data_dir).postgres_socket_dir
    for directory in (services_directory(data_dir), sockets.parent, sockets):
        directory.mkdir(mode=0o700, exist_ok=True)
        found = directory.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise EmbeddedError(
                f"{directory} belongs to another user. Run as that user, or set INVOICEHUB_DATA_DIR to a directory of "
                "your own."
            )
        if found.st_mode & 0o077:
            directory.chmod(0o700)


@contextlib.contextmanager
def _exclusively(data_dir: Path) -> Iterator[None]:
    """Only one process at a time starts or stops servers."""
    with open_lock(services_directory(data_dir) / "start.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _explained(data_dir: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise EmbeddedError(
            f"No permission for {error.filename}. Run as the owner of {data_dir}, or set INVOICEHUB_DATA_DIR."
        ) from error
    except OSError as error:
        raise EmbeddedError(explain("The embedded servers could not be set up", str(error), data_dir)) from error
