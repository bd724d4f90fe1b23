"""What became of several vouchers, in messages on the next page."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import ngettext

from . import pushing
from .models import Voucher
from .states import Action

_ACTS = {Action.COLLECT: pushing.collect, Action.VOID: pushing.void}


def carry_out(
    request: HttpRequest, seen: Mapping[int, Voucher], wanted: Mapping[int, int | None], action: Action
) -> None:
    """Collect or void those of ``wanted`` (id → version that was confirmed) that this person sees, and say how many
    went and why each of the others did not. Raises HubError when it is too many."""
    chosen = {pk: revision for pk, revision in wanted.items() if pk in seen}
    done = _ACTS[action](chosen, request.user)  # type: ignore[arg-type]
    for pk, error in done.refused.items():
        messages.error(request, f"{seen[pk]}: {pushing.reason_of(error)}")
    count = len(done.gone)
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
