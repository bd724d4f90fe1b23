"""Audits, collects or voids several vouchers and reports the result in messages on the next page."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.models import User

from . import auditing, pushing, selectors
from .models import Voucher
from .states import Action

_SERVICES: Mapping[Action, Callable[[Mapping[int, int | None], Any, str], pushing.BulkResult]] = {
    Action.AUDIT: lambda revisions, user, _reason: auditing.audit(revisions, user),
    Action.UNAUDIT: lambda revisions, user, _reason: auditing.unaudit(revisions, user),
    Action.COLLECT: lambda revisions, user, _reason: pushing.collect(revisions, user),
    Action.VOID: pushing.void,
}
PERMISSIONS: Mapping[Action, str] = {
    Action.AUDIT: "vouchers.audit_voucher",
    Action.UNAUDIT: "vouchers.audit_voucher",
    Action.COLLECT: "vouchers.collect_voucher",
    Action.VOID: "vouchers.void_voucher",
}


TITLES: Mapping[Action, Any] = {
    Action.AUDIT: gettext_lazy("Audit vouchers"),
    Action.UNAUDIT: gettext_lazy("Take audits back"),
    Action.COLLECT: gettext_lazy("Collect vouchers"),
    Action.VOID: gettext_lazy("Void vouchers"),
}


def reasons_against(vouchers: Sequence[Voucher], action: Action, user: User | None) -> dict[int, str]:
    """Voucher id → text of its refusal, for a preview. ``user``: who would take the step."""
    if action not in (Action.AUDIT, Action.UNAUDIT):
        return pushing.reasons_against(vouchers, action, user)
    contents = selectors.contents(vouchers) if action == Action.AUDIT else {}
    refused = auditing.refusals(vouchers, action, user, contents)
    return {pk: pushing.reason_of(error) for pk, error in refused.items()}


def carry_out(
    request: HttpRequest,
    seen: Mapping[int, Voucher],
    requested: Mapping[int, int | None],
    action: Action,
    reason: str,
) -> None:
    """Take a step of PERMISSIONS with vouchers; add messages with their number and the reason for each refused one.

    ``seen``: vouchers that this person may see; ``requested``: id → confirmed revision, others than ``seen`` are
    ignored; ``reason``: why they are voided. Raises HubError when there are too many, or to void without a reason.
    """
    chosen = {pk: revision for pk, revision in requested.items() if pk in seen}
    result = _SERVICES[action](chosen, request.user, reason)
    for pk, error in result.refused.items():
        messages.error(request, f"{seen[pk]}: {pushing.reason_of(error)}")
    count = len(result.succeeded)
    if count:
        messages.success(request, _done(action, count) % {"count": count})


def _done(action: Action, count: int) -> str:
    if action == Action.COLLECT:
        return ngettext("%(count)s voucher is on its way.", "%(count)s vouchers are on their way.", count)
    if action == Action.AUDIT:
        return ngettext("%(count)s voucher is audited.", "%(count)s vouchers are audited.", count)
    if action == Action.UNAUDIT:
        return ngettext("%(count)s voucher is a draft again.", "%(count)s vouchers are drafts again.", count)
    return ngettext(
        "%(count)s voucher is void. What the upstream system has of it is voided there.",
        "%(count)s vouchers are void. What the upstream system has of them is voided there.",
        count,
    )
