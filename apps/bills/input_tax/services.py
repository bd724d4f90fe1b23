"""Write to bill invoices which part of their tax may be deducted."""

from collections.abc import Collection


def refresh(bill_ids: Collection[int]) -> None:
    """Judge the live invoices of these bills anew. Leaves alone what a person decided, released invoices, and booked
    bills. Runs in the caller's transaction; the number of queries does not depend on the number of invoices."""
