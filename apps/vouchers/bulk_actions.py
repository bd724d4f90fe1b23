"""Collects or voids several vouchers and reports the result in messages on the next page."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import ngettext

from . import pushing
from .models import Voucher
from .states import Action

_SERVICES = {Action.COLLECT: pushing.collect, Action.VOID: pushing.void}


def carry_out(
    request: HttpRequest, seen: Mapping[int, Voucher], requested: Mapping[int, int | None], action: Action
) -> None:
    """Collect or void vouchers; add messages with their number and with the reason for each refused one.

    ``seen``: vouchers that this person may see; ``requested``: id → confirmed revision, others than ``seen`` are
    ignored. Raises HubError when there are too many.
    """
    chosen = {pk: revision for pk, revision in requested.items() if pk in seen}
    result = _SERVICES[action](chosen, request.user)  # type: ignore[arg-type]
    for pk, error in result.refused.items():
        messages.error(request, f"{seen[pk]}: {pushing.reason_of(error)}")
    count = len(result.succeeded)
    if count:
        sentence = (
            ngettext("%(count)s voucher is on its way.", "%(count)s vouchers are on their way.", count)
            if action == Action.COLLECT
            else ngettext(
                "%(count)s voucher is void. What the upstream system has of it is voided there.",
                "%(count)s vouchers are void. What the upstream system has of them is voided there.",
                count,
            )
        )
        messages.success(request, sentence % {"count": count})
