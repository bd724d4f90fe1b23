"""What books a bill. The apps above register providers that name it; bills store no reference to a voucher."""

from typing import Protocol

from apps.core.providers import Registry


class BookingProvider(Protocol):
    """The name, for people, of what books this bill now; '' for nothing."""

    def __call__(self, bill_id: int, /) -> str: ...


registry: Registry[BookingProvider] = Registry("booking provider")


def booking_of(bill_id: int) -> str:
    """The name of what books the bill now; '' when a person marked it as booked without a voucher."""
    return next((name for provider in registry if (name := provider(bill_id))), "")
