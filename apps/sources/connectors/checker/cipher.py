"""DES as the checker uses it. Its text says "DES" and nothing more, so mode, IV and encoding are options. Pure."""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass

from Crypto.Cipher import DES
from Crypto.Util.Padding import unpad

from apps.core.errors import Intent, NeedsPerson

BLOCK = 8
MODES = ("cbc", "ecb")
ENCODINGS = ("base64", "hex")
_ZERO_IV = "00" * BLOCK


@dataclass(frozen=True)
class Cipher:
    """Key and way of decrypting. ``iv`` '' means the key itself, else 8 characters or 16 hexadecimal digits."""

    key: str
    mode: str = "cbc"
    iv: str = ""
    encoding: str = "base64"

    def decrypt(self, data: str) -> bytes:
        """The plaintext. Raises NeedsPerson when key, mode or encoding cannot be the right ones."""
        key = self.key.encode()[:BLOCK]
        if len(key) < BLOCK:
            raise NeedsPerson("checker.short_key", Intent.CREDENTIALS)
        iv = _iv_bytes(self.iv) or key
        # The vendor chose DES; pycryptodome warns of nothing, so the reader is told here that it protects little.
        cipher = DES.new(key, DES.MODE_CBC, iv) if self.mode == "cbc" else DES.new(key, DES.MODE_ECB)  # noqa: S304
        try:
            return unpad(cipher.decrypt(_decoded(data, self.encoding)), BLOCK)
        except (ValueError, binascii.Error):
            raise NeedsPerson("checker.undecipherable", Intent.CREDENTIALS) from None


def candidates(key: str, iv: str) -> Iterator[Cipher]:
    """Every way worth trying with this key, likeliest first; ``iv`` is the one a person entered, or ''."""
    ivs = dict.fromkeys(["", _ZERO_IV, *([iv] if iv else [])])
    for encoding in ENCODINGS:
        for iv in ivs:
            yield Cipher(key, "cbc", iv, encoding)
        yield Cipher(key, "ecb", "", encoding)


def _iv_bytes(written: str) -> bytes:
    if not written:
        return b""
    raw = written.encode()
    if len(raw) == BLOCK:
        return raw
    try:
        raw = bytes.fromhex(written)
    except ValueError:
        raw = b""
    if len(raw) != BLOCK:
        raise NeedsPerson("checker.bad_iv")
    return raw


def _decoded(data: str, encoding: str) -> bytes:
    compact = "".join(data.split())
    return bytes.fromhex(compact) if encoding == "hex" else base64.b64decode(compact, validate=True)
