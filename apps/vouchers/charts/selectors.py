"""Reads charts of accounts and dimension items: what a person may see, what entries name, and what may be chosen."""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, When

from apps.vouchers import dimensions
from apps.vouchers.models import Account, AccountBook, DimensionItem

from .chart import Chart, ChartAccount, code_of

MOST_CHOICES = 20


def accounts(user: Any) -> QuerySet[Account]:
    """The accounts of companies that this person may see."""
    return Account.objects.visible_to(user)


def dimension_items(user: Any) -> QuerySet[DimensionItem]:
    """The dimension items of companies that this person may see."""
    return DimensionItem.objects.visible_to(user)


def has_chart(book: AccountBook) -> bool:
    return Account.objects.filter(book=book).exists()


def charts(entries: Mapping[int, Iterable[Any]]) -> dict[int, Chart]:
    """Book → its chart, as far as these entries (``EntryContent``) name it; without books that have no chart. Three
    queries for any number of books, one when none has a chart."""
    with_chart = Exists(Account.objects.filter(book=OuterRef("pk")))
    companies = dict(AccountBook.objects.filter(with_chart, pk__in=entries).values_list("pk", "company_id"))
    if not companies:
        return {}
    of_charts = [entry for book in companies for entry in entries[book]]
    by_book: dict[int, dict[str, ChartAccount]] = {book: {} for book in companies}
    for account in with_leaf(Account.objects.filter(book__in=companies, code__in=_codes(e.account for e in of_charts))):
        by_book[account.book_id][account.code] = _value(account)
    names = {name for text in {e.dimension for e in of_charts} for name in dimensions.parse(text).items.values()}
    items: dict[int, dict[tuple[str, str], bool]] = defaultdict(dict)
    for item in DimensionItem.objects.filter(company__in=companies.values(), name__in=names) if names else ():
        items[item.company_id][item.kind, item.name] = item.active
    return {book: Chart(by_book[book], items[company]) for book, company in companies.items()}


def canonical_accounts(book: AccountBook, texts: Collection[str]) -> dict[str, str]:
    """Text → “code name” of the account that it names by its code or, alone among those that entries may use, by its
    name. Texts that name none are left out."""
    names = {_folded(text) for text in texts}
    rows = with_leaf(Account.objects.filter(Q(code__in=_codes(texts)) | Q(name__in=names), book=book))
    by_code: dict[str, str] = {}
    by_name: dict[str, list[str]] = defaultdict(list)
    for account in rows:
        by_code[account.code] = str(account)
        if account.active and account.is_leaf:  # type: ignore[attr-defined]
            by_name[account.name].append(str(account))
    resolved = {text: by_code.get(code_of(text)) or _only(by_name[_folded(text)]) for text in texts}
    return {text: account for text, account in resolved.items() if account}


def usable_account(book: AccountBook, text: str) -> str:
    """“code name” of the active account without children that the text names; '' when there is no such one."""
    account = canonical_accounts(book, [text]).get(text, "")
    return account if account and usable_accounts(book).filter(code=code_of(account)).exists() else ""


def required(book: AccountBook, texts: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Text of an account → the dimensions that an entry on it must state; without those that require none."""
    rows = Account.objects.filter(book=book, code__in=_codes(texts)).exclude(dimensions=[])
    by_code = dict(rows.values_list("code", "dimensions"))
    return {text: tuple(by_code[code_of(text)]) for text in texts if code_of(text) in by_code}


def usable_accounts(book: AccountBook) -> QuerySet[Account]:
    """The accounts that entries may name: active and without children."""
    return Account.objects.filter(~Exists(Account.objects.filter(parent=OuterRef("pk"))), book=book, active=True)


def account_choices(book: AccountBook, query: str) -> list[Account]:
    """At most ``MOST_CHOICES`` usable accounts of which every word of the query begins the code or is in the name;
    those whose code it begins come first."""
    rows = usable_accounts(book)
    words = _folded(query).split()
    for word in words:
        rows = rows.filter(Q(code__startswith=word) | Q(name__icontains=word))
    if not words:
        return list(rows.order_by("code")[:MOST_CHOICES])
    rank = Case(When(code__startswith=words[0], then=0), default=1, output_field=IntegerField())
    return list(rows.order_by(rank, "code")[:MOST_CHOICES])


def item_choices(company_id: int, kind: str, query: str) -> list[DimensionItem]:
    """At most ``MOST_CHOICES`` active items of a dimension whose code begins with the query, or whose name has it."""
    rows = DimensionItem.objects.filter(company=company_id, kind=kind, active=True)
    text = _folded(query)
    if text:
        rows = rows.filter(Q(code__startswith=text) | Q(name__icontains=text))
    return list(rows.order_by("code", "name")[:MOST_CHOICES])


def with_leaf(rows: QuerySet[Account]) -> QuerySet[Account]:
    """``is_leaf``: whether an account has no accounts below it."""
    return rows.annotate(is_leaf=~Exists(Account.objects.filter(parent=OuterRef("pk"))))


def _value(account: Any) -> ChartAccount:
    return ChartAccount(account.code, account.name, account.active, account.is_leaf, tuple(account.dimensions))


def _codes(texts: Iterable[str]) -> set[str]:
    return {code for text in texts if (code := code_of(text))}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("\0", "").strip()


def _only(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else ""
