"""What RQ calls, and the ring for it."""

from apps.core.doorbell import ring

from . import searching


def search() -> None:
    """Search what changed. Rung twice, the second ring finds the lock taken or nothing to do."""
    searching.search_changed()


def ring_if_due() -> bool:
    """Ring for a search when invoices changed since the last one; the minute's tick asks. False when nothing waits."""
    if not searching.backlog().number:
        return False
    ring("search-duplicates", "apps.duplicates.jobs.search")
    return True
