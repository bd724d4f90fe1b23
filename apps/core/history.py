"""The changes of a row as database triggers recorded them: who, when, from where, before and after."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Model
from django.utils.translation import gettext as _

MOST = 200
_NOTHING = "—"
Names = Mapping[tuple[str, Any], str]
_BY_ITSELF = ("updated_at", "created_at", "date_joined")  # set by every change; not shown as differences


@dataclass(frozen=True)
class Difference:
    """One field; ``before`` is None when the row was created."""

    label: str
    before: str | None
    after: str


@dataclass
class Change:
    """One event. Without differences, only fields were changed that history does not record (passwords, secrets)."""

    when: datetime
    who: str  # '' for commands and the system itself
    place: str  # the address the person was at
    made: bool
    differences: list[Difference] = field(default_factory=list)


def changes_of(row: Model) -> list[Change]:
    """The newest changes of a row tracked by pghistory, the latest first, in a fixed number of queries."""
    events = list(_events(row.events.model, pgh_obj_id=row.pk))  # type: ignore[attr-defined]
    changes = []
    people, names = _people(events), _names(events)
    for event, before in zip_longest(events, events[1:]):
        made = event.pgh_label == "insert"
        if before is None and not made:
            continue  # its predecessor is beyond MOST, or older than the history
        changes.append(_change(event, people, made, list(_differences(row, before, event, names))))
    return changes


def links_of(event_model: type[Model], row: Model, owner: str, other: str) -> list[Change]:
    """The changes of a relation: links added and removed. ``owner`` and ``other`` name its foreign keys."""
    events = list(_events(event_model, **{owner: row.pk}))
    people, names = _people(events), _names(events)
    label = str(event_model._meta.get_field(other).related_model._meta.verbose_name)  # type: ignore[union-attr]
    changes = []
    for event in events:
        value = _text(event._meta.get_field(other), getattr(event, f"{other}_id"), names)
        gone = event.pgh_label == "delete"
        difference = Difference(label, value, _NOTHING) if gone else Difference(label, _NOTHING, value)
        changes.append(_change(event, people, False, [difference]))
    return changes


def _events(event_model: Any, **conditions: Any) -> Any:
    return event_model.objects.filter(**conditions).select_related("pgh_context").order_by("-pgh_id")[: MOST + 1]


def _context(event: Any) -> dict[str, Any]:
    return event.pgh_context.metadata if event.pgh_context else {}


def _people(events: Sequence[Any]) -> dict[Any, str]:
    ids = [user for event in events if (user := _context(event).get("user")) is not None]
    return {user.pk: str(user) for user in get_user_model().objects.filter(pk__in=ids)}


def _names(events: Sequence[Any]) -> Names:
    """The rows the events' foreign keys point to, by field and id; deleted rows are absent."""
    names: dict[tuple[str, Any], str] = {}
    for column in events[0]._meta.concrete_fields if events else ():
        if column.remote_field and not column.name.startswith("pgh_"):
            ids = {getattr(event, column.attname) for event in events} - {None}
            rows = column.related_model._default_manager.in_bulk(ids)
            names.update({(column.name, pk): str(related) for pk, related in rows.items()})
    return names


def _change(event: Any, people: dict[Any, str], made: bool, differences: list[Difference]) -> Change:
    context = _context(event)
    who = people.get(context.get("user"), "")
    return Change(event.pgh_created_at, who, context.get("url", ""), made, differences)


def _differences(row: Model, before: Any, after: Any, names: Names) -> Iterable[Difference]:
    for column in after._meta.concrete_fields:
        if column.name.startswith("pgh_") or column.name == row._meta.pk.name or column.name in _BY_ITSELF:
            continue
        old, new = (None if event is None else getattr(event, column.attname) for event in (before, after))
        if old == new or (before is None and new in (None, "", [], {})):
            continue
        label = str(getattr(column, "verbose_name", column.name))
        yield Difference(label, None if before is None else _text(column, old, names), _text(column, new, names))


def _text(column: Any, value: Any, names: Names) -> str:
    if value in (None, "", [], {}):
        return _NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    if column.remote_field:
        return names.get((column.name, value), f"#{value}")
    return str(dict(column.flatchoices).get(value, value))
