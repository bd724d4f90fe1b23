"""Attachment counts that vouchers have already were entered by people or imported; the count must not replace them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("vouchers", "0004_corrections")]

    operations = [
        migrations.RunSQL(
            "UPDATE vouchers_voucher SET attachments_by_hand = true WHERE attachments_count > 0",
            migrations.RunSQL.noop,
        )
    ]
