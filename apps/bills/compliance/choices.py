"""The checks and their levels, as people choose them."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from .checks import CHECKS


class CheckLevel(models.TextChoices):
    """The values are those of ``definition.Level``."""

    OFF = "off", pgettext_lazy("level of a check", "off")
    NOTE = "note", pgettext_lazy("level of a check", "note")
    WARN = "warn", pgettext_lazy("level of a check", "warn")
    BLOCK = "block", pgettext_lazy("level of a check", "block")


def check_choices() -> list[tuple[str, str | Promise]]:
    """Code and label of every check."""
    return [(code, gettext_lazy(check.label)) for code, check in CHECKS.items()]


def check_label(code: str) -> str:
    """What a check is called in the language of the reader; the code itself for a check of another version."""
    return gettext(CHECKS[code].label) if code in CHECKS else code
