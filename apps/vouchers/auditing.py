"""Audits vouchers (审核) and takes audits back; several at once, each succeeds or is refused on its own.

Who entered a voucher or changed its content does not audit it, unless the policy of the company allows it. An audit
gives the voucher its number.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from django.db import transaction
from django.utils import timezone

from apps.accounts import duties
from apps.accounts.choices import Duty
from apps.accounts.models import User
from apps.accounts.names import name_of
from apps.core.errors import HubError

from . import checks, locking, numbering, people, selectors
from .choices import VoucherState
from .content import VoucherContent
from .models import Voucher
from .pushing import BulkResult, NotReady, lock_chosen
from .states import Action


def audit_one(pk: int, revision: int | None, user: User | None) -> Voucher:
    """Audit one voucher, see ``audit``. Raises NotReady, and HubError when it changed meanwhile, is no draft, or this
    person may not audit it."""
    return audit({pk: revision}, user).only


def unaudit_one(pk: int, revision: int | None, user: User | None) -> Voucher:
    """Take back one audit, see ``unaudit``. Raises HubError when it changed meanwhile or is not audited."""
    return unaudit({pk: revision}, user).only


@transaction.atomic
def audit(revisions: Mapping[int, int | None], user: User | None) -> BulkResult:
    """Audit drafts and give them their numbers, except for refused ones; as many statements for many as for one.

    ``revisions``: id → the revision the caller has seen (None: any), in the order of the numbers.
    """
    vouchers, refused = lock_chosen(revisions)
    numbering.lock({voucher.book_id for voucher in vouchers})
    refused |= refusals(vouchers, Action.AUDIT, user, selectors.contents(vouchers))
    ready = [voucher for voucher in vouchers if voucher.pk not in refused]
    numbering.reserve(ready)
    locking.update_all(ready, state=VoucherState.AUDITED, audited_by=user, audited_at=timezone.now())
    people.enter(ready, "examiner", name_of(user))
    return BulkResult(ready, refused)


@transaction.atomic
def unaudit(revisions: Mapping[int, int | None], user: User | None) -> BulkResult:
    """Make audited vouchers drafts again, except for refused ones. Those with the last numbers lose them."""
    vouchers, refused = lock_chosen(revisions)
    numbering.lock({voucher.book_id for voucher in vouchers})
    refused |= refusals(vouchers, Action.UNAUDIT, user)
    ready = [voucher for voucher in vouchers if voucher.pk not in refused]
    people.clear(ready, "examiner")
    locking.update_all(ready, state=VoucherState.DRAFT, audited_by=None, audited_at=None)
    numbering.release(ready)
    return BulkResult(ready, refused)


def refusals(
    vouchers: Sequence[Voucher],
    action: Action,
    user: User | None,
    contents: Mapping[int, VoucherContent] = MappingProxyType({}),
) -> dict[int, HubError]:
    """Voucher id → error of those that cannot be audited, or whose audit cannot be taken back. ``contents``: by id, for
    an audit."""
    closed = selectors.closed_periods({voucher.book_id for voucher in vouchers})
    own = duty_refusals(vouchers, user) if action == Action.AUDIT else {}
    refused: dict[int, HubError] = {}
    for voucher in vouchers:
        try:
            locking.require(voucher, action)
            if voucher.period in closed[voucher.book_id]:
                raise HubError("voucher.period_closed", period=voucher.period)
            if voucher.pk in own:
                raise own[voucher.pk]
            _require_complete(voucher, contents.get(voucher.pk))
        except HubError as error:
            refused[voucher.pk] = error
    return refused


def duty_refusals(vouchers: Sequence[Voucher], user: User | None) -> dict[int, HubError]:
    """Voucher id → why this person may not audit it: they prepared or changed it, or it is above their limit."""
    documents = [
        duties.Document(
            voucher.pk, voucher.book.company_id, {voucher.created_by_id, *voucher.editor_ids}, voucher.total_debit
        )
        for voucher in vouchers
    ]
    return duties.refusals(user, Duty.VOUCHER, documents)


def _require_complete(voucher: Voucher, content: VoucherContent | None) -> None:
    """Raise NotReady for a voucher with blocking problems of its own; those of its book matter when it is collected."""
    blocking = checks.blocking(checks.problems(content)) if content else []
    own = [problem for problem in blocking if problem.field != "book"]
    if own:
        raise NotReady(voucher, own, "voucher.not_auditable")
