"""What each role may do with vouchers."""

from django.db import migrations

from apps.accounts import roles


def grant(apps, schema_editor):
    roles.grant(
        apps,
        "vouchers",
        {
            roles.VIEWER: [
                "view_accountbook",
                "view_accountmapping",
                "view_closedperiod",
                "view_redfinding",
                "view_voucher",
                "view_voucherbill",
                "view_voucherentry",
                "view_voucherinvoice",
            ],
            roles.ACCOUNTANT: [
                "acknowledge_redfinding",
                "add_voucher",
                "add_voucherbill",
                "add_voucherentry",
                "add_voucherinvoice",
                "change_voucher",
                "change_voucherentry",
                "change_voucherinvoice",
                "collect_voucher",
                "delete_voucher",
                "delete_voucherbill",
                "delete_voucherentry",
                "delete_voucherinvoice",
                "reverse_voucher",
            ],
            roles.FINANCE_MANAGER: [
                "add_accountbook",
                "add_accountmapping",
                "add_closedperiod",
                "change_accountbook",
                "change_accountmapping",
                "delete_accountmapping",
                "delete_closedperiod",
            ],
            roles.ADMINISTRATOR: ["delete_accountbook"],
        },
    )


class Migration(migrations.Migration):
    dependencies = [("vouchers", "0001_initial"), ("accounts", "0002_roles")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
