from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sources", "0002_permissions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="quarantinedrecord",
            index=models.Index(fields=["source", "state", "-id"], name="quarantine_by_source"),
        ),
        migrations.AddIndex(
            model_name="syncrun",
            index=models.Index(fields=["queued_at"], name="run_by_time"),
        ),
    ]
