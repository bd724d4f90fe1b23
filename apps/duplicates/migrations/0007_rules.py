import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("duplicates", "0006_stamp_changes"),
        ("invoices", "0008_period"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="pair",
            index=django.contrib.postgres.indexes.GinIndex(fields=["rules"], name="pair_by_rule"),
        ),
    ]
