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
from .source_records import Origin, SourceRecordState, received

log = structlog.get_logger(__name__)

Parse = Callable[[RawItem], InvoiceRecord]

_payload_encoder = msgspec.json.Encoder(order="sorted", decimal_format="number")
_payload_decoder = msgspec.json.Decoder(float_hook=Decimal)

_RAW = ("id", "source_id", "run_id", "stream", "external_id", "fingerprint", "parsed", "payload", "received_at")
_NEWEST_FINGERPRINTS = """
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
    """One version of a raw record on its way into the ledger.

    Once it is read, it has either a ``record`` or the ``reason`` why it cannot become one.
    """

    item: RawItem
    payload: str
    fingerprint: str
    raw_id: int = 0
    record: InvoiceRecord | None = None
    reason: Message | None = None

    @classmethod
    def of(cls, item: RawItem, redactor: Redactor | None = None) -> "Version":
        """The item as it will be stored, not read yet. ``redactor`` removes secrets of the source from the payload."""
        payload = _payload_encoder.encode(item.payload)
        fingerprint = item.fingerprint or blake2b(payload, digest_size=16).hexdigest()
        clean = redactor.echoed(payload.decode()) if redactor else None
        if clean is not None:
            item = RawItem(clean(item.external_id), clean(item.payload))
            payload = _payload_encoder.encode(item.payload)
        return cls(item, payload.decode(), fingerprint)

    @classmethod
    def stored(cls, external_id: str, raw_id: int, payload: str, parse: Parse) -> "Version":
        """A stored raw record, read again."""
        version = cls(RawItem(external_id, read_payload(payload)), payload, "", raw_id)
        version.read(parse)
        return version

    def read(self, parse: Parse) -> None:
        """Parse the payload, unless that has been done."""
        if self.record is None and self.reason is None:
            self.record, self.reason = _read(self.item, parse)


@dataclass
class _Sorted:
    """A page's versions by what the stored raw records say of them."""

    new: dict[str, Version] = field(default_factory=dict)
    changed: dict[str, Version] = field(default_factory=dict)
    superseded: list[Version] = field(default_factory=list)  # an id twice in one page: the earlier ones, raw only
    unchanged: list[str] = field(default_factory=list)  # external ids


def read_versions(items: Iterable[RawItem], parse: Parse) -> list[Version]:
    """Prepare a page without the database, so that this can run while another page is written."""
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
    """Store a page and bring it into the ledger; counts what became of its records. Unchanged ones are not parsed.

    Must run in a transaction. ``parsed`` False keeps the records as raw only; ``redactor`` removes the source's
    secrets. A record that ``parse`` refuses is quarantined; anything raised is a fault of ours or of the database.
    """
    versions = [Version.of(item, redactor) for item in items]
    return ingest_versions(source, versions, parse if parsed else None, run_id=run_id, stream=stream)


def ingest_versions(
    source: Source, versions: Sequence[Version], parse: Parse | None, *, run_id: int | None, stream: str
) -> Counts:
    """Like ``ingest_page`` for prepared versions; ``parse`` reads those not read yet (None: keep them as raw only)."""
    counts = Counts(received=len(versions))
    page = _sort(source.pk, versions)
    current = [*page.new.values(), *page.changed.values()]
    _store_raw(source.pk, run_id, stream, [*page.superseded, *current], parse)
    open_before = _open_quarantine(source.pk, [*page.unchanged, *page.changed])
    bad = [version for version in current if version.reason is not None]
    good = [version for version in current if version.record is not None]
    _quarantine(source.pk, bad)
    _release(source.pk, [v.item.external_id for v in good if v.item.external_id in open_before])
    merged = ledger.merge(states(source, good))
    bad_ids = {version.item.external_id for version in bad}
    counts.quarantined = len(bad_ids) + sum(1 for external_id in page.unchanged if external_id in open_before)
    counts.created = sum(1 for external_id in page.new if external_id not in bad_ids)
    changed = sum(1 for external_id in page.changed if external_id not in bad_ids | merged.stale)
    counts.changed = changed + len(page.superseded)
    counts.unchanged = counts.received - counts.created - counts.changed - counts.quarantined
    counts.tombstoned = sum(1 for v in good if v.record and v.record.deleted)
    return counts


def read_payload(text: str) -> dict[str, object]:
    """A stored payload as the connector yielded it; numbers with a fraction are Decimal."""
    decoded: dict[str, object] = _payload_decoder.decode(text)
    return decoded


def states(source: Source, versions: Iterable[Version]) -> list[SourceRecordState]:
    """The source records that those of these versions make that could be read; for ``ledger.merge``."""
    origin = Origin(source.pk, source.kind, source.company_id)
    return [
        received(origin, version.item.external_id, version.raw_id, version.record)
        for version in versions
        if version.record is not None
    ]


def _read(item: RawItem, parse: Parse) -> tuple[InvoiceRecord | None, Message | None]:
    """(record, None), or (None, the reason why the item cannot become one)."""
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
        cursor.execute(_NEWEST_FINGERPRINTS, [source_id, text_array(version.item.external_id for version in versions)])
        stored = dict(cursor.fetchall())
    for version in versions:
        external_id = version.item.external_id
        earlier = page.new.get(external_id) or page.changed.get(external_id)
        if (earlier.fingerprint if earlier else stored.get(external_id)) == version.fingerprint:
            page.unchanged.append(external_id)
            continue
        if earlier:
            page.superseded.append(earlier)
        (page.changed if external_id in stored else page.new)[external_id] = version
    return page


def _store_raw(
    source_id: int, run_id: int | None, stream: str, versions: Sequence[Version], parse: Parse | None
) -> None:
    """Store the payloads; parse each one while PostgreSQL takes in the ones before it (None: do not parse)."""
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
