"""Merge links: a person's decision that two invoices are one, and its undoing. The ledger follows by itself."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from apps.accounts.models import User

from . import ledger
from .loading import invoices_with_keys, merge_links
from .models import MergeLink


@transaction.atomic
def join(redirect_keys: Sequence[str], master_key: str, user: User | None) -> dict[str, str]:
    """Merge the invoices with these keys into the one with ``master_key``. What was merged into them follows, so that
    all links point at the master. Returns the links as they were before (key → master key), for ``restore``."""
    touched = [*redirect_keys, master_key]
    before = merge_links(touched)
    _replace(before, links_after(redirect_keys, master_key, before), user)
    return before


def links_after(redirect_keys: Iterable[str], master_key: str, before: Mapping[str, str]) -> dict[str, str]:
    """The merge links of all these invoices once they are merged into the master."""
    return {key: master_key for key in (*redirect_keys, *before, *before.values()) if key != master_key}


@transaction.atomic
def restore(links: Mapping[str, str], touched: Sequence[str], user: User | None) -> None:
    """Make ``links`` the only merge links of these keys and of what was merged into them."""
    _replace(merge_links(touched), links, user)


def _replace(before: Mapping[str, str], after: Mapping[str, str], user: User | None) -> None:
    MergeLink.objects.filter(key__in=before.keys() | after.keys()).delete()
    MergeLink.objects.bulk_create(MergeLink(key=key, master_key=to, linked_by=user) for key, to in after.items())
    keys = {*before, *before.values(), *after, *after.values()}
    ledger.recompute(sorted(invoices_with_keys(keys)))
