"""The registry of providers that name the voucher which books a bill; bills store no reference to a voucher."""

from typing import Protocol

from apps.core.providers import Registry


class BookingProvider(Protocol):
    """The display name of the voucher that books this bill now; '' for none."""

    def __call__(self, bill_id: int, /) -> str: ...


registry: Registry[BookingProvider] = Registry("booking provider")


def booking_of(bill_id: int) -> str:
    """The display name of the voucher that books the bill now; '' when none does."""
    return next((name for provider in registry if (name := provider(bill_id))), "")
