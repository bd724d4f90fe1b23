"""The kinds of sources that forms, filters and pages offer: one for each connector, and imported files."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .connectors import CONNECTORS
from .connectors.registry import FILE_KIND


class SourceKind(StrEnum):
    """The kinds that code outside the connectors names. ``kind_choices`` has all of them."""

    FILE = FILE_KIND
    PIAOZONE = "piaozone"


def kind_choices() -> list[tuple[str, str | Promise]]:
    """Every kind a source may have, with its label: depends on the packages that are installed."""
    return [*((kind, connector.label) for kind, connector in CONNECTORS.items()), (FILE_KIND, _("Imported files"))]
