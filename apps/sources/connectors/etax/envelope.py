"""The tax bureau's envelope: signing what goes out, unpacking what comes back. Pure. Facts: ``docs/upstreams/etax.md``."""

import base64
import binascii
import hashlib
import hmac
import io
import zipfile
from collections.abc import Mapping
from typing import Any

import msgspec

from apps.core.errors import NeedsPerson, TryLater
from apps.core.http import decode_json

SERVICE = "S000621"
MOST_UNZIPPED = 64 * 1024 * 1024
MOST_RATIO = 200


def content(query: Mapping[str, Any]) -> str:
    """The query as Base64 of JSON."""
    return base64.b64encode(msgspec.json.encode(query)).decode()


def signature(parameters: Mapping[str, str], secret: str, sign_type: str = "0", prefix: str = "") -> str:
    """The signature over appid, content, jtnsrsbh, nsrsbh, serviceid: HMAC-SHA256 for type 0, MD5 for type 1."""
    if sign_type == "1":
        names = ("content", "jtnsrsbh", "nsrsbh", "serviceid")
        text = parameters["appid"] + secret + "".join(parameters[name] for name in names)
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()
    names = ("appid", "content", "jtnsrsbh", "nsrsbh", "serviceid")
    canonical = prefix + "&".join(f"{name}={parameters[name]}" for name in names)
    return base64.b64encode(hmac.new(secret.encode(), canonical.encode(), hashlib.sha256).digest()).decode()


def opened(packed: Any, zipped: bool) -> Any:
    """The answer inside ``content``. Raises TryLater ``etax.unreadable``, NeedsPerson ``etax.zip_bomb``."""
    try:
        raw = base64.b64decode(str(packed or ""))
    except (binascii.Error, ValueError) as error:
        raise TryLater("etax.unreadable") from error
    return decode_json(_unzipped(raw) if zipped else raw)


def _unzipped(raw: bytes) -> bytes:
    """The first entry of the archive, never more than the bounds whatever its header claims."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            if not entries:
                raise TryLater("etax.unreadable")
            bound = min(MOST_UNZIPPED, max(len(raw), 1024) * MOST_RATIO)
            with archive.open(entries[0]) as entry:
                plain = entry.read(bound + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise TryLater("etax.unreadable") from error
    if len(plain) > bound:
        raise NeedsPerson("etax.zip_bomb", megabytes=MOST_UNZIPPED // (1024 * 1024), ratio=MOST_RATIO)
    return plain
