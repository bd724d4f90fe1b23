"""Findings of the checks on bills, and the settings of the checks."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q

from apps.accounts.models import Company
from apps.accounts.visibility import visible_company_ids
from apps.bills.choices import BillInvoiceState
from apps.bills.models import Bill, BillInvoice
from apps.core.messages import Message
from apps.invoices.models import Party

from . import checks, policy
from .choices import CheckLevel, check_label
from .definition import Level, Settings
from .facts import Finding
from .gathering import facts_of_bills, gather
from .models import CheckSetting, ComplianceOverride
from .policy import SettingRow

_GRAVE_FIRST = (Level.BLOCK, Level.WARN, Level.NOTE)


@dataclass(frozen=True)
class CheckResult:
    """A finding about an invoice on a bill, with its level and its override. ``invoice_id``: the master of the
    invoice. Both are None for a finding about the bill as a whole."""

    bill_invoice: BillInvoice | None
    invoice_id: int | None
    level: Level
    finding: Finding
    signature: str
    override: ComplianceOverride | None = None

    @cached_property
    def label(self) -> str:
        return check_label(self.finding.check)

    @property
    def message(self) -> Message:
        return Message(self.finding.code, dict(self.finding.params))

    @cached_property
    def sentence(self) -> str:
        """The message in the language that is active at the first access."""
        return str(self.message)

    @property
    def blocks(self) -> bool:
        return self.level == Level.BLOCK and self.override is None


@dataclass(frozen=True)
class Group:
    """The findings of one check on a bill."""

    label: str
    results: list[CheckResult]


@dataclass(frozen=True)
class Part:
    """The findings of one level on a bill, by check."""

    level: Level
    label: str
    groups: list[Group]

    @property
    def count(self) -> int:
        return sum(len(group.results) for group in self.groups)


@dataclass(frozen=True)
class Report:
    """Everything the checks find on a bill."""

    results: Sequence[CheckResult]

    @cached_property
    def blocking(self) -> list[CheckResult]:
        """The results that stop the bill's next step."""
        return [one for one in self.results if one.blocks]

    @cached_property
    def warnings(self) -> list[CheckResult]:
        """The warnings to confirm before the next step."""
        return [one for one in self.results if one.level == Level.WARN and one.override is None]

    @property
    def warned(self) -> str:
        """A digest that identifies this set of warnings."""
        return hashlib.sha256("".join(sorted(one.signature for one in self.warnings)).encode()).hexdigest()

    @cached_property
    def overridden(self) -> list[CheckResult]:
        return [one for one in self.results if one.override is not None]

    @cached_property
    def by_bill_invoice(self) -> dict[int, list[CheckResult]]:
        """Bill invoice id → results about it, the most severe first."""
        by_bill_invoice: dict[int, list[CheckResult]] = defaultdict(list)
        for one in self.results:
            if one.bill_invoice is not None:
                by_bill_invoice[one.bill_invoice.pk].append(one)
        return by_bill_invoice

    @cached_property
    def parts(self) -> list[Part]:
        """By level, the most severe first, without overridden results."""
        by_level: dict[Level, dict[str, list[CheckResult]]] = defaultdict(lambda: defaultdict(list))
        for one in self.results:
            if one.override is None:
                by_level[one.level][one.finding.check].append(one)
        return [
            Part(level, str(CheckLevel(level).label), [Group(rows[0].label, rows) for rows in by_level[level].values()])
            for level in _GRAVE_FIRST
            if level in by_level
        ]


def rows_that_apply(companies: Collection[int], types: Collection[str]) -> list[SettingRow]:
    """The settings that apply to bills of these companies and types."""
    stored = CheckSetting.objects.filter(Q(company__in=companies) | Q(company=None), bill_type__in=["", *types])
    return [setting_row(setting) for setting in stored]


def setting_row(setting: CheckSetting) -> SettingRow:
    """A stored or unsaved setting as the policy reads it."""
    level = Level(setting.level)
    return SettingRow(
        setting.check_code, setting.company_id, setting.bill_type, level, setting.limit, tuple(setting.entries)
    )  # fmt: skip


def settings_for(company_id: int, bill_type: str) -> Settings:
    return policy.effective(rows_that_apply([company_id], [bill_type]), company_id, bill_type)


def blocking_checks(company: Company, bill_type: str) -> frozenset[str]:
    """The checks that keep an invoice off a bill of this type."""
    return policy.blocking(settings_for(company.pk, bill_type))


