import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("invoices", "0005_duplicate_search")]

    operations = [
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("said_by", models.CharField(max_length=20)),
                (
                    "expense_status",
                    models.CharField(
                        choices=[
                            ("unused", "unused"),
                            ("held", "on a bill"),
                            ("used", "approved"),
                            ("booked", "booked"),
                            ("unknown", "not known"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="standings", to="invoices.invoice"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("invoice", "said_by"), name="one_standing_per_app"),
                ]
            },
        ),
    ]
