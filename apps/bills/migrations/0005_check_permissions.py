"""Who may set the checks, and who may let a finding pass."""

from django.db import migrations

from apps.accounts import roles


def grant(apps, schema_editor):
    roles.grant(
        apps,
        "bills",
        {
            roles.REVIEWER: ["override_check", "view_complianceoverride"],
            roles.FINANCE_MANAGER: ["view_checksetting"],
            roles.ADMINISTRATOR: ["add_checksetting", "change_checksetting", "delete_checksetting"],
        },
    )


class Migration(migrations.Migration):
    dependencies = [("bills", "0004_compliance"), ("accounts", "0002_roles")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
