"""Translations into simplified Chinese: without arguments, fail unless they are complete; ``--write`` collects them.

Complete means: what the sources and templates say is in ``locale/``, nothing is untranslated or fuzzy, and the compiled
catalogue, which is committed because machines without gettext run it, says the same. The check leaves no file changed.
"""

import gettext
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
COLLECT = ["makemessages", "--locale", "zh_Hans", "--no-location", "--no-wrap"]
NOT_OURS = [".venv", ".data", "node_modules", "static", "tests"]


def main() -> None:
    """Collect, then either compile or compare."""
    if shutil.which("xgettext") is None or shutil.which("msgattrib") is None:
        sys.exit("gettext is missing (Debian, Ubuntu: apt-get install gettext).")
    if sys.argv[1:] == ["--write"]:
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        collect()
        run("msgfmt", "--check-format", "-o", str(CATALOGUE.with_suffix(".mo")), str(CATALOGUE))
        return
    if not CATALOGUE.exists():
        sys.exit(f"{CATALOGUE.relative_to(ROOT)} does not exist; run `make messages`.")
    committed = CATALOGUE.read_bytes()
    try:
        collect()
        problems = [*missing("--untranslated", "untranslated"), *missing("--only-fuzzy", "fuzzy"), *stale()]
    finally:
        CATALOGUE.write_bytes(committed)
    if problems:
        sys.exit("\n".join([*problems, "Run `make messages`, translate, and run it again."]))
    sys.stdout.write("All messages are translated and compiled.\n")


def collect() -> None:
    """Bring the catalogue up to what sources and templates say."""
    ignored = [word for path in NOT_OURS for word in ("--ignore", path)]
    run(sys.executable, "manage.py", *COLLECT, *ignored)


def missing(selection: str, word: str) -> list[str]:
    """One line per message in want of a translation."""
    found = run("msgattrib", "--no-obsolete", "--no-wrap", selection, str(CATALOGUE))
    return [f"{word}: {line[6:]}" for line in found.splitlines() if line.startswith("msgid ") and line != 'msgid ""']


def stale() -> list[str]:
    """A line if the committed compiled catalogue differs from the source."""
    with tempfile.TemporaryDirectory() as directory:
        fresh = Path(directory) / "fresh.mo"
        run("msgfmt", "--check-format", "-o", str(fresh), str(CATALOGUE))
        same = compiled(fresh) == compiled(CATALOGUE.with_suffix(".mo"))
    return [] if same else ["stale: django.mo is not what django.po says"]


def compiled(path: Path) -> dict[str, str]:
    """The translations of a compiled catalogue, without its header, which carries a date."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue: dict[str, str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {key: text for key, text in catalogue.items() if key}


def run(*command: str) -> str:
    """What the command prints; ends the program with its complaint if it fails."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command[:3])} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
