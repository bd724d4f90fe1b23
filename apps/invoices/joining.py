"""A person's word that two invoices are one document, and taking it back. The ledger follows by itself."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from apps.accounts.models import User

from . import ledger
from .models import SameDocument
from .seats import invoices_under


@transaction.atomic
def join(copies: Sequence[str], survivor_key: str, user: User | None) -> dict[str, str]:
    """Say that the documents with these keys are the one with ``survivor_key``. Copies of a copy follow it, so that all
    point at the survivor. Returns the words as they were before (key → survivor key), which ``restore`` takes."""
    touched = [*copies, survivor_key]
    before = _words(touched)
    words = {key: survivor_key for key in (*copies, *before) if key != survivor_key}
    _replace(before, words, user)
    return before


@transaction.atomic
def restore(words: Mapping[str, str], touched: Sequence[str], user: User | None) -> None:
    """Make what is said of these keys (and of their copies) what ``words`` says, nothing more."""
    _replace(_words(touched), words, user)


def _words(keys: Sequence[str]) -> dict[str, str]:
    said = SameDocument.objects.filter(key__in=keys) | SameDocument.objects.filter(survivor_key__in=keys)
    return dict(said.values_list("key", "survivor_key"))


def _replace(before: Mapping[str, str], after: Mapping[str, str], user: User | None) -> None:
    SameDocument.objects.filter(key__in=before.keys() | after.keys()).delete()
    SameDocument.objects.bulk_create(SameDocument(key=key, survivor_key=to, said_by=user) for key, to in after.items())
    keys = {*before, *before.values(), *after, *after.values()}
    ledger.recompute(sorted(invoices_under(keys)))
