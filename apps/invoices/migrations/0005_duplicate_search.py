import django.db.models.deletion
import django.db.models.fields.json
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0004_facets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SameDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=260, unique=True)),
                ("survivor_key", models.CharField(db_index=True, max_length=260)),
                ("said_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.AddField(
            model_name="party",
            name="folded",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    models.F("name"),
                    template="regexp_replace(translate(lower(%(expressions)s), '（）()【】[]《》 \u3000·.,，。-—_', ''), '(股份)?有限(责任)?公司', '', 'g')",
                ),
                output_field=models.CharField(max_length=300),
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                django.db.models.fields.json.KeyTextTransform("passenger", "travel"),
                django.db.models.fields.json.KeyTextTransform("vehicle", "travel"),
                condition=models.Q(("travel__isnull", False)),
                name="invoice_by_journey",
            ),
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(fields=["folded"], name="party_folded"),
        ),
        migrations.AddField(
            model_name="samedocument",
            name="said_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
    ]
