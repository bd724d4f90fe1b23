"""``new_connector NAME [--package DIR]``: the beginning of a connector that passes the first half of the suite."""

import re
from pathlib import Path
from string import Template
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.sources.connectors import CONNECTORS
from apps.sources.connectors.registry import FILE_KIND

_SCAFFOLD = Path(__file__).resolve().parents[2] / "scaffold"
_NAME = re.compile(r"[a-z][a-z0-9_]{1,19}")
_CONNECTORS = "apps/sources/connectors"


class Command(BaseCommand):
    help = (
        "Write a new connector with its page and its test: into this repository, or with --package as a package of its"
        " own. Nothing that exists is overwritten."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the kind of its sources: 2 to 20 lower-case letters, digits, underscores")
        parser.add_argument("--label", help="what people read in forms and lists; default: the name")
        parser.add_argument("--package", type=Path, metavar="DIR", help="make a package outside this repository there")

    def handle(self, *args: Any, **options: Any) -> None:
        kind = options["name"]
        if not _NAME.fullmatch(kind) or kind == FILE_KIND:
            raise CommandError(
                f"“{kind}” cannot be a kind: 2 to 20 lower-case letters, digits, underscores, not “file”."
            )
        if kind in CONNECTORS:
            raise CommandError(f"There is a connector “{kind}” already: {CONNECTORS[kind].__module__}.")
        label = options["label"] or kind.replace("_", " ").capitalize()
        if options["package"]:
            files = package_files(options["package"], kind, label)
        else:
            files = built_in_files(Path(settings.BASE_DIR), kind, label)
        existing = [str(path) for path in files if path.exists()]
        if existing:
            raise CommandError(f"Nothing was written, these exist: {', '.join(existing)}.")
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            self.stdout.write(f"wrote {path}")
        if not options["package"]:
            registry = Path(settings.BASE_DIR) / _CONNECTORS / "__init__.py"
            registry.write_text(with_connector(registry.read_text(encoding="utf-8"), kind), encoding="utf-8")
            self.stdout.write(f"added {class_name(kind)} to {registry}")
        self.stdout.write("What comes next: docs/contributing/connector.md")


def built_in_files(root: Path, kind: str, label: str) -> dict[Path, str]:
    """Path → content of a connector in this repository."""
    folder, tests = root / _CONNECTORS / kind, root / "tests" / "sources" / "connectors" / kind
    names = {**_names(kind, label), "module": f"apps.sources.connectors.{kind}", "folder": f"{_CONNECTORS}/{kind}/"}
    names["facts"] = f"docs/upstreams/{kind}.md"
    return {
        folder / "__init__.py": _filled("connector.py", names),
        folder / "reading.py": _filled("reading.py", names),
        tests / "__init__.py": "",
        tests / "test_first_half.py": _filled("test_first_half.py", names),
        root / "docs" / "upstreams" / f"{kind}.md": _filled("page.md", names),
    }


def package_files(directory: Path, kind: str, label: str) -> dict[Path, str]:
    """Path → content of a package outside this repository."""
    module = f"invoicehub_{kind}"
    names = {**_names(kind, label), "module": module, "folder": f"{module}/", "facts": "README.md"}
    return {
        directory / "pyproject.toml": _filled("pyproject.toml", names),
        directory / "README.md": _filled("page.md", names),
        directory / module / "__init__.py": _filled("connector.py", names),
        directory / module / "reading.py": _filled("reading.py", names),
        directory / "tests" / "test_first_half.py": _filled("test_first_half.py", names),
    }


def with_connector(registry: str, kind: str) -> str:
    """The text of ``connectors/__init__.py`` with one more line in the imports and one in BUILT_IN."""
    name, imported = class_name(kind), re.findall(r"^from \.\w+ import .+$", registry, re.MULTILINE)
    line = f"from .{kind} import {name}"
    following = next((other for other in imported if other > line), None)
    if following:
        registry = registry.replace(f"{following}\n", f"{line}\n{following}\n", 1)
    else:
        registry = registry.replace(f"{imported[-1]}\n", f"{imported[-1]}\n{line}\n", 1)
    return registry.replace("\n)\nCONNECTORS", f"\n    {name},\n)\nCONNECTORS", 1)


def class_name(kind: str) -> str:
    return "".join(part.capitalize() for part in kind.split("_"))


def _names(kind: str, label: str) -> dict[str, str]:
    return {"kind": kind, "class_name": class_name(kind), "label": re.sub(r'["%\\\s]+', " ", label).strip()}


def _filled(template: str, names: dict[str, str]) -> str:
    return Template((_SCAFFOLD / f"{template}.tpl").read_text(encoding="utf-8")).substitute(names)
