from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0007_duplicate_halves"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                models.F("deduction_period"),
                models.F("issue_date"),
                models.F("id"),
                condition=models.Q(("merged_into", None), models.Q(("deduction_period", ""), _negated=True)),
                name="invoice_by_period",
            ),
        ),
    ]
