"""Who may look at the assistant's windows and messages in the administration."""

from django.db import migrations

from apps.accounts import roles


def grant(apps, schema_editor):
    roles.grant(apps, "bills", {roles.ADMINISTRATOR: ["view_assistantsession", "view_assistantmessage"]})


class Migration(migrations.Migration):
    dependencies = [("bills", "0006_assistant"), ("accounts", "0002_roles")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
