"""Functions, classes, methods and imports of the program that nothing of the program uses: fail when there are any.

Found by vulture. Attributes are left out, because models, forms and serializers declare them for a framework. What a
template or a string names (a setting, a job, a filter's method) counts as used. ``CALLED_BY_OTHERS`` has the rest: what
a library calls, and what only tests use on purpose.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ("apps", "invoicehub", "manage.py")
KINDS = {"class", "function", "import", "method", "property", "unreachable_code"}

# Name, or beginning of a name with a star → who uses it.
CALLED_BY_OTHERS = {
    # Django: applications, models, forms, fields, the administration, commands
    "*Config": "INSTALLED_APPS",
    "ready": "AppConfig",
    "__call__": "protocols: the signature of what apps above register",
    "Command": "manage.py",
    "add_arguments": "BaseCommand",
    "handle": "BaseCommand",
    "Meta": "models, forms, serializers",
    "Media": "administration",
    "clean*": "forms",
    "_post_clean": "forms",
    "from_db_value": "model fields",
    "get_*": "views, forms, serializers, administration",
    "has_*_permission": "administration",
    "delete_*": "administration, viewsets",
    "save_*": "administration",
    "change*_view": "administration",
    "add_view": "administration",
    "formfield_for_*": "administration",
    "lookup*": "administration",
    "validate*": "forms, serializers",
    # REST framework, django-filter and drf-spectacular
    "has_permission": "permission classes",
    "perform_*": "viewsets",
    "retrieve": "viewsets",
    "partial_update": "viewsets",
    "destroy": "viewsets",
    # allauth
    "is_open_for_signup": "the account adapter",
    # http.server, logging, requests
    "do_*": "BaseHTTPRequestHandler",
    "log_message": "BaseHTTPRequestHandler",
    "handle_error": "socketserver",
    # of the sandbox, for tests
    "running": "tests",
    "truth": "tests",
}


def main() -> None:
    words = set(named_in_templates()) | set(named_in_strings())
    vulture = Vulture(ignore_decorators=["@admin.register", "@action"])
    vulture.scavenge([str(ROOT / path) for path in PROGRAM], exclude=["*/migrations/*"])
    unused = [
        f"{Path(item.filename).relative_to(ROOT)}:{item.first_lineno}: unused {item.typ} {item.name}"
        for item in vulture.get_unused_code()
        if item.typ in KINDS and item.name not in words and not called_by_others(item.name)
    ]
    if unused:
        sys.exit("\n".join([*unused, "Remove it, or say in .ci/dead_code.py who calls it."]))
    sys.stdout.write("Nothing is unused.\n")


def called_by_others(name: str) -> bool:
    patterns = [re.escape(pattern).replace(r"\*", r"\w*") for pattern in CALLED_BY_OTHERS]
    return any(re.fullmatch(pattern, name) for pattern in patterns)


def named_in_templates() -> Iterator[str]:
    for template in (ROOT / "templates").rglob("*"):
        if template.is_file():
            yield from re.findall(r"\w+", template.read_text(encoding="utf-8"))


def named_in_strings() -> Iterator[str]:
    """The parts of strings that are a name or a dotted path."""
    for top in PROGRAM:
        for path in (ROOT / top).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Constant)
                    and isinstance(node.value, str)
                    and re.fullmatch(r"[\w.]+", node.value)
                ):
                    yield from node.value.split(".")


main()
