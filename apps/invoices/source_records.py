"""A source record as a merge works on it, from the arriving payload to the written row. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from apps.sources.records import InvoiceRecord

from .identity import keys


class Origin(msgspec.Struct, frozen=True):
    """The source that a source record comes from: its id, its kind and the company it belongs to."""

    source_id: int
    kind: str
    company_id: int


class SourceRecordState(msgspec.Struct, frozen=True, eq=False):
    """What one source currently says of one invoice.

    ``id`` and ``invoice_id`` are None while no row exists. ``changed``: the row must be written. ``notify``: followers
    of the ledger must hear of the invoice even when the invoice's own row stays the same.
    """

    origin: Origin
    external_id: str
    raw_id: int
    record: InvoiceRecord
    keys: tuple[str, ...]
    id: int | None = None
    invoice_id: int | None = None
    changed: bool = False
    notify: bool = False

    @property
    def changed_at(self) -> datetime | None:
        """The source's own time of change; None when it does not state one."""
        return self.record.changed_at

    @property
    def identifier(self) -> tuple[int, str]:
        """Source id and external id: unique among all source records."""
        return self.origin.source_id, self.external_id

    def is_older_than(self, stored: "SourceRecordState") -> bool:
        """Whether the source itself dates this version before the stored one."""
        return bool(self.changed_at and stored.changed_at and self.changed_at < stored.changed_at)

    def replacing(self, stored: "SourceRecordState") -> "SourceRecordState":
        """This version in the row of the stored one."""
        return msgspec.structs.replace(
            self,
            id=stored.id,
            invoice_id=stored.invoice_id,
            notify=_followed_values(stored.record) != _followed_values(self.record),
        )

    def rekeyed(self) -> "SourceRecordState":
        """The same source record under the current identity rules."""
        return msgspec.structs.replace(self, keys=keys(self.record, self.origin.source_id), changed=True)


def received(origin: Origin, external_id: str, raw_id: int, record: InvoiceRecord) -> SourceRecordState:
    """The state of a record that has just been read from the raw record ``raw_id``."""
    return SourceRecordState(
        origin, external_id, raw_id, record, keys(record, origin.source_id), changed=True, notify=True
    )


def renamed_keys(before: Iterable[SourceRecordState], after: Iterable[SourceRecordState]) -> dict[str, str]:
    """Old key → new key after a change of the identity rules, as far as that is unambiguous.

    The keys of one record correspond by position when their number is the same. A key that became different keys in
    different records is left out.
    """
    successors: dict[str, set[str]] = {}
    for old, new in zip(before, after, strict=True):
        for old_key, new_key in _corresponding(old.keys, new.keys):
            successors.setdefault(old_key, set()).add(new_key)
    unambiguous = {old: new_keys.pop() for old, new_keys in successors.items() if len(new_keys) == 1}
    return {old: new for old, new in unambiguous.items() if old != new}


def _corresponding(old: Sequence[str], new: Sequence[str]) -> Iterable[tuple[str, str]]:
    return zip(old, new, strict=True) if len(old) == len(new) else ()


def _followed_values(record: InvoiceRecord) -> tuple[object, ...]:
    """Values that followers of the ledger need although the invoice's own row may not show them."""
    return record.claim, record.expense_status, record.deleted
