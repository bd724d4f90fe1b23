"""``rotate_credentials``: write everything that is encrypted anew, under the first of INVOICEHUB_CREDENTIAL_KEYS."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import models, transaction

from apps.core.fields import EncryptedJSONField

_BATCH = 500


class Command(BaseCommand):
    help = (
        "Put the new key first in INVOICEHUB_CREDENTIAL_KEYS, keep the old ones behind it, restart, run this; then the "
        "old keys can go."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for model in apps.get_models():
            fields = [field.name for field in model._meta.concrete_fields if isinstance(field, EncryptedJSONField)]
            if fields:
                self.stdout.write(f"{model._meta.verbose_name}: {_rotate(model, fields)} written anew")


def _rotate(model: type[models.Model], fields: list[str]) -> int:
    """Rows are locked while they are read and written, so that nobody's change is overwritten."""
    count, last = 0, 0
    while True:
        with transaction.atomic():
            rows = model._default_manager.filter(pk__gt=last).order_by("pk").only("pk", *fields)
            batch = list(rows.select_for_update()[:_BATCH])
            if not batch:
                return count
            model._default_manager.bulk_update(batch, fields)
        count, last = count + len(batch), batch[-1].pk
