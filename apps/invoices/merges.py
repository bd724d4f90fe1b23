"""A person's word that two invoices are one document, and taking it back. The ledger follows by itself."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from apps.accounts.models import User

from . import ledger
from .models import MergeLink
from .source_records import invoices_under, words_about


@transaction.atomic
def join(copies: Sequence[str], master_key: str, user: User | None) -> dict[str, str]:
    """Say that the documents with these keys are the one with ``master_key``. Copies of a copy follow it, so that all
    point at the master. Returns the words as they were before (key → master key), which ``restore`` takes."""
    touched = [*copies, master_key]
    before = words_about(touched)
    _replace(before, words_after(copies, master_key, before), user)
    return before


def words_after(copies: Iterable[str], master_key: str, before: Mapping[str, str]) -> dict[str, str]:
    """What is said of all these documents once the copies have joined the master."""
    return {key: master_key for key in (*copies, *before, *before.values()) if key != master_key}


@transaction.atomic
def restore(words: Mapping[str, str], touched: Sequence[str], user: User | None) -> None:
    """Make what is said of these keys (and of their copies) what ``words`` says, nothing more."""
    _replace(words_about(touched), words, user)


def _replace(before: Mapping[str, str], after: Mapping[str, str], user: User | None) -> None:
    MergeLink.objects.filter(key__in=before.keys() | after.keys()).delete()
    MergeLink.objects.bulk_create(MergeLink(key=key, master_key=to, linked_by=user) for key, to in after.items())
    keys = {*before, *before.values(), *after, *after.values()}
    ledger.recompute(sorted(invoices_under(keys)))
