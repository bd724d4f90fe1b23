"""Gives vouchers their numbers (凭证号): per book, period and voucher type (凭证字), without gaps and without doubles.

A number is given when a voucher is audited, or collected where the book asks for no audit. Only numbers of digits
count. Void vouchers keep theirs, so that none is used twice. Whoever gives, frees or enters numbers holds ``lock`` of
the book.
"""

from collections.abc import Collection, Iterable, Sequence

from django.db import connection
from django.db.models import IntegerField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from apps.core import locks
from apps.core.bulk import update_rows

from .choices import Resource
from .models import Voucher

DEFAULT_TYPE = "记"
TYPES = (DEFAULT_TYPE, "收", "付", "转")
Series = tuple[int, str, str]  # book, period, type

DIGITS = r"^[0-9]{1,9}$"
_LOCK = "SELECT pg_advisory_xact_lock(%s, id) FROM (SELECT id FROM unnest(%s::int[]) AS asked(id) ORDER BY id) AS books"


def lock(book_ids: Collection[int]) -> None:
    """Let nobody else give, free or enter numbers in these books until the transaction ends. Comes after the lock of
    the book and before rows of bills."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [locks.VOUCHER_NUMBERS, sorted(set(book_ids))])


def reserve(vouchers: Sequence[Voucher]) -> None:
    """Give those without a number the next ones, in this order, and the type 记 to those of them without one. The
    caller holds ``lock``."""
    unnumbered = [voucher for voucher in vouchers if not voucher.vouch_no]
    for voucher in unnumbered:
        voucher.type = voucher.type or DEFAULT_TYPE
    last = last_numbers({series_of(voucher) for voucher in unnumbered})
    for voucher in unnumbered:
        voucher.vouch_no = following(last.get(series_of(voucher), ""))
        last[series_of(voucher)] = voucher.vouch_no
    save(unnumbered)


def release(vouchers: Sequence[Voucher]) -> None:
    """Free the numbers of those after which no number is in use. Vouchers of other systems and vouchers that were ever
    sent keep theirs. The caller holds ``lock``."""
    freeable = [voucher for voucher in vouchers if numbered_here(voucher) and not voucher.ever_sent]
    others = Voucher.objects.exclude(pk__in=[voucher.pk for voucher in freeable])
    last = last_numbers({series_of(voucher) for voucher in freeable}, others)
    freed = [one for one in freeable if int(one.vouch_no) > int(last.get(series_of(one), 0))]
    for voucher in freed:
        voucher.vouch_no = ""
    save(freed)


def is_last(voucher: Voucher) -> bool:
    """Whether no number of its series is in use after the voucher's own; True for one without a number of digits."""
    if not _has_digits(voucher):
        return True
    last = last_numbers({series_of(voucher)}, Voucher.objects.exclude(pk=voucher.pk))
    return int(voucher.vouch_no) > int(last.get(series_of(voucher), 0))


def following(last: str) -> str:
    """The number after ``last``, padded to the same length; '1' after ''.

    >>> following("0009"), following("99"), following("")
    ('0010', '100', '1')
    """
    return str(int(last) + 1).zfill(len(last)) if last else "1"


def last_numbers(series: Collection[Series], vouchers: QuerySet[Voucher] | None = None) -> dict[Series, str]:
    """The highest number of each series as it is written; series without numbers are absent. One query.

    ``vouchers``: those to look at; None: all.
    """
    if not series:
        return {}
    condition = Q()
    for book, period, type_ in series:
        condition |= Q(book=book, period=period, type=type_)
    rows = (Voucher.objects.all() if vouchers is None else vouchers).filter(condition, vouch_no__regex=DIGITS)
    highest = rows.annotate(value=Cast("vouch_no", IntegerField())).order_by("book", "period", "type", "-value")
    numbers = highest.distinct("book", "period", "type").values_list("book", "period", "type", "vouch_no")
    return {(book, period, type_): number for book, period, type_, number in numbers}


def series_of(voucher: Voucher) -> Series:
    return voucher.book_id, voucher.period, voucher.type


def numbered_here(voucher: Voucher) -> bool:
    """Whether its number is ours to change: vouchers of other systems come with theirs."""
    return voucher.resource == Resource.PIAOZONE and _has_digits(voucher)


def _has_digits(voucher: Voucher) -> bool:
    return voucher.vouch_no.isascii() and voucher.vouch_no.isdecimal() and len(voucher.vouch_no) < 10


def save(vouchers: Iterable[Voucher]) -> None:
    """Write type, number and revision of these vouchers."""
    columns = ("id", "type", "vouch_no", "revision", "updated_at")
    now = timezone.now()
    rows = [[one.pk, one.type, one.vouch_no, one.revision, now] for one in vouchers]
    update_rows("vouchers_voucher", columns, rows, touch="updated_at")
