"""Indexes for whatever people filter by. btree_gin is a trusted extension: the database's owner may create it."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0003_permissions"),
    ]

    operations = [
        BtreeGinExtension(),
        migrations.RemoveIndex(
            model_name="invoice",
            name="invoice_by_flag",
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                models.F("total_amount"),
                models.F("id"),
                condition=models.Q(("merged_into", None)),
                name="invoice_by_total",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=django.contrib.postgres.indexes.GinIndex(
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
        ),
    ]
