"""What each role may do with the ledger."""

from django.db import migrations

from apps.accounts import roles


def grant(apps, schema_editor):
    roles.grant(
        apps,
        "invoices",
        {
            roles.VIEWER: ["view_invoice", "view_invoiceline", "view_sighting", "view_party", "view_fieldconflict"],
            roles.ACCOUNTANT: ["settle_fieldconflict"],
        },
    )


class Migration(migrations.Migration):
    dependencies = [("invoices", "0002_initial"), ("accounts", "0002_roles")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
