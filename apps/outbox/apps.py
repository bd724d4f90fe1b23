from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "apps.outbox"
    label = "outbox"
    verbose_name = _("Pushes")

    def ready(self) -> None:
        from . import sentences

        sentences.register()
