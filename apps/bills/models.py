"""Expense bills, their lines, and their reservations of the ledger's invoices.

One invoice has one reservation: a bill invoice that is not released excludes every other bill, unless the policy of
company and bill type lets several bills share the invoice by amount. A trigger enforces this (``_GUARD``). What an
upstream lists on its bills is stored in UpstreamListing, separate from our reservations, so that both can be compared.
"""

import secrets

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Company
from apps.accounts.visibility import CompanyQuerySet, CompanySettingQuerySet
from apps.core.feeds import stamp
from apps.core.fields import yuan_field
from apps.core.messages import Message, restored
from apps.invoices.models import Invoice
from apps.sources.models import Source

from .assistant.models import AssistantMessage as AssistantMessage
from .assistant.models import AssistantSession as AssistantSession
from .choices import BillInvoiceState, BillState, BillType, Origin
from .compliance.models import CheckSetting, ComplianceOverride
from .covers.models import BillCover as BillCover
from .input_tax.models import CostType as CostType
from .input_tax.models import TravelTaxRule as TravelTaxRule

__all__ = [
    "Bill",
    "BillInvoice",
    "BillLine",
    "BillStep",
    "CheckSetting",
    "ComplianceOverride",
    "CostType",
    "ReservationPolicy",
    "TravelTaxRule",
    "UpstreamListing",
]

# Refuses a second reservation, also on an invoice merged with the requested one, and shares that exceed the total.
# Transactions that reserve one invoice wait for one advisory lock, so that each sees the rows of the one before; with
# plain reads two concurrent ones would not see each other. The amount of an exclusive reservation is not checked. The
# unique index below covers only the case without merges; it serves as a second safeguard.
_GUARD = """
IF NEW.state = 'released' OR NEW.contested THEN RETURN NEW; END IF;
IF TG_OP = 'UPDATE' AND OLD.state <> 'released' AND NOT OLD.contested AND OLD.invoice_id = NEW.invoice_id
   AND OLD.shared = NEW.shared AND (NOT NEW.shared OR OLD.amount IS NOT DISTINCT FROM NEW.amount)
THEN RETURN NEW; END IF;
SELECT master_id INTO master FROM invoice_masters(ARRAY[NEW.invoice_id]);
PERFORM pg_advisory_xact_lock(7301, hashint8(master));
SELECT COUNT(*), COUNT(*) FILTER (WHERE NOT u.shared), COALESCE(SUM(ABS(u.amount)), 0)
    INTO others, exclusive, taken
    FROM bills_billinvoice u JOIN invoice_families(ARRAY[master]) AS family ON family.invoice_id = u.invoice_id
   WHERE u.state <> 'released' AND NOT u.contested AND u.id <> NEW.id;
IF exclusive > 0 OR (others > 0 AND NOT NEW.shared) THEN
    RAISE EXCEPTION 'invoice % is reserved already', NEW.invoice_id
        USING ERRCODE = 'unique_violation', CONSTRAINT = 'one_reservation_per_invoice';
END IF;
IF NEW.shared THEN
    SELECT ABS(total_amount) INTO most FROM invoices_invoice WHERE id = master;
    IF taken + ABS(COALESCE(NEW.amount, 0)) > most THEN
        RAISE EXCEPTION 'invoice % has less left', NEW.invoice_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shares_within_total';
    END IF;
END IF;
RETURN NEW;
"""
# See ``invoices.models.UseChange``.
_NOTE_USE_CHANGE = """
IF TG_OP = 'DELETE' OR (OLD.state = 'released') <> (NEW.state = 'released') THEN
    INSERT INTO invoices_usechange (invoice_id) VALUES (OLD.invoice_id);
END IF;
RETURN NULL;
"""


def global_key() -> str:
    """A new ``external_key``: identifies a bill or line in the invoice cloud, independent of its number."""
    return secrets.token_hex(16)


