"""Amounts of yuan in Chinese capital numerals (大写金额), after the rules for bills and settlement vouchers. Pure.

The rules (支付结算办法, 正确填写票据和结算凭证的基本规定; docs/domain.md, *Vouchers of an expense claim*) leave a
choice where the digit of 元 or 万 is 0 and the next one is not. One form is used throughout: 零 stands behind 元
when the digit of 元 is 0 and 角 follows, and not behind 万 or 亿 when thousands follow, so that 107000.53 reads
壹拾万柒仟元零伍角叁分. 整 closes an amount without 分.
"""

from decimal import Decimal

PREFIX = "人民币"
LIMIT = Decimal(10) ** 16  # yuan; amounts must be smaller, as a column of yuan is
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_WAN, _YI = 10**4, 10**8


def in_words(amount: Decimal) -> str:
    """人民币壹仟贰佰叁拾肆元伍角陆分; a negative amount begins with 人民币负.

    Raises ValueError for an amount with fractions of a cent, or of 10^16 yuan and more.
    """
    if not amount.is_finite() or abs(amount) >= LIMIT:
        raise ValueError("the amount has no words")
    cents = int(abs(amount) * 100)
    if Decimal(cents) != abs(amount) * 100:
        raise ValueError("the amount has fractions of a cent")
    yuan, rest = divmod(cents, 100)
    jiao, fen = divmod(rest, 10)
    return f"{PREFIX}{'负' if amount < 0 else ''}{_yuan(yuan, has_rest=bool(rest))}{_rest(yuan, jiao, fen)}"


def _yuan(yuan: int, *, has_rest: bool) -> str:
    if yuan:
        return f"{_whole(yuan)}元"
    return "" if has_rest else "零元"


def _rest(yuan: int, jiao: int, fen: int) -> str:
    """角 and 分, with the 零 before them and the 整 behind them."""
    if not jiao and not fen:
        return "整"
    zero = "零" if yuan and (not jiao or yuan % 10 == 0) else ""
    return f"{zero}{_DIGITS[jiao] + '角' if jiao else ''}{_DIGITS[fen] + '分' if fen else '整'}"


def _whole(number: int) -> str:
    """A positive number below 10^16."""
    upper, lower = divmod(number, _YI)
    return _joined(_below_yi(upper), "亿", lower, _YI, _below_yi(lower))


def _below_yi(number: int) -> str:
    upper, lower = divmod(number, _WAN)
    return _joined(_below_wan(upper), "万", lower, _WAN, _below_wan(lower))


def _joined(upper_words: str, unit: str, lower: int, size: int, lower_words: str) -> str:
    """Both halves of a number; 零 between them when the lower half has leading zeros."""
    if not upper_words:
        return lower_words
    zero = "零" if lower and lower < size // 10 else ""
    return f"{upper_words}{unit}{zero}{lower_words}"


def _below_wan(number: int) -> str:
    words, zeros = "", False
    for digit, place in zip(f"{number:04d}", _PLACES, strict=True):
        if digit == "0":
            zeros = bool(words)
        else:
            words += f"{'零' if zeros else ''}{_DIGITS[int(digit)]}{place}"
            zeros = False
    return words
