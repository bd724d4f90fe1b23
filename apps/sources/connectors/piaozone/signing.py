"""Signs requests. Pure. Rules and check values: ``docs/upstreams/piaozone.md``."""

import hashlib
import hmac

# encType of the newer signatures; md5 is sent without the field.
_ENC_TYPES = {"sha256": "1", "hmac": "2"}


def signed(client_id: str, client_secret: str, timestamp: int, sign_type: str) -> dict[str, str]:
    """The fields client_id, timestamp (milliseconds) and sign, with encType where the signature is not md5.

    >>> signed("testclient", "testsecret", 1704067200000, "md5")["sign"]
    '93dca4ba582a1c67d8a8e927a26d99d5'
    """
    text = f"{client_id}{client_secret}{timestamp}".encode()
    fields = {"client_id": client_id, "timestamp": str(timestamp), "sign": _digest(text, client_secret, sign_type)}
    if sign_type in _ENC_TYPES:
        fields["encType"] = _ENC_TYPES[sign_type]
    return fields


def polling_key(link_key: str, form: str) -> str:
    """The name of a message channel for polling: the md5 of its linkKey, or the linkKey itself (``plain``)."""
    return link_key if form == "plain" else hashlib.md5(link_key.encode(), usedforsecurity=False).hexdigest()


def _digest(text: bytes, secret: str, sign_type: str) -> str:
    if sign_type == "hmac":
        return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
    if sign_type == "sha256":
        return hashlib.sha256(text).hexdigest()
    return hashlib.md5(text, usedforsecurity=False).hexdigest()
