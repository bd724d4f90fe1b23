"""Messages of the outbox; registered when the app is ready."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.messages import define, define_labels
from apps.sources.choices import PushKind

from .choices import PushState

SENTENCES: dict[str, Any] = {
    "push.name": "%(kind)s %(label)s",
    "push.not_possible": _("%(source)s does not take this: %(what)s. Choose another system."),
    "push.settled": _("“%(push)s” is %(state)s by now; nothing was changed. Look at it again."),
    "push.look_first": _(
        "“%(push)s” went out, and nobody knows whether it took effect. Look in the system, then decide on its page as"
        " it is now."
    ),
    "push.comment_needed": _("Say why; it is kept with the push."),
    "push.order_incomplete": _("Enter the number of the order and the number that was printed."),
    "push.worker_lost": _("The worker that was sending it was lost. Whether it went out is not known."),
    "push.too_late": _("The worker was held up before it could send; nothing went out. It is tried again by itself."),
    "push.broke": _(
        "Sending broke off inside invoicehub (%(error)s). Whether it went out is not known. Tell an administrator."
    ),
    "push.unknown": _(
        "It went out, and no answer came that says whether it took effect. The system cannot be asked. Look there:"
        " if it took effect, mark it done; if it did not, send it again."
    ),
}


def register() -> None:
    define(SENTENCES)
    define_labels("push.kind", PushKind)
    define_labels("push.state", PushState)
