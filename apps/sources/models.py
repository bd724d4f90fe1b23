"""Where invoices come from, how far we have read, and everything that was received.

A run's life::

    queued ──claim──> running ──> succeeded | partial | failed | cancelled
                         └─ heartbeat stops ──reaper──> interrupted, and a new run is queued (recovery)

Partial means: it came to its end, but a person should look (quarantined records, notes).
"""

from typing import Any

import msgspec
import pghistory
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Company
from apps.accounts.visibility import CompanyQuerySet
from apps.core.fields import EncryptedJSONField
from apps.core.messages import Message, restored

from .choices import ACTIVE_RUNS, QuarantineState, RunStatus, RunTrigger
from .kinds import kind_choices
from .session_providers import end_sessions


@pghistory.track(exclude=["credentials"])
class Source(models.Model):
    """One upstream account of one company. Holds what a person enters; what changes by itself is in SourceState."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    kind = models.CharField(_("system"), max_length=20, choices=kind_choices)
    company = models.ForeignKey(Company, models.PROTECT, related_name="sources", verbose_name=_("company"))
    base_url = models.URLField(_("base URL"), max_length=500)
    credentials = EncryptedJSONField(_("credentials"), default=dict, blank=True)
    options = models.JSONField(_("options"), default=dict, blank=True)
    enabled = models.BooleanField(_("enabled"), default=True)
    interval_minutes = models.PositiveIntegerField(
        _("pull every (minutes)"), default=30, help_text=_("0: only when somebody asks for it.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name"]
        permissions = [("sync_source", _("Can start and cancel pulls"))]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """A changed login drops the token and ends the sessions that were opened under the earlier one."""
        before = None if self._state.adding else Source.objects.filter(pk=self.pk).first()
        super().save(*args, **kwargs)
        if before is not None and before.login_key != self.login_key:
            SourceState.objects.filter(source=self).update(token={}, token_expires_at=None)
            end_sessions(self.pk)

    @property
    def login_key(self) -> str:
        """What a login at the upstream depends on: system, address, credentials and options. An HMAC, so that it
        reveals none of them. A token is used only under the key that it was fetched with."""
        content = msgspec.json.encode([self.kind, self.base_url, self.credentials, self.options], order="sorted")
        return salted_hmac("sources.login", content, algorithm="sha256").hexdigest()


class SourceState(models.Model):
    """What the workers of a source share: when it is due, its pace, its token. Written often, so it has no history."""

    source = models.OneToOneField(Source, models.CASCADE, primary_key=True, related_name="state")
    next_due_at = models.DateTimeField(null=True)
    next_request_at = models.DateTimeField(null=True)  # pace: no request before this
    last_timestamp = models.BigIntegerField(default=0)  # strictly increasing request timestamps
    token = EncryptedJSONField(default=dict, blank=True)  # value, extra, and the login_key it was fetched under
    token_expires_at = models.DateTimeField(null=True)


class Cursor(models.Model):
    """How far one stream of a source has been read. Moves in the transaction that stores the records before it."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="cursors")
    stream = models.CharField(max_length=100)
    position = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "stream"], name="one_cursor_per_stream")]


class SyncRun(models.Model):
    """One pull of one source: received = created + changed + unchanged + quarantined, always."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="runs", verbose_name=_("source"))
    trigger = models.CharField(_("started by"), max_length=10, choices=RunTrigger)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("person")
    )
    status = models.CharField(_("status"), max_length=12, choices=RunStatus, default=RunStatus.QUEUED)
    queued_at = models.DateTimeField(_("queued"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    worker = models.CharField(max_length=100, default="", blank=True)  # host:pid:token of the process that holds it
    cancel_requested_at = models.DateTimeField(null=True)
    pages = models.PositiveIntegerField(_("pages"), default=0)
    received = models.PositiveIntegerField(_("received"), default=0)
    created = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    quarantined = models.PositiveIntegerField(_("quarantined"), default=0)
    tombstoned = models.PositiveIntegerField(_("deleted at the source"), default=0)
    charged = models.PositiveIntegerField(_("charged calls"), default=0)
    progress = models.CharField(_("progress"), max_length=200, default="", blank=True)
    backlog = models.BooleanField(_("more to come"), default=False)
    error = models.JSONField(null=True, blank=True)  # apps.core.messages.Message
    error_intent = models.CharField(max_length=20, default="", blank=True)
    notes = models.JSONField(default=list, blank=True)  # list of Message

    company_lookup = "source__company__in"
    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("pull")
        verbose_name_plural = _("pulls")
        ordering = ["-id"]
        constraints = [
            # Two people press "sync now" at once, or one of them and the scheduler: only one gets a run.
            models.UniqueConstraint(
                fields=["source"], condition=Q(status__in=ACTIVE_RUNS), name="one_active_run_per_source"
            ),
            models.CheckConstraint(
                condition=Q(
                    received=models.F("created") + models.F("changed") + models.F("unchanged") + models.F("quarantined")
                ),
                name="nothing_received_is_lost",
            ),
        ]
        indexes = [
            models.Index(fields=["source", "-id"], name="run_by_source"),
            models.Index(fields=["queued_at"], name="run_by_time"),  # what the last day brought
            models.Index(fields=["status"], name="run_active", condition=Q(status__in=ACTIVE_RUNS)),
        ]

    def __str__(self) -> str:
        return f"{self.source} #{self.pk}"

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE_RUNS

    @property
    def error_message(self) -> Message | None:
        return restored(self.error)

    @property
    def note_messages(self) -> list[Message]:
        return [message for note in self.notes if (message := restored(note))]


class RawRecord(models.Model):
    """One version of one record as it came. Append-only; the newest version of an external id is its highest id.

    ``payload`` is JSON text with sorted keys and exact numbers (text, not jsonb: half the cost, and it may hold what
    jsonb refuses). Personal numbers stay here and nowhere else: show it through ``apps.core.redaction.mask_personal``.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="+", db_index=False)
    run = models.ForeignKey(SyncRun, models.SET_NULL, null=True, related_name="+", db_index=False)
    stream = models.CharField(max_length=100)
    external_id = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    parsed = models.BooleanField(default=True)  # False: kept only (messages), not an invoice
    payload = models.TextField()
    received_at = models.DateTimeField()

    company_lookup = "source__company__in"
    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("raw record")
        verbose_name_plural = _("raw records")
        indexes = [models.Index(fields=["source", "external_id", "-id"], name="raw_newest")]


class QuarantinedRecord(models.Model):
    """A record that could not become an invoice, with the reason and what to do. One open row per external id."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="quarantine", verbose_name=_("source"))
    external_id = models.CharField(_("record"), max_length=200)
    raw = models.ForeignKey(RawRecord, models.CASCADE, related_name="+")
    reason = models.JSONField()  # apps.core.messages.Message
    reason_code = models.CharField(max_length=60)
    state = models.CharField(_("state"), max_length=10, choices=QuarantineState, default=QuarantineState.OPEN)
    attempts = models.PositiveIntegerField(_("attempts"), default=1)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    comment = models.CharField(_("comment"), max_length=300, default="", blank=True)

    company_lookup = "source__company__in"
    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("quarantined record")
        verbose_name_plural = _("quarantine")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="one_quarantine_row_per_record"),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="quarantine_open"),
            models.Index(fields=["source", "state", "-id"], name="quarantine_by_source"),  # who sees few companies
        ]
        permissions = [("retry_quarantinedrecord", _("Can retry and dismiss quarantined records"))]

    def __str__(self) -> str:
        return f"{self.source}: {self.external_id}"

    @property
    def message(self) -> Message | None:
        return restored(self.reason)
