import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_role_history"),
        ("invoices", "0004_facets"),  # btree_gin
        ("outbox", "0003_decisions"),
        ("sources", "0003_lists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="push",
            index=models.Index(fields=["label"], name="push_by_label", opclasses=["varchar_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="push",
            index=models.Index(
                condition=models.Q(("state", "needs_person")),
                fields=["company", "source", "reason", "error_code", "kind", "queued_at", "id"],
                name="push_stopped",
            ),
        ),
        migrations.AddIndex(
            model_name="push",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["kind", "state", "reason", "error_code"], name="push_by_facet"
            ),
        ),
        migrations.AddIndex(
            model_name="push",
            index=models.Index(fields=["source", "-id"], name="push_by_source"),
        ),
    ]
