"""The embedded servers with real processes: leases, stopping, and recovery after kill -9."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from invoicehub import embedded
from invoicehub.embedded.servers import Postgres, Redis
from tests.progress import STALL_SECONDS, wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.durability


class Holder:
    """A process of its own that holds a data directory."""

    def __init__(self, data_dir: Path, *prefix: str, needs: str = "postgres redis") -> None:
        self.process = subprocess.Popen(
            [*prefix, sys.executable, "-m", "tests.platform.holder", str(data_dir), *needs.split()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def wait(self) -> "Holder":
        """Until it holds."""
        assert self._read() == "holding"
        return self

    def ensure(self) -> list[str]:
        """Have it call `ensure`; what that returned."""
        assert self.process.stdin
        self.process.stdin.write("ensure\n")
        self.process.stdin.flush()
        return self._read().split()

    def leave(self) -> None:
        """End it the ordinary way."""
        self.process.communicate(timeout=STALL_SECONDS)
        assert self.process.returncode == 0

    def kill(self) -> None:
        """End it with SIGKILL, unless it has ended."""
        self.process.kill()
        self.process.communicate(timeout=STALL_SECONDS)

    def _read(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A fresh data directory whose servers are gone after the test."""
    with _data_dir() as directory:
        yield directory


@contextlib.contextmanager
def _data_dir(inside: str = "data") -> Iterator[Path]:
    top = Path(tempfile.mkdtemp(prefix="invoicehub-test-"))
    directory = top / inside
    try:
        yield directory
    finally:
        embedded.stop(directory)
        shutil.rmtree(embedded.endpoints(directory).postgres_socket_dir, ignore_errors=True)
        shutil.rmtree(top)


@pytest.fixture
def holder() -> Iterator[Callable[..., Holder]]:
    """Starts holders, and kills those a failed test has left."""
    started: list[Holder] = []

    def start(data_dir: Path, *prefix: str, needs: str = "postgres redis") -> Holder:
        started.append(Holder(data_dir, *prefix, needs=needs))
        return started[-1]

    yield start
    for each in started:
        each.kill()


def running(data_dir: Path) -> list[bool]:
    """Whether PostgreSQL and Redis answer."""
    return [Postgres(data_dir).answers(), Redis(data_dir).answers()]


def execute(data_dir: Path, *statements: str) -> list[tuple[object, ...]]:
    """Run the statements, committed; the rows of the last."""
    with psycopg.connect(embedded.endpoints(data_dir).database_url) as connection:
        for statement in statements:
            cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def kill_server(server: Postgres | Redis) -> None:
    """SIGKILL, and wait until it is dead."""
    process = server.main_process()
    assert process is not None
    process.kill()
    wait_until(lambda: server.main_process() is None, work="the server dies", pause=0.01)


def test_last_holder_stops_the_servers_and_data_is_kept(data_dir: Path, holder: Callable[..., Holder]) -> None:
    first = holder(data_dir).wait()
    execute(data_dir, "CREATE TABLE kept (name text)", "INSERT INTO kept VALUES ('发票')")
    second = holder(data_dir).wait()
    first.leave()
    assert running(data_dir) == [True, True]
    second.leave()
    assert running(data_dir) == [False, False]
    assert "database system is shut down" in Postgres(data_dir).log.read_text()

    holder(data_dir).wait()
    assert execute(data_dir, "SELECT name FROM kept") == [("发票",)]


def test_nothing_listens_beyond_private_sockets(data_dir: Path, holder: Callable[..., Holder]) -> None:
    holder(data_dir).wait()
    assert execute(data_dir, "SHOW listen_addresses") == [("",)]
    at = embedded.endpoints(data_dir)
    with redis.Redis.from_url(at.redis_url) as client:
        assert client.config_get("port") == {"port": "0"}
    for directory in (at.postgres_socket_dir, at.postgres_socket_dir.parent, data_dir / "services"):
        assert directory.stat().st_mode & 0o777 == 0o700


