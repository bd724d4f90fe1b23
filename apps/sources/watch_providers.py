"""What a pull should ask its upstream for beyond what the source's options list: open bills, forms, channels.

The apps above register providers of the ones they know.
"""

from typing import Any, Literal, Protocol

from apps.core.providers import Registry

Watched = Literal["bills", "forms", "channels"]


class WatchProvider(Protocol):
    """The bill numbers, forms or channels of this source that the application knows as open; [] for none."""

    def __call__(self, source_id: int, what: Watched, /) -> list[Any]: ...


registry: Registry[WatchProvider] = Registry("watch provider")


def watched(source_id: int, what: Watched) -> list[Any]:
    """Everything the providers know as open for this source."""
    return [item for provider in registry for item in provider(source_id, what)]
