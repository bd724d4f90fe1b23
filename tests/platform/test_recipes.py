"""The recipes of ``docs/contributing``: short enough, of files that exist, and leading to passing tests."""

import re
from pathlib import Path
from textwrap import indent

import pytest

from apps.core import errors

from .copies import ROOT, copied_tree, lint, run_tests

RECIPES = ROOT / "docs" / "contributing"
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
# Recipe → how many files a newcomer may have to touch by hand.
LIMITS = {"connector": 8, "check": 4, "rest": 6, "invoice-column": 6}
_BLOCK = re.compile(r'<!-- (file|append|after "(.+?)"|before "(.+?)"): (\S+) -->\n```\w+\n(.*?)```', re.DOTALL)


def page(recipe: str) -> str:
    return (RECIPES / f"{recipe}.md").read_text()


def files(recipe: str) -> list[str]:
    return re.findall(r"^\d+\. `([^`]+)`", page(recipe).partition("### Files")[2], re.MULTILINE)


@pytest.mark.parametrize("recipe", LIMITS)
def test_a_recipe_names_few_files(recipe: str) -> None:
    assert 0 < len(files(recipe)) <= LIMITS[recipe]
    (row,) = [line for line in CONTRIBUTING.splitlines() if f"(docs/contributing/{recipe}.md)" in line]
    assert f"| {len(files(recipe))}" in row


@pytest.mark.parametrize("recipe", LIMITS)
def test_every_file_exists_or_is_the_new_one(recipe: str) -> None:
    new = {path for kind, _after, _before, path, _text in _BLOCK.findall(page(recipe)) if kind == "file"}
    new |= {f"{Path(path).parent}/test_api.py" for path in files(recipe) if path.startswith("tests/accounts/")}
    missing = [path for path in files(recipe) if "NAME" not in path and not (ROOT / path).exists()]
    # Until the ledger's table of fields is there, the recipe for a column describes what is being built.
    missing = [path for path in missing if path != "apps/invoices/fields.py"]
    assert set(missing) <= new


def followed(recipe: str, copy: Path) -> list[str]:
    """Do in this copy what the page shows; the files that were changed."""
    changed = []
    for kind, after, before, path, text in _BLOCK.findall(page(recipe)):
        file = copy / path
        old = file.read_text() if kind != "file" else ""
        if kind in ("file", "append"):
            new = f"{old}\n\n{text}" if old else text
        else:
            (line,) = [one for one in old.splitlines(keepends=True) if (after or before) in one]
            text = indent(text, line[: len(line) - len(line.lstrip())])  # pages show it without
            new = old.replace(line, line + text if after else text + line, 1)
        file.write_text(new)
        changed.append(path)
    assert changed
    return changed


def test_a_check_is_added_by_its_recipe(tmp_path: Path) -> None:
    copy = copied_tree(tmp_path / "copy")
    changed = followed("check", copy)
    assert set(changed) <= set(files("check"))
    lint(copy, *changed)
    run_tests(copy, "tests/bills/compliance/test_checks.py", "tests/bills/compliance/test_policy.py")


def test_a_resource_is_added_by_its_recipe(tmp_path: Path) -> None:
    copy = copied_tree(tmp_path / "copy")
    changed = followed("rest", copy)
    assert set(changed) <= set(files("rest"))
    lint(copy, *changed)
    run_tests(copy, "tests/core/test_rest_schema.py")


def test_every_intent_and_error_is_explained() -> None:
    text = page("internals")
    assert [intent for intent in errors.Intent if f"| `{intent}` |" not in text] == []
    raised = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.HubError)]
    named = [one.__name__ for one in raised if one is not errors.UpstreamError]
    assert [name for name in named if f"`{name}`" not in text] == []
