"""From a page of raw records to the ledger, in sets and in the caller's transaction: a page costs the same few
statements whether it holds 50 records or 1000.

received = created + changed + unchanged + quarantined, for every page: each item falls into exactly one of the four.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import blake2b
from traceback import format_exc
from typing import Any

import msgspec
import structlog
from django.db import connection
from django.utils import timezone

from apps.core.bulk import copy_rows, next_ids, text_array
from apps.core.errors import BadRecord
from apps.core.messages import Message
from apps.core.redaction import Redactor, mask_personal
from apps.sources.choices import QuarantineState
from apps.sources.connectors.base import RawItem
from apps.sources.models import QuarantinedRecord, Source
from apps.sources.records import InvoiceRecord

from . import ledger

log = structlog.get_logger(__name__)

Parse = Callable[[RawItem], InvoiceRecord]

_payload_encoder = msgspec.json.Encoder(order="sorted", decimal_format="number")
_payload_decoder = msgspec.json.Decoder(float_hook=Decimal)

_RAW = ("id", "source_id", "run_id", "stream", "external_id", "fingerprint", "parsed", "payload", "received_at")
_KNOWN = """
SELECT DISTINCT ON (external_id) external_id, fingerprint FROM sources_rawrecord
 WHERE source_id = %s AND external_id = ANY(%s::text[]) ORDER BY external_id, id DESC
"""


@dataclass
class Counts:
    """What became of the records of a page (or of a run)."""

    received: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    quarantined: int = 0
    tombstoned: int = 0
    charged: int = 0

    def as_dict(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass
class Version:
    """One payload on its way in: its place in RawRecord, and (once it is read) what it says or why it says nothing."""

    item: RawItem
    payload: str
    fingerprint: str
    raw_id: int = 0
    record: InvoiceRecord | None = None
    reason: Message | None = None

    @classmethod
    def of(cls, item: RawItem, redactor: Redactor | None = None) -> "Version":
        """As it will be stored, unread; without the source's own secrets, should the upstream have put one in."""
        payload = _payload_encoder.encode(item.payload)
        fingerprint = item.fingerprint or blake2b(payload, digest_size=16).hexdigest()
        clean = redactor.echoed(payload.decode()) if redactor else None
        if clean is not None:
            item = RawItem(clean(item.external_id), clean(item.payload))
            payload = _payload_encoder.encode(item.payload)
        return cls(item, payload.decode(), fingerprint)

    def read(self, parse: Parse) -> None:
        """Find out what it says, once."""
        if self.record is None and self.reason is None:
            self.record, self.reason = _read(self.item, parse)


@dataclass
class _Sorted:
    """A page after comparing it with what was received before."""

    new: dict[str, Version] = field(default_factory=dict)
    changed: dict[str, Version] = field(default_factory=dict)
    superseded: list[Version] = field(default_factory=list)  # an id twice in one page: the earlier ones, raw only
    same: list[str] = field(default_factory=list)


def read_versions(items: Iterable[RawItem], parse: Parse) -> list[Version]:
    """All of a page that can be done without the database (``apps.core.batches``)."""
    versions = [Version.of(item) for item in items]
    for version in versions:
        version.read(parse)
    return versions


def ingest_page(
    source: Source,
    items: Iterable[RawItem],
    parse: Parse,
    *,
    run_id: int | None,
    stream: str,
    parsed: bool = True,
    redactor: Redactor | None = None,
) -> Counts:
    """Store a page and bring it into the ledger; what became of its records. What we hold already is not read again.

    Must run in a transaction. ``parsed`` False keeps the records as raw only; ``redactor`` knows the source's secrets.
    Raises only for faults of ours or of the database; a record that ``parse`` refuses is quarantined.
    """
    versions = [Version.of(item, redactor) for item in items]
    return ingest_versions(source, versions, parse if parsed else None, run_id=run_id, stream=stream)


