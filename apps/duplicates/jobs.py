"""The job RQ calls to search for duplicates, and the check that enqueues it."""

from apps.core.wakeup import wake

from . import searching


def search() -> None:
    """Search what changed. Enqueued twice, the second one finds the cursor locked or nothing to do."""
    searching.search_changed()


def enqueue_if_due() -> bool:
    """Enqueue a search when invoices changed since the last one. Called every minute. False when none did."""
    if not searching.backlog().number:
        return False
    wake("search-duplicates", "apps.duplicates.jobs.search")
    return True
