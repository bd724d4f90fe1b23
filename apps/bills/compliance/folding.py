"""Names and numbers as they are compared, and numbers beside a number. Pure."""

import re
import unicodedata
from functools import lru_cache

_IDLE = re.compile(r"[\s()\[\]{}<>【】〔〕〈〉《》「」·.,、。\-_‐‑‒–—―−－]+")


@lru_cache(maxsize=10_000)  # the same parties come again and again
def folded(text: str) -> str:
    """A name or taxpayer number without what people write in many ways: width, case, spaces, brackets, dashes.

    >>> folded("甲（上海） 有限公司") == folded("甲(上海)有限公司")
    True
    """
    return _IDLE.sub("", unicodedata.normalize("NFKC", text).upper())


def nearby(number: str, reach: int) -> tuple[tuple[str, int], ...]:
    """The numbers up to ``reach`` below and above, as long as this one, each with its distance; none for what is not
    all digits.

    >>> nearby("0009", 1)
    (('0008', 1), ('0010', 1))
    """
    if not (number.isascii() and number.isdigit()):
        return ()
    middle, most = int(number), 10 ** len(number) - 1
    return tuple(
        (str(other).zfill(len(number)), abs(other - middle))
        for other in range(max(middle - reach, 0), min(middle + reach, most) + 1)
        if other != middle
    )
