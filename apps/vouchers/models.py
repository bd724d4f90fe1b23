"""Account books, vouchers and findings. ``states.py`` has the state diagram of a voucher.

``revision`` counts the versions of a voucher's content: it rises with every change, and a change made on an older one
is refused. ``collected_revision`` is the one that the upstream system has. The outbox does the sending.
"""

import uuid
from decimal import Decimal

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.models import Company
from apps.accounts.visibility import CompanyQuerySet
from apps.bills.models import Bill
from apps.core.fields import yuan_field
from apps.invoices.choices import Status
from apps.invoices.models import Invoice
from apps.sources.models import Source

from . import choices, use_triggers
from .charts.models import Account as Account
from .charts.models import AccountMapping as AccountMapping
from .charts.models import DimensionItem as DimensionItem
from .template_models import VoucherTemplate as VoucherTemplate

_PERIOD = RegexValidator(r"^\d{4}(0[1-9]|1[0-2])$", _("A period looks like 202601."))


def new_vouch_id() -> str:
    return uuid.uuid4().hex


@pghistory.track()
class AccountBook(models.Model):
    """A set of books (账套) of one company, and the Piaozone source its vouchers are collected into."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="account_books", verbose_name=_("company"))
    name = models.CharField(_("name"), max_length=100)
    account_id = models.CharField(_("account book id"), max_length=100, help_text=_("What it is called upstream."))
    system = models.CharField(_("accounting system"), max_length=100, default="", blank=True)
    type = models.CharField(_("account book type"), max_length=100, default="", blank=True)
    chart_of_accounts = models.CharField(_("chart of accounts"), max_length=100, default="", blank=True)
    base_currency = models.CharField(_("base currency"), max_length=3, default="CNY")
    exchange_rate = models.CharField(_("exchange rate table"), max_length=100, default="", blank=True)
    company_id_upstream = models.CharField(_("company id upstream"), max_length=100, default="", blank=True)
    company_number = models.CharField(_("company number upstream"), max_length=100, default="", blank=True)
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="account_books",
        verbose_name=_("collected into"),
        help_text=_("A Piaozone source of the same company. Without one nothing can be collected."),
    )
    audit_before_collect = models.BooleanField(
        _("collect only audited vouchers"), default=True, help_text=_("Without it a draft is collected at once.")
    )
    collected_editable = models.BooleanField(
        _("collected vouchers may be changed"),
        default=False,
        help_text=_(
            "A changed one is collected again. Leave it off unless the accounting system replaces the older version."
        ),
    )
    unticked_to_pending = models.BooleanField(
        _("unticked input tax to pending"),
        default=False,
        help_text=_(
            "Book the tax of invoices that are not ticked yet to the account of pending input tax (待认证进项税额)."
        ),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("account book")
        verbose_name_plural = _("account books")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["company", "account_id"], name="one_book_per_account_id")]

    def __str__(self) -> str:
        return self.name


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None)
class ClosingRequest(models.Model):
    """A person asks that a period be closed; another one closes it, which deletes the row, as does withdrawing it."""

    book = models.ForeignKey(
        AccountBook, models.CASCADE, related_name="closing_requests", verbose_name=_("account book")
    )
    period = models.CharField(_("period"), max_length=6, validators=[_PERIOD], help_text="yyyyMM")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("requested by"),
    )
    requested_at = models.DateTimeField(_("requested"), auto_now_add=True)

    company_lookup = "book__company__in"
    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to close a period")
        verbose_name_plural = _("requests to close periods")
        ordering = ["book", "-period"]
        constraints = [models.UniqueConstraint(fields=["book", "period"], name="one_closing_request_per_period")]

    def __str__(self) -> str:
        return f"{self.book} {self.period}"


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None)
class ClosedPeriod(models.Model):
    """A period of a book in which no voucher may be changed. Opening the period deletes the row; history keeps it."""

    book = models.ForeignKey(AccountBook, models.CASCADE, related_name="closed_periods", verbose_name=_("account book"))
    period = models.CharField(_("period"), max_length=6, validators=[_PERIOD], help_text="yyyyMM")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(_("closed"), auto_now_add=True)

    company_lookup = "book__company__in"
    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("closed period")
        verbose_name_plural = _("closed periods")
        ordering = ["book", "-period"]
        constraints = [models.UniqueConstraint(fields=["book", "period"], name="one_close_per_period")]

    def __str__(self) -> str:
        return f"{self.book} {self.period}"


_BY_ITSELF = ["push_state", "collected_revision", "ever_sent", "updated_at", "editor_ids", "attachments_by_hand"]


@pghistory.track(exclude=_BY_ITSELF)
class Voucher(models.Model):
    """One voucher. Amounts in the book's base currency; a draft may lack anything, ``checks`` says what."""

    book = models.ForeignKey(AccountBook, models.PROTECT, related_name="vouchers", verbose_name=_("account book"))
    vouch_id = models.CharField(
        _("voucher id"), max_length=100, default=new_vouch_id, help_text=_("What the upstream system knows it by.")
    )
    vouch_no = models.CharField(_("voucher number"), max_length=100, default="", blank=True)
    business_date = models.DateField(_("business date"), null=True, blank=True)
    account_date = models.DateField(_("accounting date"), null=True, blank=True)
    period = models.CharField(_("period"), max_length=6, default="", blank=True, validators=[_PERIOD])  # yyyyMM
    type = models.CharField(_("voucher type"), max_length=50, default="", blank=True)
    resource = models.CharField(
        _("made in"), max_length=10, choices=choices.Resource, default=choices.Resource.PIAOZONE
    )
    sup_information = models.CharField(_("supplementary information"), max_length=500, default="", blank=True)
    sup_information_amount = yuan_field(_("supplementary amount"), null=True, blank=True)
    creator = models.CharField(_("prepared by"), max_length=100, default="", blank=True)
    # Names as they are pushed: who prepared (制单), audited (审核) and booked (记账) it. The steps fill them in.
    examiner = models.CharField(_("examined by"), max_length=100, default="", blank=True)
    reviewer = models.CharField(_("reviewed by"), max_length=100, default="", blank=True)
    # Counted from invoices and cover sheets, see ``attachments``, unless a person has entered it.
    attachments_count = models.PositiveIntegerField(_("attachments"), default=0)
    attachments_by_hand = models.BooleanField(_("attachments counted by hand"), default=False)
    item = models.CharField(_("main item"), max_length=200, default="", blank=True)
    account_item = models.CharField(_("main accounting item"), max_length=200, default="", blank=True)
    account_item_amount = yuan_field(_("main item amount"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=choices.VoucherState, default=choices.VoucherState.DRAFT)
    push_state = models.CharField(
        _("upstream"), max_length=10, choices=choices.VoucherPushState, default=choices.VoucherPushState.NOT_SENT
    )
    revision = models.PositiveIntegerField(_("version"), default=1)
    collected_revision = models.PositiveIntegerField(null=True, blank=True)
    ever_sent = models.BooleanField(default=False)  # some version of it was upstream once
    reversal_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reversals", verbose_name=_("reverses")
    )
    void_reason = models.CharField(_("reason for voiding"), max_length=300, default="", blank=True)
    total_debit = yuan_field(_("debit"), default=Decimal(0))
    total_credit = yuan_field(_("credit"), default=Decimal(0))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("entered by")
    )
    # Everybody who changed its content: like who entered it, they do not audit it.
    editor_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    audited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("audited by")
    )
    audited_at = models.DateTimeField(_("audited"), null=True, blank=True)
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("booked by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    invoices: "models.ManyToManyField[Invoice, VoucherInvoice]" = models.ManyToManyField(
        Invoice, through="VoucherInvoice", related_name="vouchers"
    )

    company_lookup = "book__company__in"
    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        constraints = [
            models.UniqueConstraint(fields=["book", "vouch_id"], name="one_voucher_per_id"),
            models.UniqueConstraint(
                fields=["book", "period", "type", "vouch_no"],
                condition=~Q(vouch_no="") & ~Q(state=choices.VoucherState.VOID),
                name="one_voucher_per_number",
            ),
            models.UniqueConstraint(
                fields=["reversal_of"],
                condition=~Q(state=choices.VoucherState.VOID),
                name="one_live_reversal_per_voucher",
            ),
        ]
        indexes = [
            models.Index("account_date", "id", name="voucher_by_date"),
            models.Index("book", "period", "id", name="voucher_by_period"),
            models.Index("push_state", "id", name="voucher_by_push", condition=~Q(push_state="collected")),
            models.Index("updated_at", "id", name="voucher_by_change"),
            models.Index(
                "period", "account_date", "id", name="voucher_of_period"
            ),  # for lists of all books, newest first
            models.Index(fields=["vouch_no"], name="voucher_by_number", opclasses=["varchar_pattern_ops"]),
            models.Index("vouch_id", name="voucher_by_id"),
            models.Index("total_debit", name="voucher_by_total"),
        ]
        triggers = [use_triggers.of_vouchers()]
        permissions = [
            ("audit_voucher", _("Can audit vouchers")),
            ("collect_voucher", _("Can collect vouchers")),
            ("void_voucher", _("Can void vouchers, here and upstream")),
        ]

    def __str__(self) -> str:
        return "-".join(filter(None, (self.type, self.vouch_no))) or _("voucher without a number (%(id)s)") % {
            "id": self.vouch_id[:8]
        }

    @property
    def label(self) -> str:
        """Type, number and period, since numbers restart with every period: ``记-12 (202608)``."""
        return f"{self.name} ({self.period})" if self.period else self.name

    @property
    def name(self) -> str:
        """Type and number, else the first characters of the id. Stored in rows, so it is not translated."""
        return "-".join(filter(None, (self.type, self.vouch_no))) or self.vouch_id[:8]

    @property
    def was_sent(self) -> bool:
        """Whether the upstream system has the voucher or may get it any moment, so that its id must not change."""
        return self.ever_sent or self.state == choices.VoucherState.BOOKED


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class VoucherEntry(models.Model):
    """An entry of a voucher. ``debit`` and ``credit`` in base currency; ``amount`` in ``currency``."""

    voucher = models.ForeignKey(Voucher, models.CASCADE, related_name="entries")
    position = models.PositiveIntegerField()
    summary = models.CharField(pgettext_lazy("voucher entry", "summary"), max_length=300, default="", blank=True)
    account = models.CharField(_("account"), max_length=200, default="", blank=True)
    dimension = models.CharField(_("dimensions"), max_length=500, default="", blank=True)
    debit = yuan_field(_("debit"), default=Decimal(0))
    credit = yuan_field(_("credit"), default=Decimal(0))
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    amount = yuan_field(_("amount in its currency"), null=True, blank=True)
    exchange_rate = models.DecimalField(_("exchange rate"), max_digits=18, decimal_places=8, null=True, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=28, decimal_places=10, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=50, default="", blank=True)
    price = models.DecimalField(_("price"), max_digits=28, decimal_places=10, null=True, blank=True)
    due_date = models.DateField(_("due date"), null=True, blank=True)

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["voucher", "position"],
                name="one_voucher_entry_per_position",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class VoucherInvoice(models.Model):
    """An invoice on a voucher, and the deduction of its input tax. ``deduction_tax`` None: not entered."""

    voucher = models.ForeignKey(Voucher, models.CASCADE, related_name="invoice_links")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="voucher_links", verbose_name=_("invoice"))
    deductible = models.BooleanField(_("tax deductible"), default=False)
    deduction_tax = yuan_field(_("deducted tax"), null=True, blank=True)
    transfer_out_remark = models.CharField(_("reason for transfer-out"), max_length=300, default="", blank=True)
    linked_at = models.DateTimeField(_("since"), db_default=Now())

    class Meta:
        verbose_name = _("invoice of the voucher")
        verbose_name_plural = _("invoices of the voucher")
        constraints = [models.UniqueConstraint(fields=["voucher", "invoice"], name="one_link_per_invoice")]
        triggers = [use_triggers.of_invoices()]


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None)
class VoucherBill(models.Model):
    """A bill on a voucher. Only one booked voucher may have a bill; ``checks`` reports a second one."""

    voucher = models.ForeignKey(Voucher, models.CASCADE, related_name="bill_links")
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="voucher_links", verbose_name=_("bill"))

    class Meta:
        verbose_name = _("bill of the voucher")
        verbose_name_plural = _("bills of the voucher")
        constraints = [models.UniqueConstraint(fields=["voucher", "bill"], name="one_link_per_bill")]
        triggers = [use_triggers.of_bills()]