def test_chinese_is_searchable_and_ordered_the_same_everywhere(data_dir: Path, holder: Callable[..., Holder]) -> None:
    holder(data_dir).wait()
    execute(data_dir, *(f"CREATE EXTENSION {name}" for name in ("pg_trgm", "btree_gin", "fuzzystrmatch")))
    assert execute(data_dir, "SELECT cardinality(show_trgm('发票中台'))") == [(5,)]
    names = "SELECT string_agg(c, '' ORDER BY c) FROM unnest(ARRAY['b', '票', 'A', 'a', '发']) c"
    assert execute(data_dir, names) == [("Aab发票",)]


def test_killed_holder_gives_its_lease_back(data_dir: Path, holder: Callable[..., Holder]) -> None:
    killed, other = holder(data_dir).wait(), holder(data_dir).wait()
    killed.kill()
    other.leave()
    assert running(data_dir) == [False, False]


def test_killed_servers_are_started_again_with_committed_data(data_dir: Path, holder: Callable[..., Holder]) -> None:
    first_holder = holder(data_dir).wait()
    assert first_holder.ensure() == []
    execute(data_dir, "CREATE TABLE kept (n int)", "INSERT INTO kept SELECT generate_series(1, 10000)")
    kill_server(Postgres(data_dir))
    kill_server(Redis(data_dir))
    assert running(data_dir) == [False, False]
    assert first_holder.ensure() == ["postgres", "redis"]
    assert execute(data_dir, "SELECT count(*) FROM kept") == [(10000,)]

    kill_server(Postgres(data_dir))
    kill_server(Redis(data_dir))
    holder(data_dir).wait()
    assert running(data_dir) == [True, True]
    assert execute(data_dir, "SELECT count(*) FROM kept") == [(10000,)]


def test_backend_that_outlives_its_postmaster_does_not_block(data_dir: Path, holder: Callable[..., Holder]) -> None:
    first_holder = holder(data_dir).wait()
    connection = psycopg.connect(embedded.endpoints(data_dir).database_url)
    backend = psutil.Process(connection.info.backend_pid)
    busy = "DO $$ DECLARE n bigint := 0; BEGIN LOOP n := n + 1; END LOOP; END $$"

    def loop_until_killed() -> None:
        with contextlib.suppress(psycopg.OperationalError):
            connection.execute(busy)

    looping = threading.Thread(target=loop_until_killed)
    looping.start()
    state = f"SELECT state FROM pg_stat_activity WHERE pid = {backend.pid}"
    wait_until(lambda: execute(data_dir, state) == [("active",)], work="the query runs", pause=0.01)
    kill_server(Postgres(data_dir))
    assert backend.is_running()
    assert first_holder.ensure() == ["postgres"]
    looping.join(STALL_SECONDS)
    connection.close()
    assert not looping.is_alive()


def test_numbers_of_dead_servers_that_strangers_reuse(data_dir: Path, holder: Callable[..., Holder]) -> None:
    first_holder = holder(data_dir).wait()
    postgres, server = Postgres(data_dir), Redis(data_dir)
    files = [postgres.pid_file, server.pid_file, postgres.at.postgres_socket_dir / ".s.PGSQL.5432.lock"]
    kill_server(postgres)
    kill_server(server)
    for file in files:  # this test is the stranger
        _, *rest = file.read_text().split("\n")
        file.write_text("\n".join([str(os.getpid()), *rest]))
    assert first_holder.ensure() == ["postgres", "redis"]


def test_half_made_cluster_is_made_anew(data_dir: Path, holder: Callable[..., Holder]) -> None:
    half_made = data_dir / "services" / "postgres.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    holder(data_dir).wait()
    assert running(data_dir) == [True, True]


def test_two_data_directories_side_by_side(data_dir: Path, holder: Callable[..., Holder]) -> None:
    with _data_dir("x" * 200) as other:  # beyond the length of any socket path
        first, second = holder(data_dir), holder(other)
        first.wait()
        second.wait()
        execute(data_dir, "CREATE TABLE here (n int)")
        assert execute(other, "SELECT to_regclass('here')") == [(None,)]
        first.leave()
        assert running(data_dir) == [False, False]
        assert running(other) == [True, True]
        second.leave()


