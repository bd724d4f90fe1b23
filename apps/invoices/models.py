"""The ledger. An invoice is computed from its source records (``survivorship.py``); only ``ledger.py`` writes it.

Rows with ``merged_into`` set are redirects to their master: a shared match key or a merge link joined the two, and the
source records moved to the master. Redirects keep old links working and are left out of every list.
"""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Left, NullIf, Right
from django.utils.translation import gettext_lazy as _

from apps.accounts.visibility import CompanyQuerySet
from apps.sources.models import RawRecord, Source
from apps.sources.records import BAD_STATUSES

from . import choices

_LAST_DIGITS = Coalesce(NullIf("digital_number", models.Value("")), "number")
_BAD = ", ".join(f"'{status}'" for status in BAD_STATUSES)
# ``bad_since`` of one invoice. A redirect counts as its master does, which is written before it.
_DATE_BAD = f"""
IF NEW.merged_into_id IS NULL THEN
    bad = NEW.status IN ({_BAD});
ELSE
    SELECT bad_since IS NOT NULL INTO bad FROM invoices_invoice WHERE id = NEW.merged_into_id;
END IF;
IF NOT bad THEN
    NEW.bad_since = NULL;
ELSIF TG_OP = 'UPDATE' THEN
    NEW.bad_since = COALESCE(OLD.bad_since, NEW.bad_since, NEW.updated_at);
ELSE
    NEW.bad_since = COALESCE(NEW.bad_since, NEW.updated_at);
END IF;
RETURN NEW;
"""  # noqa: S608 - no input in it
# The redirects of a master that turned bad or good.
_DATE_REDIRECTS = """
UPDATE invoices_invoice SET bad_since = NEW.bad_since
 WHERE merged_into_id = NEW.id AND (bad_since IS NULL) <> (NEW.bad_since IS NULL);
RETURN NULL;
"""