def ingest_versions(
    source: Source, versions: Sequence[Version], parse: Parse | None, *, run_id: int | None, stream: str
) -> Counts:
    """The same for a page that was prepared beforehand; ``parse`` reads what was not (None: keep it as raw only)."""
    counts = Counts(received=len(versions))
    page = _sort(source.pk, versions)
    current = [*page.new.values(), *page.changed.values()]
    _store_raw(source.pk, run_id, stream, [*page.superseded, *current], parse)
    open_before = _open_quarantine(source.pk, [*page.same, *page.changed])
    bad = [version for version in current if version.reason is not None]
    good = [version for version in current if version.record is not None]
    _quarantine(source.pk, bad)
    _release(source.pk, [v.item.external_id for v in good if v.item.external_id in open_before])
    merged = ledger.merge(
        origin(source), [ledger.Arrival(v.item.external_id, v.raw_id, v.record) for v in good if v.record]
    )
    bad_ids = {version.item.external_id for version in bad}
    counts.quarantined = len(bad_ids) + sum(1 for external_id in page.same if external_id in open_before)
    counts.created = sum(1 for external_id in page.new if external_id not in bad_ids)
    fresh = sum(1 for external_id in page.changed if external_id not in bad_ids | merged.stale)
    counts.changed = fresh + len(page.superseded)
    counts.unchanged = counts.received - counts.created - counts.changed - counts.quarantined
    counts.tombstoned = sum(1 for v in good if v.record and v.record.deleted)
    return counts


def read_payload(text: str) -> dict[str, object]:
    """A stored payload as the connector yielded it; numbers with a fraction are Decimal."""
    decoded: dict[str, object] = _payload_decoder.decode(text)
    return decoded


def read_stored(external_id: str, payload: str, parse: Parse) -> tuple[InvoiceRecord | None, Message | None]:
    """Parse a stored payload again: the record, or the reason why not."""
    return _read(RawItem(external_id, read_payload(payload)), parse)


def origin(source: Source) -> ledger.Origin:
    return ledger.Origin(source.pk, source.name, source.kind, source.company_id)


def _read(item: RawItem, parse: Parse) -> tuple[InvoiceRecord | None, Message | None]:
    try:
        return parse(item), None
    except BadRecord as error:
        return None, error.message
    except Exception as error:  # noqa: BLE001 - a connector's mistake about one record must not stop the others
        log.error("record.unexpected", record=item.external_id, traceback=mask_personal(format_exc()))
        return None, Message("record.unexpected", {"error": type(error).__name__})


def _sort(source_id: int, versions: Sequence[Version]) -> _Sorted:
    page = _Sorted()
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [source_id, text_array(version.item.external_id for version in versions)])
        known = dict(cursor.fetchall())
    for version in versions:
        external_id = version.item.external_id
        earlier = page.new.get(external_id) or page.changed.get(external_id)
        if (earlier.fingerprint if earlier else known.get(external_id)) == version.fingerprint:
            page.same.append(external_id)
            continue
        if earlier:
            page.superseded.append(earlier)
        (page.changed if external_id in known else page.new)[external_id] = version
    return page


def _store_raw(
    source_id: int, run_id: int | None, stream: str, versions: Sequence[Version], parse: Parse | None
) -> None:
    """Store the payloads, and read them meanwhile (None: keep them unread)."""
    now, parsed = timezone.now(), parse is not None

    def rows() -> Iterator[tuple[Any, ...]]:
        for version, raw_id in zip(versions, next_ids("sources_rawrecord", len(versions)), strict=True):
            version.raw_id = raw_id
            if parse is not None:
                version.read(parse)
            item = version.item
            yield raw_id, source_id, run_id, stream, item.external_id, version.fingerprint, parsed, version.payload, now

    copy_rows("sources_rawrecord", _RAW, rows())


def _open_quarantine(source_id: int, external_ids: Sequence[str]) -> set[str]:
    if not external_ids:
        return set()
    waiting = QuarantinedRecord.objects.filter(
        source_id=source_id, external_id__in=external_ids, state=QuarantineState.OPEN
    )
    return set(waiting.values_list("external_id", flat=True))


def _quarantine(source_id: int, versions: Sequence[Version]) -> None:
    rows = [
        QuarantinedRecord(
            source_id=source_id,
            external_id=version.item.external_id,
            raw_id=version.raw_id,
            reason=version.reason.stored(),
            reason_code=version.reason.code[:60],
        )
        for version in versions
        if version.reason
    ]
    QuarantinedRecord.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["source", "external_id"],
        update_fields=["raw", "reason", "reason_code", "state", "settled_at", "settled_by"],
    )


def _release(source_id: int, external_ids: Sequence[str]) -> None:
    if external_ids:
        QuarantinedRecord.objects.filter(source_id=source_id, external_id__in=external_ids).update(
            state=QuarantineState.RESOLVED, settled_at=timezone.now()
        )
