"""Wrap one vendor record so that nothing received is lost, not even one without id or one that is no object. Pure."""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from apps.core.errors import BadRecord
from apps.sources.parsing import require_object, text

from .base import RawItem

_NO_ID = "noid:"


def raw_item(record: Any, external_id: Any, *, prefix: str = "", fingerprint: str = "") -> RawItem:
    """The record under its vendor id; without one, under an id made of its content (``own_payload`` refuses it)."""
    payload = record if isinstance(record, dict) else {"value": record}
    own = text(external_id, 150) if isinstance(record, dict) and not isinstance(external_id, (dict, list)) else ""
    if own:
        return RawItem(f"{prefix}{own}", payload, fingerprint)
    return RawItem(_NO_ID + digest(payload), payload)


def nameless(external_id: str) -> bool:
    """Whether the id was made of the content."""
    return external_id.startswith(_NO_ID)


def digest(payload: Mapping[str, Any]) -> str:
    """32 characters that change whenever the content does, whatever the order of its keys."""
    return hashlib.blake2b(msgspec.json.encode(payload, order="sorted"), digest_size=16).hexdigest()


def own_payload(item: RawItem, id_field: str) -> Mapping[str, Any]:
    """The payload of an item that has an id of its own. Raises BadRecord ``record.not_an_object``, ``record.no_id``."""
    if nameless(item.external_id):
        if item.payload.keys() == {"value"}:
            require_object(item.payload["value"])
        raise BadRecord("record.no_id", field=id_field)
    return item.payload
