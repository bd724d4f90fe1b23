"""Duplicate cases: possible doubles, their evidence and what people decided.

States of a case::

    open ──merge──> merged          one of its invoices is the master, the others redirect to it
      ├──confirm──> confirmed       a double claim
      ├──dismiss──> dismissed       not a duplicate; stored pair by pair (NotDuplicate)
      └──(evidence vanishes)──> gone ──(comes back)──> open
    merged, confirmed, dismissed ──undo──> open

``signature`` identifies a case by the keys of its invoices, so that a search recognises a decided case instead of
opening a new one. ``revision`` rises with every change; a decision names the revision that the person saw.
"""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Company
from apps.accounts.visibility import CompanyQuerySet, CompanySettingQuerySet
from apps.core.feeds import stamp
from apps.invoices.models import Invoice
from apps.sources.models import Source

from . import choices


class CaseQuerySet(CompanyQuerySet["DuplicateCase"]):
    """Cases are seen by those who see all companies of their invoices: half a case cannot be decided."""

    def belonging_to(self, company_ids: list[int]) -> Q:
        # An index knows the overlap only.
        return Q(company_ids__overlap=company_ids, company_ids__contained_by=company_ids)


class DuplicateCase(models.Model):
    kind = models.CharField(_("kind"), max_length=10, choices=choices.Kind)
    tier = models.CharField(_("tier"), max_length=10, choices=choices.Tier)
    score = models.DecimalField(_("score"), max_digits=4, decimal_places=3)  # share of true pairs at this evidence
    state = models.CharField(_("state"), max_length=10, choices=choices.State, default=choices.State.OPEN)
    signature = models.CharField(max_length=64, unique=True)
    rule_version = models.PositiveIntegerField(_("version of the rules"))
    company_ids = ArrayField(models.BigIntegerField(), default=list)
    total_amount = models.DecimalField(_("total"), max_digits=18, decimal_places=2, null=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("asked")
    )
    master = models.ForeignKey(Invoice, models.SET_NULL, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"))
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("duplicate case")
        verbose_name_plural = _("duplicate cases")
        indexes = [
            models.Index(fields=["state", "tier", "-id"], name="case_queue"),
            models.Index(fields=["changed_at", "id"], name="case_by_change"),
            models.Index(fields=["state", "total_amount", "id"], name="case_by_total"),  # the queue, largest first
            # For people who see few companies: every page counts their open cases.
            GinIndex(fields=["company_ids", "state", "tier", "kind"], name="case_by_facet"),
        ]
        triggers = [stamp("changed_at")]
        permissions = [
            ("decide_duplicatecase", _("Can decide duplicate cases")),
            ("undo_duplicatecase", _("Can undo what others decided")),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class CaseMember(models.Model):
    """An invoice of a case, with the key it had. Merged invoices stay members, so that the page can show them."""

    case = models.ForeignKey(DuplicateCase, models.CASCADE, related_name="members")
    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="cases")
    key = models.CharField(max_length=260)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["case", "invoice"], name="one_member_per_invoice")]


class CandidatePair(models.Model):
    """Evidence that two invoices of a case are one document: the rules that explain their differences, and for each
    field ``equal``, ``near`` or ``unknown``."""

    case = models.ForeignKey(DuplicateCase, models.CASCADE, related_name="pairs")
    left = models.ForeignKey(Invoice, models.CASCADE, related_name="+")
    right = models.ForeignKey(Invoice, models.CASCADE, related_name="+")
    rules = ArrayField(models.CharField(max_length=30, choices=choices.RuleCode))
    fields = models.JSONField()
    tier = models.CharField(max_length=10, choices=choices.Tier)
    score = models.DecimalField(max_digits=4, decimal_places=3)
    ambiguous = models.BooleanField(default=False)  # another candidate of the same system fits as well

    class Meta:
        indexes = [GinIndex(fields=["rules"], name="pair_by_rule")]


class Claim(models.Model):
    """One claim of a double claim: a record of a source, or, without a source, a bill's reservation of the invoice."""

    case = models.ForeignKey(DuplicateCase, models.CASCADE, related_name="claims")
    source = models.ForeignKey(Source, models.CASCADE, null=True, related_name="+")
    external_id = models.CharField(max_length=200)
    person = models.CharField(_("claimed by"), max_length=100, default="")
    department = models.CharField(_("department"), max_length=100, default="")
    bill_number = models.CharField(_("expense bill"), max_length=100, default="")
    entered_at = models.CharField(_("entered"), max_length=30, default="")  # as the source writes it
    deleted = models.BooleanField(default=False)

    class Meta:
        ordering = ["entered_at", "id"]


class NotDuplicate(models.Model):
    """A person decided that these two documents are not one. Keys in ascending order, so that a pair has one row."""

    left_key = models.CharField(max_length=260)
    right_key = models.CharField(max_length=260)
    case = models.ForeignKey(DuplicateCase, models.CASCADE, related_name="dismissals")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["left_key", "right_key"], name="one_dismissal_per_pair")]


class CaseDecision(models.Model):
    """An action of a person on a case, with its time, reason and rule version. ``journal`` holds what an undo needs."""

    case = models.ForeignKey(DuplicateCase, models.CASCADE, related_name="decisions")
    action = models.CharField(_("action"), max_length=10, choices=choices.Action)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    text = models.CharField(_("reason"), max_length=500, default="", blank=True)
    journal = models.JSONField(default=dict)
    batch = models.UUIDField(null=True, db_index=True)  # decisions made together
    rule_version = models.PositiveIntegerField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["id"]
        indexes = [models.Index(fields=["user", "-id"], name="decision_by_user")]


@pghistory.track()
class RuleSetting(models.Model):
    """A rule switched off or parametrised by an administrator, for one company or for all."""

    code = models.CharField(_("rule"), max_length=30, choices=choices.RuleCode)
    company = models.ForeignKey(
        Company, models.CASCADE, null=True, blank=True, verbose_name=_("company"), help_text=_("Empty: all companies.")
    )
    enabled = models.BooleanField(_("enabled"), default=True)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)

    objects = CompanySettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule for duplicates")
        verbose_name_plural = _("rules for duplicates")
        ordering = ["code", "company"]
        constraints = [
            models.UniqueConstraint(fields=["code", "company"], name="one_setting_per_company", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return str(self.get_code_display())


class SearchRun(models.Model):
    """One run of the search for duplicates: of what changed (``changes`` follower "duplicates"), or of everything."""

    scope = models.CharField(_("scope"), max_length=10, choices=choices.Scope)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    invoice_count = models.PositiveIntegerField(_("invoices looked at"), default=0)
    pair_count = models.PositiveIntegerField(_("pairs judged"), default=0)
    opened = models.PositiveIntegerField(_("cases opened"), default=0)
    closed = models.PositiveIntegerField(_("cases closed"), default=0)
    rule_version = models.PositiveIntegerField(default=0)
    error = models.CharField(_("error"), max_length=500, default="", blank=True)

    class Meta:
        verbose_name = _("search for duplicates")
        verbose_name_plural = _("searches for duplicates")
        ordering = ["-id"]
        indexes = [models.Index(fields=["-id"], name="search_done", condition=Q(finished_at__isnull=False))]
