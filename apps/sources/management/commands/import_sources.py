"""``import_sources FILE.json``: sources as a list of objects, made or brought up to date by name, all or none."""

from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.sources import definitions


class Command(BaseCommand):
    help = "Make sources, or bring them up to date, from a JSON list. Nothing is written unless all of it is right."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.json")
        parser.add_argument(
            "--companies", type=Path, metavar="FILE.json", help="list of name, tax_no, former_names, small_scale"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        companies = _read(options["companies"], definitions.CompanyDefinition) if options["companies"] else []
        try:
            outcome = definitions.apply(_read(options["file"], definitions.SourceDefinition), companies)
        except definitions.BadDefinitionsError as error:
            raise CommandError("Nothing was written.\n" + "\n".join(f"- {line}" for line in error.problems)) from error
        if options["verbosity"]:
            self.stdout.writelines(f"{line}\n" for line in outcome)


def _read(path: Path, kind: Any) -> list[Any]:
    try:
        definitions: list[Any] = msgspec.json.decode(path.read_bytes(), type=list[kind])
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except msgspec.DecodeError as error:  # names places and types, never values
        raise CommandError(f"{path} is not as expected: {error}") from error
    return definitions
