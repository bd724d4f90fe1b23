"""Signing what goes out to S000621, unpacking what comes back. Pure. Facts: ``docs/upstreams/etax.md``."""

import base64
import binascii
import hashlib
import hmac
import io
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

import msgspec

from apps.core.decoding import decode_json
from apps.core.errors import NeedsPerson, TryLater

SERVICE = "S000621"
MOST_UNZIPPED = 16 * 1024 * 1024  # bytes; a page of 100 records has some 100 KB
MOST_RATIO = 200

_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DAMAGE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError)


def content(query: Mapping[str, Any]) -> str:
    """The query as Base64 of JSON."""
    return base64.b64encode(msgspec.json.encode(query)).decode()


def signature(parameters: Mapping[str, str], secret: str, sign_type: str = "0", prefix: str = "") -> str:
    """The signature over appid, content, jtnsrsbh, nsrsbh, serviceid: HMAC-SHA256 for type 0, MD5 for type 1.

    ``prefix`` stands before the string that type 0 signs.
    """
    names = ("content", "jtnsrsbh", "nsrsbh", "serviceid")
    if sign_type == "1":
        text = parameters["appid"] + secret + "".join(parameters[name] for name in names)
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()
    canonical = prefix + "&".join(f"{name}={parameters[name]}" for name in ("appid", *names))
    return base64.b64encode(hmac.new(secret.encode(), canonical.encode(), hashlib.sha256).digest()).decode()


def opened(packed: Any) -> Mapping[str, Any]:
    """The answer inside ``content``, zipped or not (its first bytes tell); {} for an empty one.

    Raises TryLater ``etax.unreadable``, NeedsPerson ``etax.zip_bomb``.
    """
    if packed is None or packed == "":
        return {}
    if not isinstance(packed, str):
        raise TryLater("etax.unreadable")
    try:
        raw = base64.b64decode("".join(packed.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise TryLater("etax.unreadable") from error
    answer = decode_json(_unzipped(raw) if raw.startswith(b"PK") else raw)
    if not isinstance(answer, dict):
        raise TryLater("etax.unreadable")
    return answer


def _unzipped(raw: bytes) -> bytes:
    """The first entry of the archive, in memory, never more than the bounds whatever its header claims."""
    bound = min(MOST_UNZIPPED, max(len(raw), 1024) * MOST_RATIO)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            first = next(iter(archive.infolist()), None)
            if first is None or first.compress_type not in _METHODS:
                raise TryLater("etax.unreadable")
            with archive.open(first) as entry:
                plain = entry.read(bound + 1)
    except _DAMAGE as error:
        raise TryLater("etax.unreadable") from error
    if len(plain) > bound:
        raise NeedsPerson("etax.zip_bomb", megabytes=MOST_UNZIPPED // (1024 * 1024), ratio=MOST_RATIO)
    return plain
