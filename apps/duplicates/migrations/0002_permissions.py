"""What each role may do about duplicates."""

from django.db import migrations

from apps.accounts import roles


def grant(apps, schema_editor):
    roles.grant(
        apps,
        "duplicates",
        {
            roles.VIEWER: ["view_case", "view_decision", "view_search"],
            roles.REVIEWER: ["decide_case"],
            roles.FINANCE_MANAGER: ["undo_case"],
            roles.ADMINISTRATOR: [
                "view_rulesetting",
                "add_rulesetting",
                "change_rulesetting",
                "delete_rulesetting",
            ],
        },
    )


class Migration(migrations.Migration):
    dependencies = [("duplicates", "0001_initial"), ("accounts", "0002_roles")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
