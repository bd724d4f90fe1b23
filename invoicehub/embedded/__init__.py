"""Runs PostgreSQL and Redis from wheels, for demo, tests and small installations.

Used when ``DATABASE_URL`` / ``REDIS_URL`` are absent. Every process that needs the servers calls `hold`: it
starts the servers that are down and takes a lease, a shared lock that the kernel releases when the process ends, even
after ``kill -9``. The last process to give up its lease stops the servers. When that process is killed they keep
running, and the next one that calls `hold` uses them.

Not obvious:

* The servers do not listen on TCP. Sockets are under ``/tmp/invoicehub-<uid>/<hash of the data
  directory>``: socket paths are limited to about 100 bytes, checkouts have long paths, and several of them must run at
  the same time.
* Each server inherits an open, locked file. The lock is taken while any process of that server runs,
  including orphaned backends of a killed postmaster. Process numbers may be reused and prove nothing.
* PostgreSQL refuses to run as root. For root it runs as ``nobody`` with the one capability needed to pass through
  root's private directories.

Imports no Django, so that ``manage.py`` can use it before Django is set up. ``python -m invoicehub.embedded`` shows
and stops the servers.
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
    """The settings that this module needs."""

    EMBEDDED: frozenset[str]
    DATA_DIR: Path


class _HeldServers:
    """The lease of this process on the servers of one data directory."""

    def __init__(self, lease: int) -> None:
        self.lease = lease
        self.servers: dict[str, Server] = {}
        self.owner = os.getpid()


_held: dict[Path, _HeldServers] = {}


def hold(data_dir: Path, postgres: bool = True, redis: bool = True, fsync: bool = True) -> Endpoints:
    """Make sure the servers of the data directory run, and keep them running at least as long as this process.

    Safe to call from any number of processes at once, and again from the same one. `fsync` False is faster, but a
    crash of the machine (not of a process) may lose data; it applies only if this process starts PostgreSQL.
    Raises EmbeddedError.
    """
    data_dir = data_dir.resolve()
    servers: list[Server] = []
    if postgres:
        servers.append(Postgres(data_dir, fsync))
    if redis:
        servers.append(Redis(data_dir))
    with _explained(data_dir):
        _make_directories(data_dir)
        with _exclusively(data_dir):
            held_servers = _lease(data_dir)
            for server in servers:
                server.ensure()
                held_servers.servers[server.name] = server
    return endpoints(data_dir)


def hold_for_settings(settings: EmbeddedSettings, fsync: bool = True) -> None:
    """Call `hold` for the servers that the settings name as embedded; for ``manage.py``, WSGI and tests."""
    if settings.EMBEDDED:
        hold(settings.DATA_DIR, "postgres" in settings.EMBEDDED, "redis" in settings.EMBEDDED, fsync)


def ensure(data_dir: Path) -> list[str]:
    """Restart servers that this process holds and that are down; returns their names, usually none.

    Takes a few milliseconds when all run, so a long-running process may call it every few seconds.
    """
    data_dir = data_dir.resolve()
    held_servers = _held.get(data_dir)
    if held_servers is None or all(server.answers() for server in held_servers.servers.values()):
        return []
    with _explained(data_dir):
        _make_directories(data_dir)
        with _exclusively(data_dir):
            return [server.name for server in held_servers.servers.values() if server.ensure()]


def stop(data_dir: Path) -> list[str]:
    """Stop the servers of the data directory, even if processes hold them; returns the names of those that ran."""
    data_dir = data_dir.resolve()
    if not services_directory(data_dir).is_dir():
        return []
    with _explained(data_dir), _exclusively(data_dir):
        return [server.name for server in (Redis(data_dir), Postgres(data_dir)) if server.stop()]


def _lease(data_dir: Path) -> _HeldServers:
    held_servers = _held.get(data_dir)
    if held_servers is None or held_servers.owner != os.getpid():
        lease = os.open(services_directory(data_dir) / "lease", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(lease, fcntl.LOCK_SH)
        held_servers = _held[data_dir] = _HeldServers(lease)
        atexit.register(_leave, data_dir)
    return held_servers


def _leave(data_dir: Path) -> None:
    """Release the lease, and stop the servers when no other process has one.

    One process at a time does this, so that of two that end together the second one stops the servers.
    """
    held_servers = _held.get(data_dir)
    if held_servers is None or held_servers.owner != os.getpid():  # a forked child: the lease belongs to its parent
        return
    del _held[data_dir]
    try:
        if services_directory(data_dir).is_dir():
            with _exclusively(data_dir):
                if try_lock(held_servers.lease):
                    for server in (Redis(data_dir), Postgres(data_dir)):
                        server.stop()
    finally:
        os.close(held_servers.lease)


def _make_directories(data_dir: Path) -> None:
    data_dir.mkdir(parents=True, exist_ok=True)
    sockets = endpoints(data_dir).postgres_socket_dir
    for directory in (services_directory(data_dir), sockets.parent, sockets):
        directory.mkdir(mode=0o700, exist_ok=True)
        status = directory.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
            raise EmbeddedError(
                f"{directory} belongs to another user. Run as that user, or set INVOICEHUB_DATA_DIR to a directory of "
                "your own."
            )
        if status.st_mode & 0o077:
            directory.chmod(0o700)


@contextlib.contextmanager
def _exclusively(data_dir: Path) -> Iterator[None]:
    """Let only one process at a time start or stop servers."""
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
