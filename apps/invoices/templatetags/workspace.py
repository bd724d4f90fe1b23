"""Template tags that all pages of the workspace use: icons, amounts, badges, numbers in the navigation."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.db.models import Model
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from apps.core import amount_in_words, messages
from apps.core.counting import capped_count
from apps.invoices import badges, choices
from apps.sources.choices import QuarantineState, RunStatus
from apps.sources.models import SyncRun
from apps.sources.selectors import quarantine

register = template.Library()


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon of ``static/vendor/update``; hidden from screen readers."""
    sprite = static("vendor/tabler-icons/icons.svg")
    return format_html('<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>', css, sprite, name)


@register.filter
def within(path: str, room: str) -> bool:
    """Whether a page lies below an address of the navigation; the overview, at the root, is a single page."""
    return path == room if room == "/" else path.startswith(room)


@register.filter
def label(row: Model, name: str) -> str:
    """The label of a choice, for the rows of a list. Django's ``get_…_display`` builds the list of all choices each
    time, which took a fifth of the time of a page."""
    value = getattr(row, name)
    return str(_labels(type(row), name).get(value, value))


@cache
def _labels(model: type[Model], name: str) -> dict[Any, Any]:
    return dict(model._meta.get_field(name).flatchoices)  # type: ignore[union-attr]


@register.filter
def at(values: Mapping[str, Any], name: str) -> Any:
    """The value under a name that is itself a variable; '' without one."""
    return values.get(name, "")


@register.filter
def nth(values: Sequence[Any], place: int) -> Any:
    """The value at a place, counted from 0."""
    return values[place]


@register.filter
def money(amount: Decimal | None) -> str:
    """1,234.50; — for None."""
    return "—" if amount is None else f"{amount:,.2f}"


@register.filter
def period(yyyymm: str) -> str:
    """A period as people write it: 2026-11 for 202611; what is no period stays as it is."""
    return f"{yyyymm[:4]}-{yyyymm[4:]}" if len(yyyymm) == 6 and yyyymm.isdecimal() else yyyymm


@register.filter
def in_words(amount: Decimal | None) -> str:
    """An amount of yuan in Chinese capital numerals (大写); '' for None, and for more than a column of yuan holds."""
    return "" if amount is None or abs(amount) >= amount_in_words.LIMIT else amount_in_words.in_words(amount)


@register.filter
def plain(number: Decimal | None) -> str:
    """A quantity or price without trailing zeros."""
    if number is None:
        return ""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def percent(rate: Decimal | None) -> str:
    return "" if rate is None else f"{plain(rate * 100)}%"


@register.simple_tag
def badge(row: Model, field: str, css: str = "") -> SafeString:
    """The badge of a row's state: its label in its colour. No template: it stands in every row of long lists."""
    classes = f"badge bg-{badges.colour(getattr(row, field), row._meta.model_name or '')}-lt {css}".rstrip()
    return format_html('<span class="{}">{}</span>', classes, label(row, field))


@register.filter
def colour(state: str) -> str:
    """The colour of a state, where it is shown otherwise than by ``badge``."""
    return badges.colour(state)


@register.filter
def fact_text(value: str) -> str:
    """The value of a fact of a source record: the vendor's own text, or ours in the reader's language."""
    return messages.shown(value)


@register.filter
def flag_label(flag: str) -> str:
    """A flag in words; a flag without a label (of a newer version) shows its code."""
    return str(dict(choices.Flag.choices).get(flag, flag))


@register.filter
def named(ids: Iterable[int], names: dict[int, str]) -> list[str]:
    """The names of the ids; ids without a name are left out."""
    return [names[pk] for pk in ids if pk in names]


@register.filter
def result(run: SyncRun) -> str:
    """The counts of a pull in one sentence; its error is shown elsewhere."""
    if not run.received:
        return gettext("Nothing new to fetch.") if run.status == RunStatus.SUCCEEDED else gettext("Nothing received.")
    parts = [
        ngettext("%(n)s new", "%(n)s new", run.created) % {"n": run.created} if run.created else "",
        ngettext("%(n)s changed", "%(n)s changed", run.changed) % {"n": run.changed} if run.changed else "",
        ngettext("%(n)s unchanged", "%(n)s unchanged", run.unchanged) % {"n": run.unchanged} if run.unchanged else "",
        ngettext("%(n)s quarantined", "%(n)s quarantined", run.quarantined) % {"n": run.quarantined}
        if run.quarantined
        else "",
    ]
    counts = gettext(", ").join(part for part in parts if part)
    return gettext("%(received)s received: %(counts)s.") % {"received": run.received, "counts": counts}


@register.filter
def elapsed(run: SyncRun) -> str:
    """How long a pull took, or has been running: 8 s, 3 min 5 s, 4 min, 1 h 20 min; '' when it has not begun."""
    if run.started_at is None:
        return ""
    return _span((run.finished_at or timezone.now()) - run.started_at)


@register.filter
def due(moment: datetime | None) -> str:
    """How long until the next pull."""
    if moment is None:
        return ""
    if moment <= timezone.now():
        return gettext("due now")
    minutes = timedelta(minutes=(moment - timezone.now()) // timedelta(minutes=1) + 1)
    return gettext("in %(span)s") % {"span": _span(minutes)}


def _span(span: timedelta) -> str:
    seconds = max(int(span.total_seconds()), 0)
    if seconds < 60:
        return gettext("%(s)s s") % {"s": seconds}
    if seconds < 3600 and not seconds % 60:
        return gettext("%(m)s min") % {"m": seconds // 60}
    if seconds < 3600:
        return gettext("%(m)s min %(s)s s") % {"m": seconds // 60, "s": seconds % 60}
    return gettext("%(h)s h %(m)s min") % {"h": seconds // 3600, "m": seconds % 3600 // 60}


@register.simple_tag(takes_context=True)
def waiting_in_quarantine(context: dict[str, Any]) -> str:
    """The number of open quarantined records for the navigation: '', '7', '99+'."""
    user = context["user"]
    if not user.has_perm("sources.view_quarantinedrecord"):
        return ""
    return capped_count(quarantine(user).filter(state=QuarantineState.OPEN))
