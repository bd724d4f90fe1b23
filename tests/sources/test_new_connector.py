"""``new_connector``: the generated code passes the first half of the conformance suite and the linter unchanged."""

import os
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.sources.management.commands.new_connector import with_connector
from tests.platform.copies import ROOT, copied_tree, lint, run, run_tests

from .installing import install


def test_generated_built_in_connector_passes(tmp_path: Path) -> None:
    copy = copied_tree(tmp_path / "copy")
    run(copy, sys.executable, "manage.py", "new_connector", "paper_mill", "--label", 'Paper "100%" mill')
    lint(copy, "apps/sources/connectors", "tests/sources/connectors/paper_mill")
    run(copy, sys.executable, "manage.py", "makemigrations", "--check", "--dry-run")
    tests = ["tests/sources/connectors/paper_mill", "tests/sources/connectors/test_conformance.py"]
    run_tests(copy, *tests, "tests/platform/test_docs.py", "-k", "paper_mill or is_in_the_suite")


def test_generated_package_passes_and_is_registered(tmp_path: Path) -> None:
    package, site = tmp_path / "package", tmp_path / "site"
    call_command("new_connector", "paper_mill", package=package, stdout=StringIO())
    settings = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(package)]
    run_tests(ROOT, *settings, str(package), path=os.pathsep.join([str(package), str(ROOT)]))
    install(package, site)
    code = "import django; django.setup(); from apps.sources.connectors import CONNECTORS; print(*CONNECTORS)"
    environment = os.pathsep.join([str(site), str(ROOT)])
    assert "paper_mill" in run(site, sys.executable, "-c", code, path=environment)


@pytest.mark.parametrize("name", ["checker", "file", "Paper", "a", "paper-mill", "x" * 21])
def test_invalid_names_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=name):
        call_command("new_connector", name, package=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_existing_files_are_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("mine")
    with pytest.raises(CommandError, match=r"pyproject\.toml"):
        call_command("new_connector", "paper_mill", package=tmp_path)
    assert (tmp_path / "pyproject.toml").read_text() == "mine"


def test_import_is_inserted_in_sorted_order() -> None:
    registry = (ROOT / "apps" / "sources" / "connectors" / "__init__.py").read_text()
    for kind in ("aaa", "paper_mill", "zzz"):
        lines = with_connector(registry, kind).splitlines()
        imports = [line for line in lines if line.startswith("from .")]
        assert imports == sorted(imports)
        assert len(imports) == len([line for line in registry.splitlines() if line.startswith("from .")]) + 1
