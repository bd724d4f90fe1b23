"""A complete separate installation: embedded services, real worker processes, and methods to kill any of them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg

from apps.sandbox.server import Sandbox
from invoicehub import embedded
from tests.progress import Progress, wait_until

ROOT = Path(__file__).resolve().parents[2]
BEHIND = """
SELECT s.name FROM sources_source s LEFT JOIN invoices_changecursor p ON p.follower = 'bills:' || s.id
 WHERE s.kind IN ('piaozone', 'maycur') AND NOT coalesce((p.changed_at, p.invoice_id) >= ALL
       (SELECT updated_at, id FROM invoices_invoice ORDER BY updated_at DESC, id DESC LIMIT 1), false)
"""
VICTIMS = ("run_worker", "run_worker", "run_scheduler", "redis", "postgres")


class Installation:
    """An installation in one data directory, whose database is already migrated (``data_dir``)."""

    def __init__(self, directory: Path, **environment: str) -> None:
        self.directory = directory
        self.endpoints = embedded.hold(directory)
        dropped = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
        self.environment = {name: value for name, value in os.environ.items() if name not in dropped}
        self.environment |= {
            "INVOICEHUB_DATA_DIR": str(directory),
            "INVOICEHUB_HEARTBEAT_SECONDS": "0.3",
            "INVOICEHUB_DEAD_AFTER_SECONDS": "3",
            **environment,
        }

    def manage(self, *commands: list[str]) -> str:
        """Run these commands of ``manage.py`` in order. Returns their output."""
        words = [sys.executable, "-m", "tests.durability.commands", json.dumps(commands)]
        done = subprocess.run(words, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def fill(self, sandbox: Sandbox, *then: list[str]) -> None:
        """Create the sandbox's sources and companies, then run further commands."""
        self.manage(self.sources_of(sandbox), *then)

    def sources_of(self, sandbox: Sandbox) -> list[str]:
        """The command that creates the sandbox's sources and companies."""
        files = {name: self.directory / f"{name}.json" for name in ("sources", "companies")}
        files["sources"].write_text(json.dumps(sandbox.sources()))
        files["companies"].write_text(json.dumps(sandbox.companies()))
        return ["import_sources", str(files["sources"]), "--companies", str(files["companies"])]

    def start(self, *words: str, **options: Any) -> "subprocess.Popen[str]":
        """Start a Python program of this installation. It is terminated when the test process dies."""
        leashed = [sys.executable, "-m", "tests.durability.leashed", str(os.getpid()), *words]
        return subprocess.Popen(leashed, cwd=ROOT, env=self.environment, text=True, **options)

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.endpoints.database_url, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def ledger(self, *first: list[str]) -> dict[str, Any]:
        """Key → exported invoice without row ids and times, after bills have followed the ledger to its last change.

        `first` are commands to run before.
        """
        progress = Progress("bills follow the ledger")
        export = (["follow"], ["export_invoices", "--format", "jsonl", "--output", str(self.directory / "ledger")])
        self.manage(*first, *export)
        while behind := self.query(BEHIND):
            progress.look(behind)
            self.manage(*export)
        exported = (self.directory / "ledger").read_text()
        rows = [json.loads(line) for line in exported.splitlines()]
        for row in rows:
            for field in ("id", "created_at", "updated_at"):
                del row[field]
            row["sources"].sort(key=lambda one: (one["source"], one["external_id"]))
            row["bills"] = sorted(({**one, "id": None} for one in row["bills"]), key=lambda one: one["number"])
        return {row["key"]: row for row in rows}

    @contextmanager
    def working(self) -> Iterator[None]:
        words = ["manage.py", "work", "--workers", "2", "--tick", "0.5"]
        crew = self.start(*words, start_new_session=True, stderr=subprocess.DEVNULL)
        try:
            yield
        finally:
            crew.terminate()
            crew.wait(180)

    def kill(self, victim: str, busy: str = "SELECT 1 FROM sources_syncrun WHERE status = 'running' LIMIT 1") -> bool:
        """Send SIGKILL to one process of that name. Redis and PostgreSQL are then started again.

        Returns True when a process was killed and there was work at that moment (``busy`` returned a row).
        """
        working = self.query(busy)
        killed = False
        for process in psutil.process_iter(["cmdline", "environ"]):
            with suppress(psutil.Error):
                if self._is(victim, process):
                    process.send_signal(signal.SIGKILL)
                    killed = True
                    break
        if victim in ("redis", "postgres"):
            embedded.ensure(self.directory)
        return killed and bool(working)

    def _is(self, victim: str, process: psutil.Process) -> bool:
        words = " ".join(process.info["cmdline"] or [])
        if victim == "redis":
            return "redis-server" in words and str(self.endpoints.redis_socket) in words
        if victim == "postgres":
            pid_files = self.directory.rglob("postmaster.pid")
            return process.pid in {int(file.read_text().split()[0]) for file in pid_files}
        mine = (process.info["environ"] or {}).get("INVOICEHUB_DATA_DIR") == str(self.directory)
        return mine and victim in words

    def pulling(self) -> bool:
        """Wait until a pull runs. Returns False when all pulls have ended."""

        def active() -> set[str]:
            return {row[0] for row in self.query("SELECT status FROM sources_syncrun")} & {"queued", "running"}

        wait_until(lambda: active() != {"queued"}, self.pull_progress, work="a worker takes up what is queued")
        return bool(active())

    def pull_progress(self) -> object:
        """State and page count of every pull, to detect progress."""
        return self.query("SELECT id, status, pages FROM sources_syncrun ORDER BY id")

    def wait(self) -> None:
        """Wait until the newest pull of every source has succeeded, at least partially."""
        newest = "SELECT DISTINCT ON (source_id) status, id FROM sources_syncrun ORDER BY source_id, id DESC"

        def ended() -> bool:
            statuses = [row[0] for row in self.query(newest)]
            return len(statuses) == 5 and set(statuses) <= {"succeeded", "partial"}

        wait_until(ended, self.pull_progress, work="the pulls come to their end", pause=0.3)
