import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_role_history"),
        ("bills", "0011_input_tax_check"),
        ("invoices", "0008_period"),
        ("sources", "0003_lists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(fields=["bill_date"], name="bill_by_date"),
        ),
        migrations.AddIndex(
            model_name="bill",
            index=django.contrib.postgres.indexes.GinIndex(fields=["state", "type", "origin"], name="bill_by_facet"),
        ),
        migrations.AddIndex(
            model_name="invoiceuse",
            index=models.Index(
                condition=models.Q(("contested", True), models.Q(("state", "released"), _negated=True)),
                fields=["bill"],
                name="use_contested",
            ),
        ),
    ]
