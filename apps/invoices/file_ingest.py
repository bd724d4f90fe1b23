"""Brings rows of files into the ledger. Each company has one source of kind ``file`` that takes its rows.

The company of a row is the one with the taxpayer number of its own side (buyer of a received invoice, seller of an
issued one), else of the other side, else the one the caller names. Rows of no company go to a company of their own,
which only people see who see all companies: nothing received is lost, and nothing is shown to the wrong people.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import Any

import msgspec
from django.conf import settings
from django.utils import timezone, translation
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
    """What became of a file: counts by source name, and (line number, reason) of the quarantined rows."""

    counts: dict[str, Counts] = field(default_factory=dict)
    bad: list[tuple[int, Message]] = field(default_factory=list)


@dataclass
class _Page:
    """Rows of one source, prepared for the ingest."""

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
        self.filed.bad.sort(key=lambda line_and_reason: line_and_reason[0])
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
            company = self.companies.get(tax_number(_text(row.get(f"{side}_tax_no"))))
            if company:
                return company
        if self.fallback is None:
            with translation.override(settings.LANGUAGE_CODE):  # a name in a row: the installation's language
                name = _("Not assigned")
            self.fallback, _created = Company.objects.get_or_create(tax_no="", defaults={"name": name})
        return self.fallback

    def _source(self, company: Company) -> Source:
        source = next((one for one in self.sources.values() if one.company_id == company.pk), None)
        if source is None:
            with translation.override(settings.LANGUAGE_CODE):
                name = _("Imported files: %(company)s") % {"company": company.name}
            source, _created = Source.objects.get_or_create(
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
        """A finished run for the list of pulls; created at the end, because an active run needs a heartbeat."""
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
    """The row, parsed. Its fingerprint depends on the values alone, so that importing the same invoice again from any
    format or export changes nothing."""
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
