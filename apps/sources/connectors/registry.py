"""Which connectors there are: those of this repository, and those of installed packages.

A package outside this repository adds a connector by an entry point of the group ``invoicehub.connectors`` whose value
is the class: ``acme = "invoicehub_acme:Acme"``. Entry points are read once, at start-up.
"""

import re
from collections.abc import Iterable, Sequence
from importlib.metadata import EntryPoint

from django.core.exceptions import ImproperlyConfigured

from .base import Connector

ENTRY_POINT_GROUP = "invoicehub.connectors"
FILE_KIND = "file"  # the kind of sources that imported files fill; no connector pulls it

_KIND = re.compile(r"[a-z][a-z0-9_]{0,19}")  # ``Source.kind`` holds 20 characters


def build_registry(built_in: Sequence[type[Connector]], installed: Iterable[EntryPoint]) -> dict[str, type[Connector]]:
    """Kind → connector, the built-in ones first and installed ones by the name of their entry point.

    Raises ImproperlyConfigured when an entry point cannot be loaded or is no connector, and when two connectors have
    the same kind.
    """
    registry = {connector.kind: connector for connector in built_in}
    for entry_point in sorted(installed, key=lambda entry_point: entry_point.name):
        connector = _loaded(entry_point)
        if connector.kind in registry:
            raise ImproperlyConfigured(
                f"Two connectors have the kind “{connector.kind}”: {_path(registry[connector.kind])} and"
                f" {_path(connector)} of {_origin(entry_point)}. Uninstall one of them, or give one another kind."
            )
        registry[connector.kind] = connector
    return registry


def _loaded(entry_point: EntryPoint) -> type[Connector]:
    try:
        connector = entry_point.load()
    except (ImportError, AttributeError) as error:
        raise ImproperlyConfigured(
            f"The connector “{entry_point.value}” of {_origin(entry_point)} cannot be loaded: {error}."
            " Repair or uninstall the package."
        ) from error
    if not (isinstance(connector, type) and issubclass(connector, Connector)):
        raise ImproperlyConfigured(
            f"“{entry_point.value}” of {_origin(entry_point)} is no connector."
            " It must be a subclass of apps.sources.connectors.base.Connector."
        )
    kind = getattr(connector, "kind", "")
    if kind == FILE_KIND or not _KIND.fullmatch(kind):
        raise ImproperlyConfigured(
            f"The connector {_path(connector)} of {_origin(entry_point)} has the kind “{kind}”."
            f" A kind is 1 to 20 lower-case letters, digits and underscores, and not “{FILE_KIND}”."
        )
    return connector


def _path(connector: type[Connector]) -> str:
    return f"{connector.__module__}.{connector.__qualname__}"


def _origin(entry_point: EntryPoint) -> str:
    return f"package {entry_point.dist.name}" if entry_point.dist else "an unknown package"
