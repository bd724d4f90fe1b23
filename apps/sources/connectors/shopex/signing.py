"""商派's signature. Pure. Facts: ``docs/upstreams/shopex.md``."""

import hashlib
from collections.abc import Mapping
from typing import Any


def assemble(parameters: Mapping[str, Any] | list[Any]) -> str:
    """The text to sign: key and value of every parameter, sorted by key. Null is skipped, an empty string gives only
    its key, booleans are 1 and 0; the same applies to nested values."""
    pairs = parameters.items() if isinstance(parameters, Mapping) else enumerate(parameters)
    parts = []
    for key, value in sorted(((str(key), value) for key, value in pairs), key=lambda pair: pair[0]):
        if value is None:
            continue
        if isinstance(value, (Mapping, list)):
            parts.append(key + assemble(value))
        else:
            parts.append(f"{key}{int(value) if isinstance(value, bool) else value}")
    return "".join(parts)


def sign(parameters: Mapping[str, Any], token: str) -> str:
    """The signature over all parameters but ``sign``, upper-case hexadecimal."""
    return _md5(_md5(assemble({name: value for name, value in parameters.items() if name != "sign"})) + token)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()
