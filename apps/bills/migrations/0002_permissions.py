"""What each role may do with bills."""

from django.db import migrations

from apps.accounts import roles


def grant(apps, schema_editor):
    roles.grant(
        apps,
        "bills",
        {
            roles.VIEWER: ["view_bill", "view_billentry", "view_invoiceuse"],
            roles.ACCOUNTANT: ["add_bill", "change_bill", "submit_bill"],
            roles.REVIEWER: ["approve_bill"],
            roles.FINANCE_MANAGER: ["book_bill", "override_duplicate", "view_holdpolicy"],
            roles.ADMINISTRATOR: ["add_holdpolicy", "change_holdpolicy", "delete_holdpolicy"],
        },
    )


class Migration(migrations.Migration):
    dependencies = [("bills", "0001_initial"), ("accounts", "0002_roles")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
