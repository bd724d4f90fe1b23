"""The one mechanism by which an app above registers with an app below.

Imports go downward only, so a lower app cannot call a higher one by name. Instead it declares a ``Registry`` of the
protocol it needs; the higher app registers a provider in ``AppConfig.ready``, and the lower app iterates over them.
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

Provider = TypeVar("Provider")


class Registry(Generic[Provider]):
    """Named providers, iterated by ``(rank, name)``: the order of registration (of INSTALLED_APPS) never matters."""

    def __init__(self, purpose: str) -> None:
        """``purpose`` names the registry in error messages, such as ``booking provider``."""
        self._purpose = purpose
        self._providers: dict[str, tuple[int, Provider]] = {}

    def register(self, name: str, provider: Provider, *, rank: int = 0) -> None:
        """Register ``provider`` under ``name``; lower ranks come first.

        Repeating a registration changes nothing. Raises ValueError when ``name`` is taken by another provider or rank.
        """
        registered = self._providers.setdefault(name, (rank, provider))
        if registered[0] != rank or not (registered[1] is provider or registered[1] == provider):
            raise ValueError(f"{self._purpose} {name!r} is registered twice")

    def get(self, name: str) -> Provider | None:
        """The provider of that name; None without one."""
        entry = self._providers.get(name)
        return entry[1] if entry else None

    def items(self) -> Iterator[tuple[str, Provider]]:
        """``(name, provider)`` in the order of the ranks."""
        for name, (_rank, provider) in sorted(self._providers.items(), key=lambda item: (item[1][0], item[0])):
            yield name, provider

    def __iter__(self) -> Iterator[Provider]:
        return (provider for _name, provider in self.items())
