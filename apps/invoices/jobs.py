"""What RQ calls. Jobs receive ids; everything else is read from the database."""

from . import pull as engine


def pull(run_id: int) -> None:
    """Pull one queued run. Rung twice, the second ring finds the run taken and does nothing."""
    engine.pull(run_id)
