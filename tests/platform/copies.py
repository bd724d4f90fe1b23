"""A throw-away copy of this tree, in which a test follows a recipe as a newcomer would."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_COPIED = ("apps", "docs", "invoicehub", "static", "templates", "tests", "manage.py", "pyproject.toml")


def copied_tree(target: Path) -> Path:
    """The directory ``target``, new, with everything the program and its tests need; not the pictures."""
    target.mkdir()
    left_out = shutil.ignore_patterns("__pycache__", "*.png", "vendor")
    for name in _COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target / name, ignore=left_out)
        else:
            shutil.copy(ROOT / name, target / name)
    return target


def run(directory: Path, *command: str, path: str = "") -> str:
    """What a command prints; it must succeed. It gets no servers: what needs a database fails."""
    no_servers = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing", "REDIS_URL": "redis://127.0.0.1:9/0"}
    process = subprocess.run(
        command,
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **no_servers, "PYTHONPATH": path},
        timeout=300,
    )
    assert process.returncode == 0, process.stdout + process.stderr
    return process.stdout


def run_tests(directory: Path, *arguments: str, path: str = "") -> str:
    """What pytest prints of passing tests that need no database."""
    return run(directory, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments, path=path)


def lint(directory: Path, *files: str) -> None:
    """Linter and formatter have nothing to say of these files."""
    ruff = str(Path(sys.executable).parent / "ruff")
    run(directory, ruff, "check", "--quiet", *files)
    run(directory, ruff, "format", "--check", "--quiet", *files)
