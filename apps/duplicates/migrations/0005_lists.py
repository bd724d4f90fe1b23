import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("duplicates", "0004_claims_of_bills"),
        ("invoices", "0008_period"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="decision",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["company_ids", "state", "tier", "kind"], name="case_by_facet"
            ),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["user", "-id"], name="decision_by_user"),
        ),
    ]
