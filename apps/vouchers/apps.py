from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VouchersConfig(AppConfig):
    name = "apps.vouchers"
    label = "vouchers"
    verbose_name = _("Vouchers")

    def ready(self) -> None:
        from apps.bills import booking_providers
        from apps.invoices import link_providers
        from apps.outbox import subjects

        from . import pushing, selectors, sentences

        sentences.register()
        booking_providers.registry.register("vouchers", selectors.voucher_booking)
        subjects.register("voucher", subjects.Subject(pushing.lock, pushing.pushes_moved, selectors.address))
        link_providers.registry.register("vouchers", selectors.voucher_links)
