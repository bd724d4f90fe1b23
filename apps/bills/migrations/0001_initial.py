import django.db.models.constraints
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import apps.bills.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0003_role_history"),
        ("invoices", "0006_standing"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("sources", "0002_permissions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="UpstreamPosition",
            fields=[
                (
                    "source",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="sources.source",
                    ),
                ),
                ("changed_at", models.DateTimeField(null=True)),
                ("invoice_id", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Bill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("own", "made here"),
                            ("piaozone", "Kingdee Piaozone (发票云)"),
                            ("maycur", "Maycur expenses (每刻报销)"),
                        ],
                        default="own",
                        max_length=10,
                        verbose_name="origin",
                    ),
                ),
                ("number", models.CharField(max_length=100, verbose_name="number")),
                (
                    "bxd_key",
                    models.CharField(
                        default=apps.bills.models.global_key, max_length=100, unique=True, verbose_name="global key"
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("expense", "Expense report"),
                            ("Tra", "Travel report"),
                            ("Pur", "Purchase"),
                            ("BizOut", "Payment to a company"),
                            ("REIMBURSE", "Reimbursement (Maycur)"),
                            ("CORP_REIMBURSE", "Corporate reimbursement (Maycur)"),
                        ],
                        default="expense",
                        max_length=20,
                        verbose_name="type",
                    ),
                ),
                ("title", models.CharField(blank=True, default="", max_length=300, verbose_name="purpose")),
                ("employee", models.CharField(blank=True, default="", max_length=100, verbose_name="employee")),
                ("department", models.CharField(blank=True, default="", max_length=200, verbose_name="department")),
                ("payee", models.CharField(blank=True, default="", max_length=300, verbose_name="payee")),
                ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                ("bill_date", models.DateField(blank=True, null=True, verbose_name="date")),
                (
                    "amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="amount claimed"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("submitted", "submitted"),
                            ("approved", "approved"),
                            ("booked", "booked"),
                            ("rejected", "rejected"),
                            ("withdrawn", "withdrawn"),
                            ("discarded", "discarded"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "upstream_state",
                    models.CharField(blank=True, default="", max_length=60, verbose_name="state upstream"),
                ),
                ("upstream_seen_at", models.DateTimeField(blank=True, null=True, verbose_name="last seen upstream")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="submitted")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="approved")),
                ("booked_at", models.DateTimeField(blank=True, null=True, verbose_name="booked")),
                ("revision", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bills",
                        to="accounts.company",
                        verbose_name="company",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        help_text="The system that knows this bill, too.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bills",
                        to="sources.source",
                        verbose_name="upstream",
                    ),
                ),
            ],
            options={
                "verbose_name": "expense bill",
                "verbose_name_plural": "expense bills",
                "ordering": ["-id"],
                "permissions": [
                    ("submit_bill", "Can submit and withdraw bills"),
                    ("approve_bill", "Can approve and reject bills"),
                    ("book_bill", "Can mark bills as booked"),
                    ("override_duplicate", "Can put an invoice on a bill although it is certainly there twice"),
                ],
            },
        ),
        migrations.CreateModel(
            name="BillEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(verbose_name="line")),
                ("branch_id", models.CharField(default=apps.bills.models.global_key, max_length=100)),
                ("cost_type", models.CharField(blank=True, default="", max_length=100, verbose_name="cost type")),
                ("description", models.CharField(blank=True, default="", max_length=300, verbose_name="description")),
                ("spent_on", models.DateField(blank=True, null=True, verbose_name="spent on")),
                (
                    "amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="amount claimed"
                    ),
                ),
                (
                    "bill",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="bills.bill",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry",
                "verbose_name_plural": "entries",
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="BillEntryEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("position", models.PositiveIntegerField(verbose_name="line")),
                ("branch_id", models.CharField(default=apps.bills.models.global_key, max_length=100)),
                ("cost_type", models.CharField(blank=True, default="", max_length=100, verbose_name="cost type")),
                ("description", models.CharField(blank=True, default="", max_length=300, verbose_name="description")),
                ("spent_on", models.DateField(blank=True, null=True, verbose_name="spent on")),
                (
                    "amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="amount claimed"
                    ),
                ),
                (
                    "bill",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="bills.bill",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="bills.billentry",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BillEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("own", "made here"),
                            ("piaozone", "Kingdee Piaozone (发票云)"),
                            ("maycur", "Maycur expenses (每刻报销)"),
                        ],
                        default="own",
                        max_length=10,
                        verbose_name="origin",
                    ),
                ),
                ("number", models.CharField(max_length=100, verbose_name="number")),
                (
                    "bxd_key",
                    models.CharField(default=apps.bills.models.global_key, max_length=100, verbose_name="global key"),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("expense", "Expense report"),
                            ("Tra", "Travel report"),
                            ("Pur", "Purchase"),
                            ("BizOut", "Payment to a company"),
                            ("REIMBURSE", "Reimbursement (Maycur)"),
                            ("CORP_REIMBURSE", "Corporate reimbursement (Maycur)"),
                        ],
                        default="expense",
                        max_length=20,
                        verbose_name="type",
                    ),
                ),
                ("title", models.CharField(blank=True, default="", max_length=300, verbose_name="purpose")),
                ("employee", models.CharField(blank=True, default="", max_length=100, verbose_name="employee")),
                ("department", models.CharField(blank=True, default="", max_length=200, verbose_name="department")),
                ("payee", models.CharField(blank=True, default="", max_length=300, verbose_name="payee")),
                ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                ("bill_date", models.DateField(blank=True, null=True, verbose_name="date")),
                (
                    "amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="amount claimed"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("submitted", "submitted"),
                            ("approved", "approved"),
                            ("booked", "booked"),
                            ("rejected", "rejected"),
                            ("withdrawn", "withdrawn"),
                            ("discarded", "discarded"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "upstream_state",
                    models.CharField(blank=True, default="", max_length=60, verbose_name="state upstream"),
                ),
                ("upstream_seen_at", models.DateTimeField(blank=True, null=True, verbose_name="last seen upstream")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="submitted")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="approved")),
                ("booked_at", models.DateTimeField(blank=True, null=True, verbose_name="booked")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.company",
                        verbose_name="company",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="bills.bill",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The system that knows this bill, too.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="sources.source",
                        verbose_name="upstream",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BillStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("action", models.CharField(max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("submitted", "submitted"),
                            ("approved", "approved"),
                            ("booked", "booked"),
                            ("rejected", "rejected"),
                            ("withdrawn", "withdrawn"),
                            ("discarded", "discarded"),
                        ],
                        max_length=10,
                    ),
                ),
                ("message", models.JSONField()),
                ("reason", models.CharField(default="", max_length=300)),
                (
                    "bill",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="timeline",
                        to="bills.bill",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="HoldPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "bill_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("expense", "Expense report"),
                            ("Tra", "Travel report"),
                            ("Pur", "Purchase"),
                            ("BizOut", "Payment to a company"),
                            ("REIMBURSE", "Reimbursement (Maycur)"),
                            ("CORP_REIMBURSE", "Corporate reimbursement (Maycur)"),
                        ],
                        default="",
                        help_text="Empty: all types.",
                        max_length=20,
                        verbose_name="bill type",
                    ),
                ),
                (
                    "share_by_amount",
                    models.BooleanField(
                        default=False,
                        help_text="Several bills may each use a part of one invoice, together no more than its total.",
                        verbose_name="share by amount",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: all companies.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.company",
                        verbose_name="company",
                    ),
                ),
            ],
            options={
                "verbose_name": "policy for holds",
                "verbose_name_plural": "policies for holds",
            },
        ),
        migrations.CreateModel(
            name="HoldPolicyEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "bill_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("expense", "Expense report"),
                            ("Tra", "Travel report"),
                            ("Pur", "Purchase"),
                            ("BizOut", "Payment to a company"),
                            ("REIMBURSE", "Reimbursement (Maycur)"),
                            ("CORP_REIMBURSE", "Corporate reimbursement (Maycur)"),
                        ],
                        default="",
                        help_text="Empty: all types.",
                        max_length=20,
                        verbose_name="bill type",
                    ),
                ),
                (
                    "share_by_amount",
                    models.BooleanField(
                        default=False,
                        help_text="Several bills may each use a part of one invoice, together no more than its total.",
                        verbose_name="share by amount",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Empty: all companies.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.company",
                        verbose_name="company",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="bills.holdpolicy",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="InvoiceUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="amount used"
                    ),
                ),
                ("deductible", models.BooleanField(blank=True, null=True, verbose_name="deductible")),
                (
                    "input_tax",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="input tax to book"
                    ),
                ),
                (
                    "transfer_out_reason",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="reason of transfer-out"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("held", "held"), ("used", "used"), ("booked", "booked"), ("released", "released")],
                        default="held",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("shared", models.BooleanField(default=False, verbose_name="shared")),
                ("contested", models.BooleanField(default=False, verbose_name="contested")),
                ("picked_at", models.DateTimeField(verbose_name="since")),
                ("released_at", models.DateTimeField(blank=True, null=True, verbose_name="released")),
                ("released_with_bill", models.BooleanField(default=False)),
                (
                    "override_reason",
                    models.CharField(blank=True, default="", max_length=300, verbose_name="reason of the override"),
                ),
                (
                    "bill",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uses",
                        to="bills.bill",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="uses",
                        to="bills.billentry",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="uses", to="invoices.invoice"
                    ),
                ),
                (
                    "picked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "invoice on a bill",
                "verbose_name_plural": "invoices on bills",
            },
        ),
        migrations.CreateModel(
            name="InvoiceUseEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="amount used"
                    ),
                ),
                ("deductible", models.BooleanField(blank=True, null=True, verbose_name="deductible")),
                (
                    "input_tax",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="input tax to book"
                    ),
                ),
                (
                    "transfer_out_reason",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="reason of transfer-out"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("held", "held"), ("used", "used"), ("booked", "booked"), ("released", "released")],
                        default="held",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("shared", models.BooleanField(default=False, verbose_name="shared")),
                ("contested", models.BooleanField(default=False, verbose_name="contested")),
                ("picked_at", models.DateTimeField(verbose_name="since")),
                ("released_at", models.DateTimeField(blank=True, null=True, verbose_name="released")),
                ("released_with_bill", models.BooleanField(default=False)),
                (
                    "override_reason",
                    models.CharField(blank=True, default="", max_length=300, verbose_name="reason of the override"),
                ),
                (
                    "bill",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="bills.bill",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="bills.billentry",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="invoices.invoice",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="bills.invoiceuse",
                    ),
                ),
                (
                    "picked_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UpstreamListing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=100)),
                ("external_id", models.CharField(max_length=200)),
                ("expense_status", models.CharField(default="unknown", max_length=10)),
                ("person", models.CharField(default="", max_length=100)),
                ("department", models.CharField(default="", max_length=200)),
                ("seen_at", models.DateTimeField()),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="listings", to="invoices.invoice"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="sources.source",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(fields=["company", "-id"], name="bill_by_company"),
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(fields=["state", "-id"], name="bill_by_state"),
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(
                condition=models.Q(("source__isnull", False)), fields=["source", "number"], name="bill_by_upstream"
            ),
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(fields=["updated_at", "id"], name="bill_by_change"),
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(fields=["number"], name="bill_by_number", opclasses=["varchar_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(fields=["employee"], name="bill_by_employee", opclasses=["varchar_pattern_ops"]),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.UniqueConstraint(fields=("company", "number"), name="one_bill_per_number"),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin", "own"), ("source__isnull", False), _connector="OR"),
                name="upstream_bill_has_source",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bill",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "bills_billevent" ("amount", "approved_at", "bill_date", "booked_at", "bxd_key", "company_id", "created_at", "created_by_id", "currency", "department", "employee", "id", "number", "origin", "payee", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_id", "state", "submitted_at", "title", "type", "updated_at", "upstream_seen_at", "upstream_state") VALUES (NEW."amount", NEW."approved_at", NEW."bill_date", NEW."booked_at", NEW."bxd_key", NEW."company_id", NEW."created_at", NEW."created_by_id", NEW."currency", NEW."department", NEW."employee", NEW."id", NEW."number", NEW."origin", NEW."payee", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source_id", NEW."state", NEW."submitted_at", NEW."title", NEW."type", NEW."updated_at", NEW."upstream_seen_at", NEW."upstream_state"); RETURN NULL;',
                    hash="6f9eb343b646a2cdde05079c77edf83f8c528091",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_bedb9",
                    table="bills_bill",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bill",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."amount" IS DISTINCT FROM (NEW."amount") OR OLD."approved_at" IS DISTINCT FROM (NEW."approved_at") OR OLD."bill_date" IS DISTINCT FROM (NEW."bill_date") OR OLD."booked_at" IS DISTINCT FROM (NEW."booked_at") OR OLD."bxd_key" IS DISTINCT FROM (NEW."bxd_key") OR OLD."company_id" IS DISTINCT FROM (NEW."company_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."department" IS DISTINCT FROM (NEW."department") OR OLD."employee" IS DISTINCT FROM (NEW."employee") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."origin" IS DISTINCT FROM (NEW."origin") OR OLD."payee" IS DISTINCT FROM (NEW."payee") OR OLD."source_id" IS DISTINCT FROM (NEW."source_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."submitted_at" IS DISTINCT FROM (NEW."submitted_at") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."type" IS DISTINCT FROM (NEW."type") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at") OR OLD."upstream_seen_at" IS DISTINCT FROM (NEW."upstream_seen_at") OR OLD."upstream_state" IS DISTINCT FROM (NEW."upstream_state"))',
                    func='INSERT INTO "bills_billevent" ("amount", "approved_at", "bill_date", "booked_at", "bxd_key", "company_id", "created_at", "created_by_id", "currency", "department", "employee", "id", "number", "origin", "payee", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_id", "state", "submitted_at", "title", "type", "updated_at", "upstream_seen_at", "upstream_state") VALUES (NEW."amount", NEW."approved_at", NEW."bill_date", NEW."booked_at", NEW."bxd_key", NEW."company_id", NEW."created_at", NEW."created_by_id", NEW."currency", NEW."department", NEW."employee", NEW."id", NEW."number", NEW."origin", NEW."payee", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source_id", NEW."state", NEW."submitted_at", NEW."title", NEW."type", NEW."updated_at", NEW."upstream_seen_at", NEW."upstream_state"); RETURN NULL;',
                    hash="2275df786ae610fc951380c27bfb1bc57defd191",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_769de",
                    table="bills_bill",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="billentry",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("bill", "position"),
                name="one_entry_per_position",
            ),
        ),
        migrations.AddConstraint(
            model_name="billentry",
            constraint=models.UniqueConstraint(fields=("bill", "branch_id"), name="one_entry_per_branch"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="billentry",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "bills_billentryevent" ("amount", "bill_id", "branch_id", "cost_type", "description", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "spent_on") VALUES (NEW."amount", NEW."bill_id", NEW."branch_id", NEW."cost_type", NEW."description", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."spent_on"); RETURN NULL;',
                    hash="21ebe7897bdbb971dadf486f2806da03ef137ae1",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_676df",
                    table="bills_billentry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="billentry",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "bills_billentryevent" ("amount", "bill_id", "branch_id", "cost_type", "description", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "spent_on") VALUES (NEW."amount", NEW."bill_id", NEW."branch_id", NEW."cost_type", NEW."description", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."spent_on"); RETURN NULL;',
                    hash="44bc393b5b23e2a71f1cabafb40d5620107d666b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_878f0",
                    table="bills_billentry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="billentry",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "bills_billentryevent" ("amount", "bill_id", "branch_id", "cost_type", "description", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "spent_on") VALUES (OLD."amount", OLD."bill_id", OLD."branch_id", OLD."cost_type", OLD."description", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."spent_on"); RETURN NULL;',
                    hash="a818bd5a6039e8bba6d96669882f18bbc7cd19d7",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_346ba",
                    table="bills_billentry",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="billstep",
            index=models.Index(fields=["bill", "-id"], name="step_by_bill"),
        ),
        migrations.AddConstraint(
            model_name="holdpolicy",
            constraint=models.UniqueConstraint(
                fields=("company", "bill_type"), name="one_hold_policy", nulls_distinct=False
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="holdpolicy",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "bills_holdpolicyevent" ("bill_type", "company_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "share_by_amount") VALUES (NEW."bill_type", NEW."company_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."share_by_amount"); RETURN NULL;',
                    hash="836a1ac178a68e649746c2119bc0e0b3f46a87bf",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_e8d2b",
                    table="bills_holdpolicy",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="holdpolicy",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "bills_holdpolicyevent" ("bill_type", "company_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "share_by_amount") VALUES (NEW."bill_type", NEW."company_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."share_by_amount"); RETURN NULL;',
                    hash="708c70dd49a99ec45b718d86dbb68220ebb441a9",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_01d65",
                    table="bills_holdpolicy",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="invoiceuse",
            index=models.Index(fields=["bill", "id"], name="use_by_bill"),
        ),
        migrations.AddConstraint(
            model_name="invoiceuse",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("state", "released"), _negated=True), ("contested", False), ("shared", False)
                ),
                fields=("invoice",),
                name="one_live_hold_per_invoice",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoiceuse",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "released"), _negated=True),
                fields=("bill", "invoice", "entry"),
                name="one_live_use_per_entry",
                nulls_distinct=False,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoiceuse",
            trigger=pgtrigger.compiler.Trigger(
                name="guard_hold",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE living bigint; others bigint; exclusive bigint; taken numeric; most numeric;",
                    func="\nIF NEW.state = 'released' OR NEW.contested THEN RETURN NEW; END IF;\nIF TG_OP = 'UPDATE' AND OLD.state <> 'released' AND NOT OLD.contested AND OLD.invoice_id = NEW.invoice_id\n   AND OLD.shared = NEW.shared AND OLD.amount IS NOT DISTINCT FROM NEW.amount THEN RETURN NEW; END IF;\nWITH RECURSIVE up AS (\n    SELECT id, merged_into_id FROM invoices_invoice WHERE id = NEW.invoice_id\n    UNION SELECT i.id, i.merged_into_id FROM invoices_invoice i JOIN up ON i.id = up.merged_into_id\n) SELECT id INTO living FROM up WHERE merged_into_id IS NULL;\nPERFORM pg_advisory_xact_lock(7301, hashint8(living));\nWITH RECURSIVE family AS (\n    SELECT living AS id UNION SELECT i.id FROM invoices_invoice i JOIN family ON i.merged_into_id = family.id\n) SELECT COUNT(*), COUNT(*) FILTER (WHERE NOT u.shared), COALESCE(SUM(ABS(u.amount)), 0)\n    INTO others, exclusive, taken\n    FROM bills_invoiceuse u JOIN family ON family.id = u.invoice_id\n   WHERE u.state <> 'released' AND NOT u.contested AND u.id <> NEW.id;\nIF exclusive > 0 OR (others > 0 AND NOT NEW.shared) THEN\n    RAISE EXCEPTION 'invoice % is held already', NEW.invoice_id\n        USING ERRCODE = 'unique_violation', CONSTRAINT = 'one_live_hold_per_invoice';\nEND IF;\nIF NEW.shared THEN\n    SELECT ABS(total_amount) INTO most FROM invoices_invoice WHERE id = living;\n    IF taken + ABS(COALESCE(NEW.amount, 0)) > most THEN\n        RAISE EXCEPTION 'invoice % has less left', NEW.invoice_id\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'shares_within_total';\n    END IF;\nEND IF;\nRETURN NEW;\n",
                    hash="f037f273aff7a586579885fc32df998b7d4c6488",
                    operation='INSERT OR UPDATE OF "invoice_id", "state", "amount", "shared", "contested"',
                    pgid="pgtrigger_guard_hold_1da7a",
                    table="bills_invoiceuse",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoiceuse",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "bills_invoiceuseevent" ("amount", "bill_id", "contested", "deductible", "entry_id", "id", "input_tax", "invoice_id", "override_reason", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "picked_at", "picked_by_id", "released_at", "released_by_id", "released_with_bill", "shared", "state", "transfer_out_reason") VALUES (NEW."amount", NEW."bill_id", NEW."contested", NEW."deductible", NEW."entry_id", NEW."id", NEW."input_tax", NEW."invoice_id", NEW."override_reason", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."picked_at", NEW."picked_by_id", NEW."released_at", NEW."released_by_id", NEW."released_with_bill", NEW."shared", NEW."state", NEW."transfer_out_reason"); RETURN NULL;',
                    hash="919758f57449b254aae59a59e28d4e3f7454d7df",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ce914",
                    table="bills_invoiceuse",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoiceuse",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "bills_invoiceuseevent" ("amount", "bill_id", "contested", "deductible", "entry_id", "id", "input_tax", "invoice_id", "override_reason", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "picked_at", "picked_by_id", "released_at", "released_by_id", "released_with_bill", "shared", "state", "transfer_out_reason") VALUES (NEW."amount", NEW."bill_id", NEW."contested", NEW."deductible", NEW."entry_id", NEW."id", NEW."input_tax", NEW."invoice_id", NEW."override_reason", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."picked_at", NEW."picked_by_id", NEW."released_at", NEW."released_by_id", NEW."released_with_bill", NEW."shared", NEW."state", NEW."transfer_out_reason"); RETURN NULL;',
                    hash="b2b397e32bfcdd1070d972e3db00b20fc77d16eb",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0964d",
                    table="bills_invoiceuse",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="upstreamlisting",
            index=models.Index(fields=["source", "external_id"], name="listing_by_record"),
        ),
        migrations.AddConstraint(
            model_name="upstreamlisting",
            constraint=models.UniqueConstraint(
                fields=("source", "number", "external_id"), name="one_listing_per_record"
            ),
        ),
    ]
