from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SourcesConfig(AppConfig):
    name = "apps.sources"
    label = "sources"
    verbose_name = _("Sources")

    def ready(self) -> None:
        from . import sentences
        from .connectors import CONNECTORS  # noqa: F401 - each connector registers its sentences on import

        sentences.register()