@pghistory.track(exclude=["changed_at"])
class Finding(models.Model):
    """An invoice that turned void, red, lost-control or abnormal (``bad_since``) while a voucher or a bill used it that
    uses it still. ``used_since``: when the first of the uses named here began."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="findings", verbose_name=_("invoice"))
    status = models.CharField(_("status"), max_length=12, choices=Status)
    state = models.CharField(_("state"), max_length=12, choices=choices.FindingState, default=choices.FindingState.OPEN)
    vouchers: "models.ManyToManyField[Voucher, models.Model]" = models.ManyToManyField(
        Voucher, related_name="findings", verbose_name=_("vouchers")
    )
    bills: "models.ManyToManyField[Bill, models.Model]" = models.ManyToManyField(
        Bill, related_name="findings", verbose_name=_("bills")
    )
    people: "models.ManyToManyField[models.Model, models.Model]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="findings", verbose_name=_("people concerned")
    )
    used_since = models.DateTimeField(_("used since"), null=True)
    bad_since = models.DateTimeField(_("bad since"), null=True)
    raised_at = models.DateTimeField(_("raised"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, default="", blank=True)

    company_lookup = "invoice__company_ids__overlap"
    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("invoices gone bad", "finding")
        verbose_name_plural = pgettext_lazy("invoices gone bad", "findings")
        constraints = [models.UniqueConstraint(fields=["invoice", "status"], name="one_finding_per_status")]
        indexes = [models.Index(fields=["state", "-id"], name="finding_open")]
        permissions = [("acknowledge_finding", _("Can acknowledge findings"))]

    def __str__(self) -> str:
        return f"{self.invoice}: {self.get_status_display()}"


class VoucherImport(models.Model):
    """An uploaded file whose plan a person reviews; deleted when it is carried out, or after a day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    content = models.TextField()  # JSON: [[line, voucher], ...] as ``files.vouchers`` read it
    created_at = models.DateTimeField(auto_now_add=True)
