"""What each role may do with sources, runs and quarantine."""

from django.db import migrations

from apps.accounts import roles


def grant(apps, schema_editor):
    roles.grant(
        apps,
        "sources",
        {
            roles.VIEWER: ["view_source", "view_syncrun", "view_quarantinedrecord"],
            roles.ACCOUNTANT: ["sync_source", "retry_quarantinedrecord"],
            roles.ADMINISTRATOR: ["add_source", "change_source", "delete_source", "view_rawrecord"],
        },
    )


class Migration(migrations.Migration):
    dependencies = [("sources", "0001_initial"), ("accounts", "0002_roles")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
