"""Commands, files and settings named in the docs exist."""

import re
from pathlib import Path

import pytest

from apps.sources.connectors import BUILT_IN
from apps.sources.connectors.base import Connector

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
OVERRIDDEN = {"makemigrations"}  # Django's own command, adapted; of use to developers only
COMMANDS = {path.stem for path in ROOT.glob("*/**/management/commands/*.py") if ".venv" not in path.parts}
OURS = sorted(COMMANDS - OVERRIDDEN)


@pytest.mark.parametrize("connector", BUILT_IN, ids=lambda connector: connector.kind)
def test_every_credential_and_option_is_on_its_page(connector: type[Connector]) -> None:
    page = (ROOT / "docs" / "upstreams" / f"{connector.kind}.md").read_text()
    assert [p.name for p in (*connector.credentials, *connector.options) if f"`{p.name}`" not in page] == []


def test_every_variable_is_documented():
    read = set(
        re.findall(r'"((?:INVOICEHUB_|DATABASE_|REDIS_)\w+)"', (ROOT / "invoicehub" / "environment.py").read_text())
    )
    page = (ROOT / "docs" / "configuration.md").read_text()
    assert [name for name in sorted(read) if f"`{name}`" not in page] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_pictures_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text())
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_the_architecture_names_every_room_and_nothing_that_is_not_there():
    named = set(re.findall(r"`([\w/]+(?:/|\.py)|apps/\w+)`", (ROOT / "docs" / "architecture.md").read_text()))
    rooms = {str(path.parent.relative_to(ROOT)) for path in ROOT.glob("apps/*/__init__.py")}
    assert len(rooms) > 8
    assert sorted(rooms - named) == []
    files = [
        f"/{path.relative_to(ROOT)}" for top in ("apps", "invoicehub", "tests") for path in ROOT.glob(f"{top}/**/*.py")
    ]
    missing = [name for name in sorted(named) if not (ROOT / name).exists()]
    assert [name for name in missing if not any(f"/{name}" in file for file in files)] == []


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_every_command_is_in_the_readme(readme):
    text = (ROOT / readme).read_text()
    # Started by `work`, or Django's own.
    inner = {"__init__", "run_worker", "run_scheduler", "run_listener", "makemigrations", "migrate"}
    assert [name for name in sorted(OURS) if name not in inner and f"`{name}" not in text] == []
