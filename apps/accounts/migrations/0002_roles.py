"""The five roles."""

from django.db import migrations

from apps.accounts import roles


def create(apps, schema_editor):
    roles.create(apps)
    roles.grant(
        apps,
        "accounts",
        {
            roles.VIEWER: ["view_company"],
            roles.ADMINISTRATOR: [
                "add_company",
                "change_company",
                "delete_company",
                "add_user",
                "change_user",
                "view_user",
            ],
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
