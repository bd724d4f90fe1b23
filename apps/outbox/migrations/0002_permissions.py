"""What each role may do with pushes."""

from django.db import migrations

from apps.accounts import roles


def grant(apps, schema_editor):
    roles.grant(
        apps,
        "outbox",
        {
            roles.VIEWER: ["view_push", "view_pushattempt"],
            roles.ACCOUNTANT: ["settle_push"],
        },
    )


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial"), ("accounts", "0002_roles")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
