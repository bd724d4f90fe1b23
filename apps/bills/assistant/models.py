"""Sessions (windows on the vendor's pages) and their messages.

A session's life::

    open ── ends_at passes, or a person closes it ──> its channel is read until it is empty ──> closed, keys deleted

A message's life (``choices.MessageState``)::

    stored ─receipt──> waiting ──> applied | partly | refused ── put aside by a person ──> dismissed
                         └─ its bill is not known here ──> no_bill, until there is one
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.visibility import CompanyQuerySet
from apps.core.fields import EncryptedJSONField
from apps.core.messages import Message, restored
from apps.sources.models import Source

from .choices import UNSETTLED, MessageState


class AssistantSession(models.Model):
    """One person's window on one of the vendor's pages. ``serial``: serial number of the invoice edited there;
    ``shown``: ids of the bill invoices that a window for choosing showed when it was opened: only they can be unticked
    in it."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="+", verbose_name=_("source"))
    bill = models.ForeignKey(
        "bills.Bill", models.SET_NULL, null=True, related_name="assistant_sessions", verbose_name=_("expense bill")
    )
    line = models.ForeignKey("bills.BillLine", models.SET_NULL, null=True, related_name="+")
    serial = models.CharField(max_length=150, default="", blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("person")
    )
    shown = ArrayField(models.BigIntegerField(), default=list, blank=True)
    link_key = EncryptedJSONField(default="")  # names the channel; '' once it is closed
    user_key = EncryptedJSONField(default="")
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    ends_at = models.DateTimeField(_("ends"))
    closed_at = models.DateTimeField(_("closed"), null=True)
    polled_at = models.DateTimeField(_("last listened"), null=True)
    listener = models.CharField(max_length=100, default="", blank=True)  # host:pid:token of the process that listens
    listened_until = models.DateTimeField(null=True)  # afterwards another process may take over
    trouble = models.JSONField(null=True)  # a stored Message: why the channel cannot be read now

    company_lookup = "source__company__in"
    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("assistant session")
        verbose_name_plural = _("assistant sessions")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["listened_until"], name="session_open", condition=Q(closed_at=None)),
            models.Index(fields=["bill", "-id"], name="session_by_bill"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} #{self.pk}"

    @property
    def trouble_message(self) -> Message | None:
        return restored(self.trouble)


class AssistantMessage(models.Model):
    """A message of a page as received, and its outcome. ``payload`` may contain personal numbers: show it through
    ``apps.core.redaction.mask_personal``. ``refused``: stored Messages about invoices that could not be reserved or
    released; ``taken_off``: ids of released bill invoices, until a person puts them back."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="+", verbose_name=_("source"))
    session = models.ForeignKey(AssistantSession, models.SET_NULL, null=True, related_name="messages")
    bill = models.ForeignKey(
        "bills.Bill", models.SET_NULL, null=True, related_name="messages", verbose_name=_("expense bill")
    )
    msg_id = models.CharField(_("message"), max_length=200)
    type = models.CharField(_("type"), max_length=40, default="")
    bill_number = models.CharField(_("bill number"), max_length=100, default="")
    external_key = models.CharField(_("global key"), max_length=100, default="")
    payload = models.TextField()
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    receipted_at = models.DateTimeField(_("confirmed"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=MessageState, default=MessageState.WAITING)
    outcome = models.JSONField(null=True)  # Message
    refused = models.JSONField(default=list)
    taken_off = ArrayField(models.BigIntegerField(), default=list, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    retry_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(_("done"), null=True)

    company_lookup = "source__company__in"
    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("assistant message")
        verbose_name_plural = _("assistant messages")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["source", "msg_id"], name="one_row_per_message")]
        indexes = [
            models.Index(fields=["state", "-id"], name="message_by_state"),
            models.Index(fields=["bill", "-id"], name="message_by_bill"),
            models.Index(fields=["retry_at"], name="message_unsettled", condition=Q(state__in=UNSETTLED)),
        ]

    def __str__(self) -> str:
        return self.msg_id

    @property
    def outcome_message(self) -> Message | None:
        return restored(self.outcome)

    @property
    def refusals(self) -> list[Message]:
        return [message for one in self.refused if (message := restored(one))]
