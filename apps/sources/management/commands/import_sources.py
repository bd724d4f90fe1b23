"""``import_sources FILE.json [--companies FILE]``: make or update sources by name, all of them or none."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from apps.accounts.models import Company
from apps.sources import services
from apps.sources.models import Source

_KEYS = {"name", "kind", "base_url", "company_tax_no", "credentials", "options", "enabled"}
_REQUIRED = ("name", "kind", "base_url", "company_tax_no")
_COMPANY_KEYS = {"name", "tax_no", "former_names", "small_scale"}


class Command(BaseCommand):
    help = "Make or update sources from a JSON list. Nothing is saved when anything in it is wrong. Secrets are never printed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--companies", type=Path, help='[{"name", "tax_no", "former_names", "small_scale"}] to make or update first')

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if options["companies"]:
            for entry in _list_in(Path(options["companies"])):
                _save_company(entry)
        entries = _list_in(options["file"])
        problems = [line for number, entry in enumerate(entries, 1) for line in _problems(number, entry)]
        if problems:
            raise CommandError("Nothing was imported:\n" + "\n".join(problems))
        for entry in entries:
            outcome = _save(entry)
            if options["verbosity"]:
                self.stdout.write(f"{entry['name']}: {outcome}")


def _list_in(path: Path) -> list[Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"{path} is not JSON: {error}.") from error
    if not isinstance(found, list):
        raise CommandError(f"{path} must hold a list.")
    return found


def _save_company(entry: Any) -> None:
    if not isinstance(entry, dict) or not entry.get("name") or not entry.get("tax_no") or entry.keys() - _COMPANY_KEYS:
        raise CommandError(f"A company needs name and tax_no and may have former_names and small_scale, not: {entry}.")
    Company.objects.update_or_create(
        tax_no=entry["tax_no"], defaults={key: value for key, value in entry.items() if key != "tax_no"}
    )


def _problems(number: int, entry: Any) -> list[str]:
    """What is wrong with one entry, as lines for a person."""
    if not isinstance(entry, dict):
        return [f"  entry {number}: must be an object"]
    where = f"  entry {number} ({entry.get('name') or 'no name'})"
    found = [f"{where}: unknown key {key!r}" for key in sorted(entry.keys() - _KEYS)]
    found += [f"{where}: {key} is missing" for key in _REQUIRED if not isinstance(entry.get(key), str) or not entry[key]]
    found += [f"{where}: {key} must be an object" for key in ("credentials", "options") if not isinstance(entry.get(key, {}), dict)]
    if not isinstance(entry.get("enabled", True), bool):
        found.append(f"{where}: enabled must be true or false")
    if found:
        return found
    wrong = services.problems_of(entry["kind"], entry["base_url"], entry.get("credentials", {}), entry.get("options", {}))
    found = [f"{where}: {field}: {' '.join(sentences)}" for field, sentences in wrong.items()]
    if not Company.objects.filter(tax_no=entry["company_tax_no"]).exists():
        found.append(f"{where}: no company has the taxpayer number {entry['company_tax_no']}; add it in the admin or with --companies")
    return found


def _save(entry: dict[str, Any]) -> str:
    values = {
        "kind": entry["kind"],
        "base_url": entry["base_url"],
        "company": Company.objects.get(tax_no=entry["company_tax_no"]),
        "credentials": entry.get("credentials", {}),
        "options": entry.get("options", {}),
        "enabled": entry.get("enabled", True),
    }
    source = Source.objects.filter(name=entry["name"]).first()
    if source is None:
        Source.objects.create(name=entry["name"], **values)
        return "created"
    if all(getattr(source, field) == value for field, value in values.items()):
        return "unchanged"
    for field, value in values.items():
        setattr(source, field, value)
    source.save()
    return "changed"
