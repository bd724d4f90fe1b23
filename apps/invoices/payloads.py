"""Raw payloads for people: indented, personal numbers masked, and the changes from one version to the next."""

import json
from dataclasses import dataclass
from typing import Any

from apps.core.redaction import mask_personal

_MOST_CHANGES = 40


@dataclass(frozen=True)
class Change:
    """One place of a payload in two versions; None where it was not there."""

    path: str
    before: str | None
    after: str | None


def readable(payload: str) -> str:
    """The payload as indented JSON with personal numbers masked; text that is no JSON as it is, masked too."""
    masked = _masked(payload)
    return masked if isinstance(masked, str) else json.dumps(masked, ensure_ascii=False, indent=2)


def changes(before: str, after: str) -> list[Change]:
    """Every place that differs, by path, personal numbers masked; at most forty."""
    old, new = _flat(_masked(before)), _flat(_masked(after))
    paths = [*new, *(path for path in old if path not in new)]
    differing = [Change(path, old.get(path), new.get(path)) for path in paths if old.get(path) != new.get(path)]
    return differing[:_MOST_CHANGES]


def _masked(payload: str) -> Any:
    try:
        return mask_personal(json.loads(payload, parse_float=str, parse_int=str))
    except (ValueError, RecursionError):  # no JSON, or nested too deeply
        return mask_personal(payload)


def _flat(value: Any, path: str = "") -> dict[str, str]:
    if isinstance(value, dict):
        return {
            k: v for name, item in value.items() for k, v in _flat(item, f"{path}.{name}" if path else name).items()
        }
    if isinstance(value, list):
        return {k: v for place, item in enumerate(value, 1) for k, v in _flat(item, f"{path}[{place}]").items()}
    return {path: "" if value is None else str(value)}
