from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0008_period"),
        ("vouchers", "0002_permissions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="voucher",
            name="voucher_by_number",
        ),
        migrations.AddIndex(
            model_name="voucher",
            index=models.Index(models.F("period"), models.F("account_date"), models.F("id"), name="voucher_of_period"),
        ),
        migrations.AddIndex(
            model_name="voucher",
            index=models.Index(fields=["vouch_no"], name="voucher_by_number", opclasses=["varchar_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="voucher",
            index=models.Index(models.F("vouch_id"), name="voucher_by_id"),
        ),
        migrations.AddIndex(
            model_name="voucher",
            index=models.Index(models.F("total_debit"), name="voucher_by_total"),
        ),
    ]
