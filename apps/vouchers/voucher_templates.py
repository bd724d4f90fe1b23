"""Templates of vouchers (凭证模板): entries that are kept under a name and make new drafts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.core.errors import HubError

from . import corrections, selectors
from .content import ZERO, EntryContent
from .models import Voucher, VoucherTemplate


def visible(user: Any) -> QuerySet[VoucherTemplate]:
    """The templates of books that this person may see, by book and name."""
    rows = VoucherTemplate.objects.visible_to(user).select_related("book__company", "created_by")
    return rows.order_by("book__name", "name", "pk")


def keep(voucher: Voucher, name: str, user: User | None) -> VoucherTemplate:
    """Keep the entries of a voucher, whatever its state, as a template of its book, without due dates.

    Raises HubError ``voucher.template_empty`` or ``voucher.template_name_taken``.
    """
    entries = [replace(entry, due_date=None) for entry in selectors.content_of(voucher).entries]
    if not entries:
        raise HubError("voucher.template_empty", voucher=voucher)
    template = VoucherTemplate(
        book=voucher.book, name=name, type=voucher.type, entries=msgspec.to_builtins(entries), created_by=user
    )
    return _save(template)


def rename(template: VoucherTemplate, name: str) -> VoucherTemplate:
    """Give a template another name. Raises HubError ``voucher.template_name_taken``."""
    template.name = name
    return _save(template)


def entries_of(template: VoucherTemplate) -> Sequence[EntryContent]:
    """The entries of a template as values."""
    return msgspec.convert(template.entries, tuple[EntryContent, ...])


def draft(template: VoucherTemplate, user: User | None, *, with_amounts: bool, day: date | None = None) -> Voucher:
    """Make a draft from a template. ``with_amounts`` False: all amounts are left to be entered; ``day``: its accounting
    date, None: today. Raises HubError when the day is in a closed period."""
    entries = entries_of(template)
    if not with_amounts:
        entries = [replace(entry, debit=ZERO, credit=ZERO, amount=None, quantity=None) for entry in entries]
    head = corrections.dates(day) | ({"type": template.type} if template.type else {})
    return corrections.draft(template.book, head, entries, user)


def _save(template: VoucherTemplate) -> VoucherTemplate:
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError as error:
        raise HubError("voucher.template_name_taken", name=template.name) from error
    return template
