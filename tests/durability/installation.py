"""A whole installation of its own: embedded services, real worker processes, and ways to kill any of them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from apps.sandbox.server import Sandbox
from invoicehub import embedded

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0
BEHIND = """
SELECT s.name FROM sources_source s LEFT JOIN invoices_changecursor p ON p.follower = 'bills:' || s.id
 WHERE s.kind IN ('piaozone', 'maycur') AND NOT coalesce((p.changed_at, p.invoice_id) >= ALL
       (SELECT updated_at, id FROM invoices_invoice ORDER BY updated_at DESC, id DESC LIMIT 1), false)
"""
VICTIMS = ("run_worker", "run_worker", "run_scheduler", "redis", "postgres")


class Installation:
    """One data directory with everything in it."""

    def __init__(self, directory: Path, **environment: str) -> None:
        self.directory = directory
        self.endpoints = embedded.hold(directory)
        dropped = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
        self.environment = {name: value for name, value in os.environ.items() if name not in dropped}
        self.environment |= {
            "INVOICEHUB_DATA_DIR": str(directory),
            "INVOICEHUB_HEARTBEAT_SECONDS": "0.3",
            "INVOICEHUB_DEAD_AFTER_SECONDS": "2",
            **environment,
        }
        self.manage("migrate", "-v0")

    def manage(self, *words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def fill(self, sandbox: Sandbox) -> None:
        for name, content in (("sources", sandbox.sources()), ("companies", sandbox.companies())):
            (self.directory / f"{name}.json").write_text(json.dumps(content))
        self.manage(
            "import_sources",
            str(self.directory / "sources.json"),
            "--companies",
            str(self.directory / "companies.json"),
        )

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.endpoints.database_url, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def ledger(self) -> dict[str, Any]:
        """Key → everything the export says but row numbers and times, once bills have followed it to the end."""
        while self.query(BEHIND):
            self.manage("shell", "-v0", "-c", "from apps.bills.jobs import follow; follow()")
        rows = [json.loads(line) for line in self.manage("export_invoices", "--format", "jsonl").splitlines()]
        for row in rows:
            for field in ("id", "created_at", "updated_at"):
                del row[field]
            row["sources"].sort(key=lambda one: (one["source"], one["external_id"]))
            row["bills"] = sorted(({**one, "id": None} for one in row["bills"]), key=lambda one: one["number"])
        return {row["key"]: row for row in rows}

    @contextmanager
    def working(self) -> Iterator[None]:
        command = [sys.executable, "manage.py", "work", "--workers", "2", "--tick", "0.5"]
        crew = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, start_new_session=True, stderr=subprocess.DEVNULL
        )
        try:
            yield
        finally:
            crew.terminate()
            crew.wait(30)

    def kill(self, victim: str, busy: str = "SELECT 1 FROM sources_syncrun WHERE status = 'running' LIMIT 1") -> bool:
        """SIGKILL one process of that name; what is a server is started again, as any process of ours would.

        Whether it struck: the process was there, and there was work (``busy`` finds a row).
        """
        working = self.query(busy)
        struck = False
        for process in psutil.process_iter(["cmdline", "environ"]):
            with suppress(psutil.Error):
                if self._is(victim, process):
                    process.send_signal(signal.SIGKILL)
                    struck = True
                    break
        if victim in ("redis", "postgres"):
            embedded.ensure(self.directory)
        return struck and bool(working)

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
        """Wait for a pull that runs; False when all have ended."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            active = {row[0] for row in self.query("SELECT status FROM sources_syncrun")} & {"queued", "running"}
            if "running" in active or not active:
                return bool(active)
            time.sleep(0.05)
        pytest.fail("no worker takes up what is queued")

    def wait(self) -> None:
        """Until nothing is active and the newest pull of every source came to its end."""
        deadline = time.monotonic() + PATIENCE
        newest = "SELECT DISTINCT ON (source_id) status, id FROM sources_syncrun ORDER BY source_id, id DESC"
        statuses: list[str] = []
        while time.monotonic() < deadline:
            statuses = [row[0] for row in self.query(newest)]
            if len(statuses) == 5 and set(statuses) <= {"succeeded", "partial"}:
                return
            time.sleep(0.3)
        runs = self.query("SELECT source_id, id, status, error FROM sources_syncrun ORDER BY id")
        pytest.fail(f"the pulls did not end: {statuses}; {runs}")
