from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillsConfig(AppConfig):
    name = "apps.bills"
    label = "bills"
    verbose_name = _("Bills")

    def ready(self) -> None:
        from apps.invoices import canonical
        from apps.sources import line

        from . import selectors, sentences
        from .compliance import sentences as compliance

        sentences.register()
        compliance.register()
        line.watch(selectors.watched)
        canonical.carry("bills", selectors.carried)
