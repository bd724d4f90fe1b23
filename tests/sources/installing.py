"""Installs a pure Python package without pip and network: copies its modules and writes the metadata as pip does."""

import shutil
import tomllib
from pathlib import Path


def install(package: Path, target: Path) -> None:
    """Install the package that ``package/pyproject.toml`` describes into ``target``, a directory on ``sys.path``."""
    settings = tomllib.loads((package / "pyproject.toml").read_text())
    project = settings["project"]
    for module in settings["tool"]["setuptools"]["packages"]:
        shutil.copytree(package / module, target / module)
    metadata = target / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    lines = []
    for group, entries in project["entry-points"].items():
        lines += [f"[{group}]", *(f"{name} = {value}" for name, value in entries.items())]
    (metadata / "entry_points.txt").write_text("\n".join(lines) + "\n")