class Party(models.Model):
    """A distinct pair of name and taxpayer number as printed. Two-character searches start here, because the table is
    small compared with the invoices."""

    name = models.CharField(_("name"), max_length=300)
    tax_no = models.CharField(_("taxpayer number"), max_length=30, default="", blank=True)
    folded = models.GeneratedField(
        # Without brackets, spaces, dashes and the words for "limited company", which are written in many ways.
        expression=models.Func(
            models.F("name"),
            template="regexp_replace(translate(lower(%(expressions)s), '（）()【】[]《》 　·.,，。-—_', ''),"
            " '(股份)?有限(责任)?公司', '', 'g')",
        ),
        output_field=models.CharField(max_length=300),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [models.UniqueConstraint(fields=["name", "tax_no"], name="one_row_per_party")]
        indexes = [
            models.Index(fields=["tax_no"], name="party_tax_no"),
            models.Index(fields=["folded"], name="party_folded"),
        ]

    def __str__(self) -> str:
        return self.name or self.tax_no


class Invoice(models.Model):
    """The golden record of one invoice, whatever number of sources report it. Amounts in yuan; None: no source states
    one."""

    key = models.CharField(_("key"), max_length=260, unique=True)
    identity_version = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=30, choices=choices.Kind)
    direction = models.CharField(_("direction"), max_length=6, choices=choices.Flow)
    code = models.CharField(_("invoice code"), max_length=40, default="", blank=True)
    number = models.CharField(_("invoice number"), max_length=40, default="", blank=True)
    digital_number = models.CharField(_("digital invoice number"), max_length=40, default="", blank=True)
    check_code = models.CharField(_("check code"), max_length=40, default="", blank=True)
    issue_date = models.DateField(_("issue date"), null=True)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    amount_excl_tax = models.DecimalField(_("amount excluding tax"), max_digits=18, decimal_places=2, null=True)
    tax_amount = models.DecimalField(_("tax"), max_digits=18, decimal_places=2, null=True)
    total_amount = models.DecimalField(_("total"), max_digits=18, decimal_places=2, null=True)
    buyer = models.ForeignKey(
        Party, models.PROTECT, related_name="+", null=True, verbose_name=_("buyer"), db_index=False
    )
    seller = models.ForeignKey(
        Party, models.PROTECT, related_name="+", null=True, verbose_name=_("seller"), db_index=False
    )
    status = models.CharField(_("status"), max_length=12, choices=choices.Status)
    # Since when it is void, red, lost-control or abnormal without interruption, as far as the ledger knows; None: it is
    # not. A merged invoice counts as its master does. Written by triggers.
    bad_since = models.DateTimeField(_("bad since"), null=True, editable=False)
    verification = models.CharField(_("verification"), max_length=10, choices=choices.Verified)
    expense_status = models.CharField(_("expense status"), max_length=10, choices=choices.Expense)
    deduction_status = models.CharField(_("deduction"), max_length=14, choices=choices.Deduction)
    deduction_period = models.CharField(_("deduction period"), max_length=6, default="", blank=True)  # yyyyMM
    deductible_tax = models.DecimalField(_("deductible tax"), max_digits=18, decimal_places=2, null=True)
    remark = models.TextField(_("remark"), default="", blank=True)
    travel = models.JSONField(_("journey"), null=True)
    flags = ArrayField(models.CharField(max_length=40), verbose_name=_("flags"), default=list)
    company_ids = ArrayField(models.BigIntegerField(), default=list)  # companies whose people may see it, ascending
    source_ids = ArrayField(models.BigIntegerField(), default=list)  # sources that have a record of it, ascending
    deleted = models.BooleanField(_("deleted at every source"), default=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="redirects")
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("changed"))

    company_lookup = "company_ids__overlap"
    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        triggers = [
            pgtrigger.Trigger(
                name="bad_on_arrival",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition(f"NEW.status IN ({_BAD}) OR NEW.merged_into_id IS NOT NULL"),
                declare=[("bad", "boolean")],
                func=_DATE_BAD,
            ),
            pgtrigger.Trigger(
                name="bad_by_change",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("status", "merged_into_id", "bad_since"),
                condition=pgtrigger.Condition(
                    "ROW(OLD.status, OLD.merged_into_id, OLD.bad_since)"
                    " IS DISTINCT FROM ROW(NEW.status, NEW.merged_into_id, NEW.bad_since)"
                ),
                declare=[("bad", "boolean")],
                func=_DATE_BAD,
            ),
            pgtrigger.Trigger(
                name="bad_with_master",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("((OLD.bad_since IS NULL) <> (NEW.bad_since IS NULL))"),
                func=_DATE_REDIRECTS,
            ),
        ]
        indexes = [
            models.Index("issue_date", "id", name="invoice_by_date", condition=Q(merged_into=None)),
            models.Index("updated_at", "id", name="invoice_by_change"),
            models.Index("number", name="invoice_by_number"),
            models.Index("seller", "issue_date", "id", name="invoice_by_seller"),
            models.Index("buyer", "issue_date", "id", name="invoice_by_buyer"),
            models.Index("digital_number", name="invoice_by_digital", condition=~Q(digital_number="")),
            models.Index("total_amount", "id", name="invoice_by_total", condition=Q(merged_into=None)),
            # Without it, the invoices of a period would be searched by date, reading all newer ones first.
            models.Index(
                "deduction_period",
                "issue_date",
                "id",
                name="invoice_by_period",
                condition=Q(merged_into=None) & ~Q(deduction_period=""),
            ),
            # For the search for duplicates: the same total and half of the last eight digits.
            models.Index(
                "total_amount",
                Right(_LAST_DIGITS, 4),
                Left(Right(_LAST_DIGITS, 8), 4),
                name="invoice_by_slip",
                condition=Q(merged_into=None),
            ),
            models.Index(
                KT("travel__passenger"),
                KT("travel__vehicle"),
                name="invoice_by_journey",
                condition=Q(travel__isnull=False),
            ),
            # One small index for whatever people filter by, and for who may see what: rare values, and any mixture of
            # them, are found without walking the ledger by date.
            GinIndex(
                fields=[
                    "company_ids",
                    "source_ids",
                    "flags",
                    "kind",
                    "status",
                    "verification",
                    "expense_status",
                    "deduction_status",
                    "deduction_period",
                ],
                name="invoice_by_facet",
            ),
        ]

    def __str__(self) -> str:
        """The number people know it by, else the end of its key."""
        return self.digital_number or f"{self.code} {self.number}".strip() or self.key.rpartition(":")[2]


