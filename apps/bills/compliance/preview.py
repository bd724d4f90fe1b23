"""Preview of a changed setting on the bills of the last month, before it is saved."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.accounts.visibility import visible_company_ids
from apps.bills.models import Bill, BillInvoice
from apps.bills.selectors import live
from apps.core.messages import Message

from . import policy
from .checks import CHECKS, findings_of, seller
from .choices import CheckLevel
from .definition import Level, Settings
from .gathering import Gathered, facts_of_bills, gather
from .models import CheckSetting
from .policy import SettingRow
from .selectors import setting_row

DAYS = 31
MOST_INVOICES = 5000
_MOST_SAMPLES = 10
_SHOWN = (Level.BLOCK, Level.WARN, Level.NOTE)


@dataclass
class Count:
    """Number of invoices, and the bills they are on."""

    invoices: int = 0
    bills: set[int] = field(default_factory=set)

    def add(self, bill_id: int) -> None:
        self.invoices += 1
        self.bills.add(bill_id)


@dataclass(frozen=True)
class Sample:
    """An invoice whose level the change would alter; '' stands for *off*."""

    bill_invoice: BillInvoice
    before: str
    after: str
    message: Message


@dataclass
class Preview:
    """``rows``: (level, findings now, findings with the change). ``whole``: False when only the newest MOST_INVOICES
    were checked."""

    rows: list[tuple[str, Count, Count]]
    samples: list[Sample]
    bills: int
    invoices: int
    whole: bool


def preview(setting: CheckSetting, user: Any) -> Preview:
    """The effect of this setting on the bills of the last DAYS days that this person may see. Nothing is saved."""
    bill_invoices, whole = _recent_bill_invoices(user)
    before = [setting_row(row) for row in CheckSetting.objects.exclude(pk=setting.pk)]
    stored = CheckSetting.objects.filter(pk=setting.pk).first() if setting.pk else None
    now, then = [*before, *([setting_row(stored)] if stored else [])], [*before, setting_row(setting)]
    checks = {setting.check_code, *([stored.check_code] if stored else [])}
    reach = seller.REACH.highest if "consecutive" in checks else 0
    counts: dict[Level, tuple[Count, Count]] = defaultdict(lambda: (Count(), Count()))
    samples: list[Sample] = []
    settings_now, settings_then = _Settings(now), _Settings(then)
    facts = facts_of_bills(list({row.bill_id: row.bill for row in bill_invoices}.values()))
    for one in gather(bill_invoices, facts, reach, visible_company_ids(user)):
        for check in checks:
            level_now, message_now = _judged(one, check, settings_now)
            level_then, message_then = _judged(one, check, settings_then)
            counts[level_now][0].add(one.bill_invoice.bill_id)
            counts[level_then][1].add(one.bill_invoice.bill_id)
            message = message_then or message_now
            if level_now != level_then and message is not None and len(samples) < _MOST_SAMPLES:
                samples.append(Sample(one.bill_invoice, _level_label(level_now), _level_label(level_then), message))
    rows = [(_level_label(level), *counts[level]) for level in _SHOWN]
    return Preview(
        rows, samples, len({bill_invoice.bill_id for bill_invoice in bill_invoices}), len(bill_invoices), whole
    )


class _Settings:
    """The effective settings per company and type of bill, computed once each."""

    def __init__(self, rows: Sequence[SettingRow]) -> None:
        self._rows = rows
        self._effective: dict[tuple[int, str], Settings] = {}

    def of(self, one: Gathered) -> Settings:
        place = one.bill_invoice.bill.company_id, one.bill_invoice.bill.type
        if place not in self._effective:
            self._effective[place] = policy.effective(self._rows, *place)
        return self._effective[place]


def _judged(one: Gathered, check: str, settings: _Settings) -> tuple[Level, Message | None]:
    """The level a check gives this invoice (OFF when it finds nothing), and the message of its first finding."""
    setting = settings.of(one)[check]
    if setting.level == Level.OFF:
        return Level.OFF, None
    for finding in findings_of(CHECKS[check], one.invoice, one.bill, setting):
        return setting.level, Message(finding.code, dict(finding.params))
    return Level.OFF, None


def _recent_bill_invoices(user: Any) -> tuple[list[BillInvoice], bool]:
    since = timezone.now() - timedelta(days=DAYS)
    # updated_at is never before created_at, so the condition on updated_at keeps all rows and lets the index be used.
    recent = Bill.objects.visible_to(user).filter(updated_at__gte=since, created_at__gte=since)
    bill_invoices = live(BillInvoice.objects.filter(bill__in=recent)).select_related(
        "bill__company", "invoice__buyer", "invoice__seller"
    )
    rows = list(
        bill_invoices.defer("invoice__travel", "invoice__remark").order_by("-bill_id", "pk")[: MOST_INVOICES + 1]
    )
    return rows[:MOST_INVOICES], len(rows) <= MOST_INVOICES


def _level_label(level: Level) -> str:
    return "" if level == Level.OFF else str(CheckLevel(level).label)
