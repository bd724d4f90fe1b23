"""States, reasons and outcomes, with their labels."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PushState(models.TextChoices):
    PENDING = "pending", pgettext_lazy("state of a push", "queued")
    SENDING = "sending", _("being sent")
    WAITING = "waiting", _("tried again by itself")
    NEEDS_PERSON = "needs_person", _("needs a person")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("not sent")


UNSETTLED = (PushState.PENDING, PushState.SENDING, PushState.WAITING, PushState.NEEDS_PERSON)
READY = (PushState.PENDING, PushState.WAITING)


class Reason(models.TextChoices):
    """Why a push needs a person, or was not sent."""

    REFUSED = "refused", _("refused")
    CONFIGURATION = "configuration", _("credentials or settings")
    EXCEEDED = "exceeded", _("failed too often")
    UNKNOWN = "unknown", _("outcome unknown")
    SUPERSEDED = "superseded", _("a newer one took its place")
    UNNEEDED = "unneeded", _("no longer needed")
    DISMISSED = "dismissed", _("dismissed by a person")


class Outcome(models.TextChoices):
    """How one attempt ended."""

    DONE = "done", _("taken")
    ALREADY = "already", _("had been done before")
    LATER = "later", _("nothing happened, again later")
    REFUSED = "refused", _("refused")
    UNKNOWN = "unknown", _("outcome unknown")
    LOST = "lost", _("the worker was lost")
    APPLIED = "applied", _("asked: it took effect")
    NOT_APPLIED = "not_applied", _("asked: it did not take effect")
    CANNOT_TELL = "cannot_tell", _("asked: the system cannot tell")
