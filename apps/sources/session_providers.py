"""What stays open at an upstream beside its token, such as people's windows on its pages. The apps above register who
ends them."""

from typing import Protocol

from apps.core.providers import Registry


class SessionProvider(Protocol):
    """Ends the sessions that were opened under an earlier login of this source."""

    def __call__(self, source_id: int, /) -> None: ...


registry: Registry[SessionProvider] = Registry("session provider")


def end_sessions(source_id: int) -> None:
    for provider in registry:
        provider(source_id)