def test_many_processes_start_at_once(data_dir: Path, holder: Callable[..., Holder]) -> None:
    racing = [holder(data_dir) for _ in range(5)]
    for each in racing:
        each.wait()
    assert Postgres(data_dir).log.read_text().count("ready to accept connections") == 1
    assert Redis(data_dir).log.read_text().count("now ready to accept connections") == 1
    leaving = [threading.Thread(target=each.leave) for each in racing]
    for thread in leaving:
        thread.start()
    for thread in leaving:
        thread.join()
    assert running(data_dir) == [False, False]


def test_stop_from_outside(data_dir: Path, holder: Callable[..., Holder]) -> None:
    holder(data_dir).wait()
    command = [sys.executable, "-m", "invoicehub.embedded"]
    status = subprocess.check_output([*command, "status", str(data_dir)], cwd=ROOT, text=True)
    assert "postgres answers, redis answers" in status
    output = subprocess.check_output([*command, "stop", str(data_dir)], cwd=ROOT, text=True)
    assert "stopped redis and postgres" in output
    assert running(data_dir) == [False, False]
    assert embedded.stop(data_dir) == []


def test_interrupt_from_the_terminal_reaches_no_server(data_dir: Path, holder: Callable[..., Holder]) -> None:
    first_holder = holder(data_dir).wait()
    group = os.getpgid(first_holder.process.pid)
    for server in (Postgres(data_dir), Redis(data_dir)):
        process = server.main_process()
        assert process is not None
        assert os.getpgid(process.pid) != group
        assert os.getsid(process.pid) != os.getsid(first_holder.process.pid)


@pytest.mark.skipif(os.geteuid() != 0, reason="tells root from an ordinary user, which only root can try")
def test_ordinary_user(data_dir: Path, holder: Callable[..., Holder]) -> None:
    data_dir.parent.chmod(0o755)
    data_dir.mkdir()
    shutil.chown(data_dir, 65534, 65534)
    # The capability stands for a checkout that the user can read, which a clone under /root is not.
    reading = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    first_holder = holder(
        data_dir, "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *reading, "--"
    ).wait()
    owner = int((data_dir / "services" / "postgres" / "postmaster.pid").read_text().split("\n")[0])
    assert set(psutil.Process(owner).uids()) == {65534}
    assert (data_dir / "services").stat().st_uid == 65534
    first_holder.leave()
    assert not psutil.pid_exists(owner) or psutil.Process(owner).status() == psutil.STATUS_ZOMBIE

    with pytest.raises(embedded.EmbeddedError, match="belongs to another user"):
        embedded.hold(data_dir)  # root does not take it over


def test_missing_package_says_what_to_set(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(embedded.EmbeddedError, match="Set DATABASE_URL"):
        embedded.hold(data_dir)


def test_refusal_to_start_is_quoted(data_dir: Path, holder: Callable[..., Holder]) -> None:
    holder(data_dir).wait().leave()
    (data_dir / "services" / "postgres" / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(embedded.EmbeddedError, match=r"version 9\.6"):
        embedded.hold(data_dir)


FORKING = """
import os, sys
from pathlib import Path
from invoicehub import embedded
from invoicehub.embedded.servers import Postgres, Redis
from tests.progress import STALL_SECONDS, wait_until
embedded.hold(Path(sys.argv[1]))
if os.fork() == 0:
    sys.exit()  # runs what is registered for the exit of the parent, as a gunicorn worker does
os.wait()
print(Postgres(Path(sys.argv[1])).answers(), Redis(Path(sys.argv[1])).answers())
"""


def test_forked_child_that_exits_stops_nothing(data_dir: Path) -> None:
    assert subprocess.check_output([sys.executable, "-c", FORKING, str(data_dir)], cwd=ROOT, text=True) == "True True\n"
    assert running(data_dir) == [False, False]


def test_last_one_stops_what_others_started(data_dir: Path, holder: Callable[..., Holder]) -> None:
    both = holder(data_dir).wait()
    last = holder(data_dir, needs="redis").wait()
    both.leave()
    assert running(data_dir) == [True, True]
    last.leave()
    assert running(data_dir) == [False, False]
