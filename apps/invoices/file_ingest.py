"""Rows of a file on their way into the ledger: each company has one source of kind ``file``, which takes its rows.

Whose a row is, its own side's taxpayer number tells (buyer of a received invoice, seller of an issued one), then the
other side's, then the company the caller names. What belongs to nobody goes to a company of its own, which only those
see who see all companies: nothing received is lost, and nothing is shown to the wrong people.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import Any

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Company
from apps.core.batches import commit_each
from apps.core.messages import Message
from apps.sources.choices import RunStatus, RunTrigger
from apps.sources.connectors.base import RawItem
from apps.sources.kinds import SourceKind
from apps.sources.models import Source, SyncRun
from apps.sources.parsing import tax_number
from apps.sources.records import dumps

from .imports import external_id, parse_row
from .ingest import Counts, Version, ingest_versions

STREAM = "file"
PAGE = 1000
_encode = msgspec.json.Encoder(order="sorted", decimal_format="string").encode


Rows = Sequence[tuple[int, Mapping[str, Any]]]  # line number, row


@dataclass
class Filed:
    """What became of a file: counts by source name, and the rows that wait in quarantine with their line numbers."""

    counts: dict[str, Counts] = field(default_factory=dict)
    bad: list[tuple[int, Message]] = field(default_factory=list)


@dataclass
class _Page:
    """Rows of one source as the ingest takes them."""

    source: Source
    versions: list[Version]
    bad: list[tuple[int, Message]]


def file_rows(rows: Iterable[tuple[int, Mapping[str, Any]]], fallback: Company | None = None) -> Filed:
    """Bring (line number, row) pairs into the ledger, a page a transaction. Leaves a finished run for every source."""
    return _Filing(fallback).run(rows)


class _Filing:
    def __init__(self, fallback: Company | None) -> None:
        self.companies = {company.tax_no.upper(): company for company in Company.objects.exclude(tax_no="")}
        self.fallback = fallback
        self.sources: dict[int, Source] = {}
        self.filed = Filed()
        self.pages: dict[int, int] = defaultdict(int)

    def run(self, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> Filed:
        began = timezone.now()
        for page in commit_each(self._pages(rows), self._store):
            self.filed.bad += page.bad
        self.filed.bad.sort(key=lambda found: found[0])
        self._leave_runs(began)
        return self.filed

    def _pages(self, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[Callable[[], _Page]]:
        waiting: dict[int, list[tuple[int, Mapping[str, Any]]]] = defaultdict(list)
        for line, row in rows:
            source = self._source(self._company(row))
            waiting[source.pk].append((line, row))
            if len(waiting[source.pk]) == PAGE:
                yield partial(_page, source, waiting.pop(source.pk))
        for pk, rest in waiting.items():
            yield partial(_page, self.sources[pk], rest)

    def _company(self, row: Mapping[str, Any]) -> Company:
        sides = ("seller", "buyer") if row.get("direction") == "output" else ("buyer", "seller")
        for side in sides:
            found = self.companies.get(tax_number(_text(row.get(f"{side}_tax_no"))))
            if found:
                return found
        if self.fallback is None:
            self.fallback, _made = Company.objects.get_or_create(tax_no="", defaults={"name": _("Not assigned")})
        return self.fallback

    def _source(self, company: Company) -> Source:
        source = next((known for known in self.sources.values() if known.company_id == company.pk), None)
        if source is None:
            name = _("Imported files: %(company)s") % {"company": company.name}
            source, _made = Source.objects.get_or_create(
                kind=SourceKind.FILE,
                company=company,
                defaults={"name": f"{name[:85]} #{company.pk}", "interval_minutes": 0},
            )
            self.sources[source.pk] = source
        return source

    def _store(self, page: _Page) -> _Page:
        counts = ingest_versions(page.source, page.versions, parse_row, run_id=None, stream=STREAM)
        total = self.filed.counts.setdefault(page.source.name, Counts())
        for name, value in counts.as_dict().items():
            setattr(total, name, getattr(total, name) + value)
        self.pages[page.source.pk] += 1
        return page

    def _leave_runs(self, began: datetime) -> None:
        """For the list of pulls; made at the end, because nobody would breathe for it meanwhile."""
        for source in self.sources.values():
            counts = self.filed.counts[source.name]
            SyncRun.objects.create(
                source=source,
                trigger=RunTrigger.COMMAND,
                status=RunStatus.PARTIAL if counts.quarantined else RunStatus.SUCCEEDED,
                started_at=began,
                finished_at=timezone.now(),
                pages=self.pages[source.pk],
                **counts.as_dict(),
            )


def _page(source: Source, rows: Rows) -> _Page:
    versions = [_version(row) for _line, row in rows]
    bad = [(line, v.reason) for (line, _row), v in zip(rows, versions, strict=True) if v.reason is not None]
    return _Page(source, versions, bad)


def _version(row: Mapping[str, Any]) -> Version:
    """The row, read. The same invoice has the same fingerprint in every format and from every export, so that importing
    it again changes nothing."""
    name = external_id(row)
    version = Version.of(RawItem(name, row))
    version.read(parse_row)
    facts = _encode(row) if version.record is None else dumps(version.record).encode()
    version.fingerprint = blake2b(facts, digest_size=16).hexdigest()
    if not name:
        version.item = RawItem(f"row:{version.fingerprint}", row)
    return version


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
