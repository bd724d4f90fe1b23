"""Pushes: what is sent to upstream systems, and every attempt at it.

A push's life::

    pending ──claim──> sending ──> done
       ^                 │  ├────> waiting (retry_at) ──claim──> sending
       │ retry           │  └────> needs_person (reason)
       └── needs_person <┘
    pending, waiting, needs_person ──> cancelled (superseded, no longer needed, dismissed)

``outcome_unknown`` marks a push that was sent without an answer that says whether it took effect. Its next attempt is
a status query; it is never sent again before the upstream or a person has confirmed that it took no effect. Decisions
of people are in the audit trail, the work of workers is in the attempts. Pushes that share an ordering key are sent in
the order of their ids; an unsettled one delays the later ones. ``circuit_open`` marks a push that failed because the
whole system is unreachable or rejects our credentials: the other pushes of that system wait for it.
"""

import hashlib

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Company
from apps.accounts.visibility import CompanyQuerySet
from apps.core.messages import Message, restored
from apps.sources import pushes
from apps.sources.choices import PushKind
from apps.sources.models import Source

from .choices import READY, UNSETTLED, Outcome, PushState, Reason


@pghistory.track(
    pghistory.UpdateEvent(condition=pghistory.AnyChange("decided_at")),
    fields=["state", "reason", "outcome_unknown", "decided_by", "decided_at", "comment"],
    model_name="PushDecision",
)
class Push(models.Model):
    """One message to one upstream, as it was when queued. Written in the transaction of the change it reports."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="+", db_index=False, verbose_name=_("system"))
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, verbose_name=_("company"))
    kind = models.CharField(_("what"), max_length=20, choices=PushKind)
    subject = models.CharField(_("about"), max_length=60)  # such as "voucher:12", see ``subjects``
    ordering_keys = ArrayField(models.CharField(max_length=60))  # the subject and what else it must not overtake
    label = models.CharField(_("number"), max_length=200)  # what people call the subject
    revision = models.PositiveIntegerField(default=0)  # of the subject, when it was queued
    payload = models.TextField()  # ``apps.sources.pushes`` as JSON; the connector makes the vendor's body of it
    key = models.CharField(max_length=64)  # the same command queued twice is one push
    state = models.CharField(_("state"), max_length=12, choices=PushState, default=PushState.PENDING)
    reason = models.CharField(_("reason"), max_length=15, choices=Reason, default="", blank=True)
    error = models.JSONField(null=True, blank=True)  # apps.core.messages.Message
    error_code = models.CharField(max_length=60, default="", blank=True)
    outcome_unknown = models.BooleanField(default=False)
    circuit_open = models.BooleanField(default=False)  # the system is at fault: its other pushes wait for this one
    failures = models.PositiveIntegerField(default=0)  # since the last time a person sent it
    first_failed_at = models.DateTimeField(null=True, blank=True)
    retry_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    queued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    queued_at = models.DateTimeField(_("queued at"), auto_now_add=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)  # when a person decided last
    comment = models.CharField(_("comment"), max_length=300, default="", blank=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("push")
        verbose_name_plural = _("pushes")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(state=PushState.CANCELLED), name="one_push_per_key"),
            models.CheckConstraint(
                condition=Q(state=PushState.SENDING, lease_until__isnull=False)
                | (~Q(state=PushState.SENDING) & Q(lease_until=None)),
                name="sending_has_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PushState.NEEDS_PERSON, PushState.CANCELLED]) | ~Q(reason=""),
                name="stopped_push_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["source", "id"], name="push_ready", condition=Q(state__in=READY)),
            GinIndex(
                fields=["ordering_keys"],
                name="push_by_ordering_key",
                condition=Q(state__in=UNSETTLED),
                fastupdate=False,
            ),
            models.Index(fields=["source", "retry_at"], name="push_circuit_open", condition=Q(circuit_open=True)),
            models.Index(fields=["lease_until"], name="push_leased", condition=Q(state=PushState.SENDING)),
            models.Index(fields=["subject", "-id"], name="push_by_subject"),
            models.Index(fields=["company", "-id"], name="push_by_company"),
            models.Index(fields=["state", "-id"], name="push_by_state"),
            models.Index(fields=["updated_at", "id"], name="push_by_change"),
            models.Index(fields=["label"], name="push_by_label", opclasses=["varchar_pattern_ops"]),
            # The list of problems groups by these columns and shows no others, so the table itself is not read.
            models.Index(
                fields=["company", "source", "reason", "error_code", "kind", "queued_at", "id"],
                name="push_stopped",
                condition=Q(state=PushState.NEEDS_PERSON),
            ),
            # For the filters of the list: rare values and any combination of them.
            GinIndex(fields=["kind", "state", "reason", "error_code"], name="push_by_facet"),
            models.Index(fields=["source", "-id"], name="push_by_source"),
        ]
        permissions = [("settle_push", _("Can retry, mark done and dismiss pushes"))]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.label}"

    @property
    def content(self) -> pushes.Payload:
        """The payload as a value."""
        return pushes.read(self.kind, self.payload)

    @property
    def message(self) -> Message | None:
        return restored(self.error)

    @property
    def is_unsettled(self) -> bool:
        return self.state in UNSETTLED


class PushAttempt(models.Model):
    """One call. Written before the call, so that a worker that dies in it leaves a trace. Secrets are redacted."""

    push = models.ForeignKey(Push, models.CASCADE, related_name="attempts", db_index=False)
    number = models.PositiveIntegerField()
    status_query = models.BooleanField(default=False)  # asked whether an earlier attempt took effect; sent nothing
    worker = models.CharField(max_length=100)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=15, choices=Outcome, default="", blank=True)
    error = models.JSONField(null=True, blank=True)
    request = models.TextField(default="", blank=True)
    http_status = models.PositiveIntegerField(null=True, blank=True)
    reply = models.TextField(default="", blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["push", "number"], name="one_attempt_per_number")]

    @property
    def message(self) -> Message | None:
        return restored(self.error)


def key_of(subject: str, kind: str, revision: int, payload: str) -> str:
    """Equal for the same command queued twice."""
    return hashlib.sha256("\0".join((subject, kind, str(revision), payload)).encode()).hexdigest()
