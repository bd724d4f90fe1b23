"""Field and identity conflicts during a merge: read once for all invoices concerned, written once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.utils import timezone

from .choices import ConflictState
from .models import FieldConflict

_FIELD_LENGTH = 100
Claims = Sequence[tuple[int, str, str]]  # (source id, external id, value)


class OpenConflicts(NamedTuple):
    """Which kinds of conflict of an invoice nobody has settled yet."""

    fields: bool  # sources disagree on a value
    identity: bool  # another invoice carries one of its keys


class ConflictBook:
    """The stored conflicts of some invoices, brought up to date by ``follow`` and saved by ``write``."""

    def __init__(self, invoice_ids: Iterable[int]) -> None:
        self._stored: dict[int, dict[str, FieldConflict]] = defaultdict(dict)
        self._changed: list[FieldConflict] = []
        self._new: list[FieldConflict] = []
        ids = list(invoice_ids)
        if ids:
            for conflict in FieldConflict.objects.filter(invoice_id__in=ids):
                self._stored[conflict.invoice_id][conflict.field] = conflict

    def settled(self, invoice_id: int) -> dict[str, str]:
        """Field → value that a person chose."""
        conflicts = self._stored.get(invoice_id, {}).values()
        return {
            c.field: c.chosen
            for c in conflicts
            if c.state == ConflictState.SETTLED and c.chosen is not None and not c.field.startswith("key")
        }

    def follow(self, invoice_id: int, fields: Mapping[str, Claims], keys: Mapping[str, Claims]) -> OpenConflicts:
        """Make these the invoice's conflicts: new ones are opened, others updated or closed.

        ``fields``: field → claims. ``keys``: match key that another invoice carries as well → claims.
        """
        of_keys = {f"key:{key}"[:_FIELD_LENGTH]: claims for key, claims in keys.items()}
        stored = self._stored.get(invoice_id, {})
        for name, claims in (*fields.items(), *of_keys.items()):
            self._claim(
                invoice_id, name, [dict(zip(("source_id", "external_id", "value"), c, strict=True)) for c in claims]
            )
        for name, conflict in stored.items():
            if name not in fields and name not in of_keys and conflict.state == ConflictState.OPEN:
                conflict.state = ConflictState.GONE
                self._changed.append(conflict)
        settled = {name for name, conflict in stored.items() if conflict.state == ConflictState.SETTLED}
        return OpenConflicts(fields=bool(fields.keys() - settled), identity=bool(of_keys.keys() - settled))

    def forget(self, invoice_ids: Iterable[int]) -> None:
        """Close the conflicts of redirects: they have no source records that could disagree."""
        for invoice_id in invoice_ids:
            self.follow(invoice_id, {}, {})

    def _claim(self, invoice_id: int, field: str, claims: list[dict[str, object]]) -> None:
        conflict = self._stored.get(invoice_id, {}).get(field)
        if conflict is None:
            self._new.append(FieldConflict(invoice_id=invoice_id, field=field, claims=claims))
            return
        state = ConflictState.OPEN if conflict.state == ConflictState.GONE else conflict.state
        if conflict.claims != claims or conflict.state != state:
            conflict.claims, conflict.state = claims, state
            self._changed.append(conflict)

    def write(self) -> None:
        now = timezone.now()
        for conflict in self._new:
            conflict.created_at = now
        FieldConflict.objects.bulk_create(self._new)
        FieldConflict.objects.bulk_update(self._changed, ["claims", "state"], batch_size=500)