@pghistory.track(exclude=["revision"])
class Bill(models.Model):
    """An expense bill (报销单). States and steps: ``states.py``. ``revision`` rises with every change of the bill, its
    lines or its invoices; writers pass the revision they have read."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="bills", verbose_name=_("company"))
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.OWN)
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        related_name="bills",
        null=True,
        blank=True,
        verbose_name=_("upstream"),
        help_text=_("The system that knows this bill, too."),
    )
    number = models.CharField(_("number"), max_length=100)
    external_key = models.CharField(_("global key"), max_length=100, unique=True, default=global_key)
    type = models.CharField(_("type"), max_length=20, choices=BillType, default=BillType.EXPENSE)
    title = models.CharField(_("purpose"), max_length=300, default="", blank=True)
    employee = models.CharField(_("employee"), max_length=100, default="", blank=True)
    department = models.CharField(_("department"), max_length=200, default="", blank=True)
    payee = models.CharField(_("payee"), max_length=300, default="", blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    bill_date = models.DateField(_("date"), null=True, blank=True)
    amount = yuan_field(_("amount claimed"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=BillState, default=BillState.DRAFT)
    upstream_state = models.CharField(_("state upstream"), max_length=60, default="", blank=True)
    upstream_seen_at = models.DateTimeField(_("last seen upstream"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted on"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved on"), null=True, blank=True)
    booked_at = models.DateTimeField(_("booked on"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("expense bill")
        verbose_name_plural = _("expense bills")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="one_bill_per_number"),
            models.CheckConstraint(
                condition=Q(origin=Origin.OWN) | Q(source__isnull=False), name="upstream_bill_has_source"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-id"], name="bill_by_company"),
            models.Index(fields=["state", "-id"], name="bill_by_state"),
            models.Index(fields=["source", "number"], name="bill_by_upstream", condition=Q(source__isnull=False)),
            models.Index(fields=["updated_at", "id"], name="bill_by_change"),
            models.Index(fields=["bill_date"], name="bill_by_date"),
            # Whatever people filter by, rare values and any mixture of them.
            GinIndex(fields=["state", "type", "origin"], name="bill_by_facet"),
            # For the search by a beginning; the unique one above is ordered by company first.
            models.Index(fields=["number"], name="bill_by_number", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["employee"], name="bill_by_employee", opclasses=["varchar_pattern_ops"]),
        ]
        triggers = [stamp("updated_at")]
        permissions = [
            ("submit_bill", _("Can submit and withdraw bills")),
            ("approve_bill", _("Can approve and reject bills")),
            ("book_bill", _("Can mark bills as booked")),
            ("override_duplicate", _("Can put an invoice on a bill although it is certainly there twice")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_own(self) -> bool:
        return self.origin == Origin.OWN


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class BillLine(models.Model):
    """One line of a bill (费用明细): a part of the amount to be paid. ``line_key`` identifies it in the invoice cloud.

    ``amount`` None: the line costs what its invoices come to. ``without_invoice_reason``: why the line claims more than
    its invoices support.
    """

    bill = models.ForeignKey(Bill, models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveIntegerField(_("line"))
    line_key = models.CharField(max_length=100, default=global_key)
    cost_type = models.CharField(_("cost type"), max_length=100, default="", blank=True)
    description = models.CharField(_("description"), max_length=300, default="", blank=True)
    spent_on = models.DateField(_("spent on"), null=True, blank=True)
    amount = yuan_field(_("amount claimed"), null=True, blank=True)
    without_invoice_reason = models.CharField(
        _("reason for the amount without invoice"), max_length=300, default="", blank=True
    )

    class Meta:
        verbose_name = _("bill line")
        verbose_name_plural = _("bill lines")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["bill", "position"], name="one_line_per_position", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["bill", "line_key"], name="one_line_per_key"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.cost_type}".strip()


@pghistory.track(exclude=["began_at"])
class BillInvoice(models.Model):
    """A bill's reservation of an invoice. ``amount``: the part of the total (yuan) that this bill claims; None when the
    invoice has no total. ``line_proposed``: no person chose its line, so it may be proposed anew. ``shared``: other
    bills may use the rest. ``contested``: an upstream lists the invoice on this bill while another bill has reserved
    it; such a row excludes no other bill. Read the invoice through ``invoices.masters``: it may have been merged into
    another one since."""

    bill = models.ForeignKey(Bill, models.CASCADE, related_name="bill_invoices", db_index=False)
    line = models.ForeignKey(BillLine, models.SET_NULL, null=True, blank=True, related_name="bill_invoices")
    line_proposed = models.BooleanField(default=False)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="bill_invoices")
    amount = yuan_field(_("amount used"), null=True, blank=True)
    deductible = models.BooleanField(_("deductible"), null=True, blank=True)  # None: not decided
    input_tax = yuan_field(_("input tax to book"), null=True, blank=True)
    transferred_out = yuan_field(_("input tax transferred out"), null=True, blank=True)
    transfer_out_reason = models.CharField(_("reason of transfer-out"), max_length=200, default="", blank=True)
    tax_reason = models.JSONField(null=True)  # a stored core.messages.Message: why the tax is what it is
    tax_by_hand = models.BooleanField(default=False)  # a person decided; nothing recomputes it
    state = models.CharField(_("state"), max_length=10, choices=BillInvoiceState, default=BillInvoiceState.RESERVED)
    shared = models.BooleanField(_("shared"), default=False)
    contested = models.BooleanField(_("contested"), default=False)
    picked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    picked_at = models.DateTimeField(_("since"))
    # Stays when a released invoice is put back: then the use goes on that began here. ``picked_at`` moves.
    began_at = models.DateTimeField(db_default=Now(), editable=False)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(_("released on"), null=True, blank=True)
    released_with_bill = models.BooleanField(default=False)  # reserved again when the bill is reopened
    override_reason = models.CharField(_("reason of the override"), max_length=300, default="", blank=True)

    company_lookup = "bill__company__in"
    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice on a bill")
        verbose_name_plural = _("invoices on bills")
        constraints = [
            models.UniqueConstraint(
                fields=["invoice"],
                condition=~Q(state=BillInvoiceState.RELEASED) & Q(shared=False, contested=False),
                name="one_reservation_per_invoice",
            ),
            models.UniqueConstraint(
                fields=["bill", "invoice", "line"],
                condition=~Q(state=BillInvoiceState.RELEASED),
                nulls_distinct=False,
                name="one_bill_invoice_per_line",
            ),
        ]
        indexes = [
            models.Index(fields=["bill", "id"], name="bill_invoice_by_bill"),
            models.Index(
                fields=["bill"],
                name="bill_invoice_contested",
                condition=Q(contested=True) & ~Q(state=BillInvoiceState.RELEASED),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="guard_reservation",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("invoice_id", "state", "amount", "shared", "contested"),
                declare=[
                    ("master", "bigint"),
                    ("others", "bigint"),
                    ("exclusive", "bigint"),
                    ("taken", "numeric"),
                    ("most", "numeric"),
                ],
                func=_GUARD,
            ),
            pgtrigger.Trigger(
                name="note_use_change",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("state") | pgtrigger.Delete,
                func=_NOTE_USE_CHANGE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bill_id}:{self.invoice_id}"

    @property
    def tax_message(self) -> Message | None:
        """Why the input tax is what it is; None when it was not judged yet."""
        return restored(self.tax_reason)


class BillStep(models.Model):
    """An entry of a bill's timeline. ``state``: the state afterwards; ``message``: a stored
    ``core.messages.Message``."""

    bill = models.ForeignKey(Bill, models.CASCADE, related_name="timeline", db_index=False)
    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    action = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=BillState)
    message = models.JSONField()
    reason = models.CharField(max_length=300, default="")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["bill", "-id"], name="step_by_bill")]

    @property
    def sentence(self) -> Message | None:
        return restored(self.message)


@pghistory.track()
class ReservationPolicy(models.Model):
    """Whether bills of a type may share invoices by amount. The most specific row applies: company and type, then
    company, then type, then the row for all."""

    company = models.ForeignKey(
        Company, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("company"),
        help_text=_("Empty: all companies."),
    )  # fmt: skip
    bill_type = models.CharField(
        _("bill type"), max_length=20, choices=BillType, default="", blank=True, help_text=_("Empty: all types.")
    )
    share_by_amount = models.BooleanField(
        _("share by amount"),
        default=False,
        help_text=_("Several bills may each use a part of one invoice, together no more than its total."),
    )

    objects = CompanySettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reservation policy")
        verbose_name_plural = _("reservation policies")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "bill_type"], nulls_distinct=False, name="one_reservation_policy"
            )
        ]

    def __str__(self) -> str:
        return f"{self.company or '*'} / {self.bill_type or '*'}"


class UpstreamListing(models.Model):
    """An upstream lists an invoice on a bill. ``external_id``: its record of the invoice; ``number``: the bill's
    number."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="+", db_index=False)
    number = models.CharField(max_length=100)
    external_id = models.CharField(max_length=200)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="listings")
    expense_status = models.CharField(max_length=10, default="unknown")
    person = models.CharField(max_length=100, default="")
    department = models.CharField(max_length=200, default="")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "number", "external_id"], name="one_listing_per_record")
        ]
        indexes = [models.Index(fields=["source", "external_id"], name="listing_by_record")]
