"""The RQ job of the search, and its enqueueing."""

from apps.core.wakeup import wake

from . import searching


def search() -> None:
    """Search what changed. A second job at the same time finds the lock taken, or nothing to do."""
    searching.search_changed()


def enqueue_if_due() -> bool:
    """Enqueue a search when invoices changed since the last one; called every minute. False when nothing waits."""
    if not searching.backlog().number:
        return False
    wake("search-duplicates", "apps.duplicates.jobs.search")
    return True
