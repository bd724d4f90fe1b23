import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import requests

from tests.progress import STALL_SECONDS, wait_until

ROOT = Path(__file__).resolve().parents[2]


def test_command_writes_files_and_stops_on_sigterm(tmp_path):
    files = {name: tmp_path / f"{name}.json" for name in ("sources", "companies")}
    command = [sys.executable, "manage.py", "sandbox", "--invoices", "120", "--seed", "8"]
    command += [part for name, path in files.items() for part in (f"--{name}-file", str(path))]
    environment = os.environ | {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1",
    }
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        wait_until(lambda: files["sources"].exists() or process.poll() is not None, work="the sandbox starts")
        sources = json.loads(files["sources"].read_text())
        assert {one["kind"] for one in sources} == {"checker", "shopex", "etax", "maycur", "piaozone"}
        tax_numbers = {one["tax_no"] for one in json.loads(files["companies"].read_text())}
        assert {one["company_tax_no"] for one in sources} <= tax_numbers
        url = sources[0]["base_url"].rpartition("/")[0]
        assert requests.get(f"{url}/_sandbox/summary", timeout=5).json()["invoices"] == 120
    finally:
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=STALL_SECONDS)
    assert process.returncode == 0
    assert url in output
