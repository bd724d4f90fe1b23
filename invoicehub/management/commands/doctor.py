"""``doctor [--json]``: checks the health of the installation."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from invoicehub.health import Level, examine

_MARKS = {Level.OK: "ok     ", Level.WARNING: "WARNING", Level.FAILURE: "FAILURE"}


class Command(BaseCommand):
    help = "Look at the whole installation; exit code 1 when something does not work."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = examine()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
        else:
            for finding in findings:
                self.stdout.write(f"{_MARKS[finding.level]}  {finding.name:<12} {finding.text}")
        if any(finding.level == Level.FAILURE for finding in findings):
            sys.exit(1)