class InvoiceLine(models.Model):
    """One line of goods of the invoice, from the source that wins the lines."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    name = models.CharField(_("goods or service"), max_length=300, default="")
    spec = models.CharField(_("specification"), max_length=300, default="")
    unit = models.CharField(_("unit"), max_length=100, default="")
    quantity = models.DecimalField(_("quantity"), max_digits=28, decimal_places=10, null=True)
    unit_price = models.DecimalField(_("unit price"), max_digits=28, decimal_places=10, null=True)
    amount = models.DecimalField(_("amount excluding tax"), max_digits=18, decimal_places=2, null=True)
    tax_rate = models.DecimalField(_("tax rate"), max_digits=8, decimal_places=6, null=True)
    tax_amount = models.DecimalField(_("tax"), max_digits=18, decimal_places=2, null=True)
    goods_code = models.CharField(_("goods code"), max_length=40, default="")

    class Meta:
        ordering = ["position"]


class SourceRecord(models.Model):
    """What one source currently says of one invoice. ``record``: an InvoiceRecord (``apps.sources.records.loads``)."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="source_records", db_index=False)
    external_id = models.CharField(max_length=200)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="source_records")
    raw = models.ForeignKey(RawRecord, models.PROTECT, related_name="+", db_index=False)
    record = models.TextField()
    keys = ArrayField(models.CharField(max_length=260))  # first is the primary one, see identity.py
    identity_version = models.PositiveSmallIntegerField()
    deleted = models.BooleanField(default=False)  # tombstone
    changed_at = models.DateTimeField(null=True)  # the source's own time of change
    first_seen_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    company_lookup = "source__company__in"
    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("source record")
        verbose_name_plural = _("source records")
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="one_source_record_per_external_id")
        ]


class InvoiceKey(models.Model):
    """A match key that a source record of the invoice carries. A key on two invoices is an identity conflict."""

    key = models.CharField(max_length=260)
    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="match_keys")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "invoice"], name="one_key_per_invoice")]


class MergeLink(models.Model):
    """A person's decision that the invoice with ``key`` is the one with ``master_key``. The ledger treats it like a
    shared match key; when it is undone, the source records part again. No master is the ``key`` of another link."""

    key = models.CharField(max_length=260, unique=True)
    master_key = models.CharField(max_length=260, db_index=True)
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    linked_at = models.DateTimeField(auto_now_add=True)


class InvoiceUsage(models.Model):
    """How far one of our apps (bills, vouchers) has come with an invoice. Kept beside the source records
    (``survivorship.with_own_usage``), so that a pull does not undo it. Written by ``usage.set_usage``."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="usages")
    app = models.CharField(max_length=20)  # bills or vouchers
    expense_status = models.CharField(max_length=10, choices=choices.Expense)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invoice", "app"], name="one_usage_per_app")]


class UseChange(models.Model):
    """An invoice of which a use by a bill or voucher ended or came back. Written by triggers on the tables of the uses,
    so that no writer can forget it; deleted by the one follower, the findings."""

    invoice_id = models.BigIntegerField()


class ChangeCursor(models.Model):
    """How far one follower has worked off the ledger's changes (``changes``): ``updated_at`` and id of the last one."""

    follower = models.CharField(max_length=60, primary_key=True)  # such as "duplicates" or "bills:<source id>"
    changed_at = models.DateTimeField(null=True)  # None: at the beginning
    invoice_id = models.BigIntegerField(default=0)


class FieldConflict(models.Model):
    """Sources disagree on a field, or two invoices carry one key. A person may settle it by choosing a value, which
    later versions of the sources do not change."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="conflicts")
    field = models.CharField(
        _("field"), max_length=100
    )  # a canonical field, or key:<match key> for an identity conflict
    claims = models.JSONField()  # [{"source_id", "external_id", "value"}], sorted
    state = models.CharField(
        _("state"), max_length=8, choices=choices.ConflictState, default=choices.ConflictState.OPEN
    )
    chosen = models.CharField(_("chosen value"), max_length=300, null=True)  # noqa: DJ001 - None is "nothing chosen", '' is a choice
    reason = models.CharField(_("reason"), max_length=300, default="", blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    settled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    company_lookup = "invoice__company_ids__overlap"
    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict between sources")
        verbose_name_plural = _("conflicts between sources")
        constraints = [models.UniqueConstraint(fields=["invoice", "field"], name="one_conflict_per_field")]
        indexes = [models.Index(fields=["state"], name="conflict_open", condition=Q(state="open"))]
        permissions = [("settle_fieldconflict", _("Can settle conflicts between sources"))]
