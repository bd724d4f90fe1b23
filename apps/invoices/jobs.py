"""RQ jobs. They receive ids; everything else is read from the database."""

from . import pull as engine


def pull(run_id: int) -> None:
    """Pull one queued run. Enqueued twice, the second job finds the run claimed and does nothing."""
    engine.pull(run_id)