def checked(bill: Bill, user: Any = None, bill_invoices: Sequence[BillInvoice] | None = None) -> Report:
    """What the checks find on a bill now, for this reader (None: one who may see everything).

    ``bill_invoices`` are its unreleased ones when they are at hand, with ``invoice.buyer`` and ``invoice.seller``.
    """
    return checked_all([bill], user, bill_invoices)[bill.pk]


def checked_all(
    bills: Sequence[Bill], user: Any = None, bill_invoices: Sequence[BillInvoice] | None = None
) -> dict[int, Report]:
    """Bill id → report. The number of queries grows with the number of (company, type) pairs, not with that of
    bills."""
    bill_invoices = _with_invoices(bills) if bill_invoices is None else bill_invoices
    visible = visible_company_ids(user) if user is not None and bill_invoices else None
    overrides, facts = _overrides(bills), facts_of_bills(bills)
    by_kind: dict[tuple[int, str], tuple[list[int], list[BillInvoice]]] = defaultdict(lambda: ([], []))
    for bill in bills:
        by_kind[bill.company_id, bill.type][0].append(bill.pk)
    for bill_invoice in bill_invoices:
        by_kind[bill_invoice.bill.company_id, bill_invoice.bill.type][1].append(bill_invoice)
    by_bill: dict[int, list[CheckResult]] = {bill.pk: [] for bill in bills}
    for (company, bill_type), (ids, of_kind) in by_kind.items():
        settings = settings_for(company, bill_type)
        for pk in ids:
            for finding in checks.bill_findings(facts[pk], settings):
                by_bill[pk].append(_result(pk, None, None, finding, settings, overrides))
        for one in gather(of_kind, facts, settings["consecutive"].limit or 0, visible) if of_kind else ():
            pk, invoice = one.bill_invoice.bill_id, one.invoice_id
            for finding in checks.findings(one.invoice, one.bill, settings):
                by_bill[pk].append(_result(pk, one.bill_invoice, invoice, finding, settings, overrides))
    return {pk: Report(tuple(sorted(results, key=_gravity))) for pk, results in by_bill.items()}


def _result(
    bill_id: int, bill_invoice: BillInvoice | None, invoice_id: int | None, finding: Finding, settings: Settings,
    overrides: Mapping[tuple[int, str], ComplianceOverride],
) -> CheckResult:  # fmt: skip
    signed = signature(invoice_id, finding)
    level = settings[finding.check].level
    return CheckResult(bill_invoice, invoice_id, level, finding, signed, overrides.get((bill_id, signed)))


def _gravity(one: CheckResult) -> int:
    return _GRAVE_FIRST.index(one.level)


def with_invoices(bill: Bill) -> list[BillInvoice]:
    """The unreleased invoices of a bill as ``gather`` takes them, in the order of its lines."""
    return _with_invoices([bill])


def _with_invoices(bills: Sequence[Bill]) -> list[BillInvoice]:
    """Loads each party once, because few parties have many invoices."""
    on = {bill.pk: bill for bill in bills}
    rows = (
        BillInvoice.objects.filter(bill__in=on)
        .exclude(state=BillInvoiceState.RELEASED)
        .select_related("invoice", "line")
    )
    bill_invoices = list(rows.defer("invoice__travel", "invoice__remark").order_by("line__position", "pk"))
    invoices = [bill_invoice.invoice for bill_invoice in bill_invoices]
    parties = Party.objects.in_bulk({pk for one in invoices for pk in (one.buyer_id, one.seller_id) if pk})
    for bill_invoice in bill_invoices:
        bill_invoice.bill = on[bill_invoice.bill_id]
    for invoice in invoices:
        invoice.buyer = parties.get(invoice.buyer_id) if invoice.buyer_id else None
        invoice.seller = parties.get(invoice.seller_id) if invoice.seller_id else None
    return bill_invoices


def signature(invoice_id: int | None, finding: Finding) -> str:
    """Identifies a finding about an invoice (None: about the bill) by its facts: it changes with them, not with the
    language, the reader or the day."""
    facts = json.dumps([finding.check, invoice_id, *finding.evidence], ensure_ascii=False)
    return hashlib.sha256(facts.encode()).hexdigest()


def _overrides(bills: Sequence[Bill]) -> dict[tuple[int, str], ComplianceOverride]:
    """(bill id, signature) → override."""
    rows = ComplianceOverride.objects.filter(bill__in=bills, taken_back_at=None).select_related("made_by")
    return {(one.bill_id, one.signature): one for one in rows}
