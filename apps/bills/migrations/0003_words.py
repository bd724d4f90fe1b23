from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bills", "0002_permissions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="bill",
            name="approved_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="approved on"),
        ),
        migrations.AlterField(
            model_name="bill",
            name="booked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="booked on"),
        ),
        migrations.AlterField(
            model_name="bill",
            name="submitted_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="submitted on"),
        ),
        migrations.AlterField(
            model_name="billevent",
            name="approved_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="approved on"),
        ),
        migrations.AlterField(
            model_name="billevent",
            name="booked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="booked on"),
        ),
        migrations.AlterField(
            model_name="billevent",
            name="submitted_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="submitted on"),
        ),
        migrations.AlterField(
            model_name="invoiceuse",
            name="released_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="released on"),
        ),
        migrations.AlterField(
            model_name="invoiceuseevent",
            name="released_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="released on"),
        ),
    ]
