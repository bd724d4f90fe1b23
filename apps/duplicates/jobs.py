"""What RQ calls, and the ring for it."""

from apps.core.wakeup import wake

from . import searching


def search() -> None:
    """SearchRun what changed. Rung twice, the second ring finds the lock taken or nothing to do."""
    searching.search_changed()


def ring_if_due() -> bool:
    """Ring for a search when invoices changed since the last one; the minute's tick asks. False when nothing waits."""
    if not searching.backlog().number:
        return False
    wake("search-duplicates", "apps.duplicates.jobs.search")
    return True
