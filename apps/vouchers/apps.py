from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VouchersConfig(AppConfig):
    name = "apps.vouchers"
    label = "vouchers"
    verbose_name = _("Vouchers")

    def ready(self) -> None:
        from apps.invoices import canonical

        from . import selectors, sentences

        sentences.register()
        canonical.carry("vouchers", selectors.carried)
