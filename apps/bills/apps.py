from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillsConfig(AppConfig):
    name = "apps.bills"
    label = "bills"
    verbose_name = _("Bills")

    def ready(self) -> None:
        from apps.duplicates import claim_providers
        from apps.invoices import link_providers
        from apps.outbox import subjects
        from apps.sources import session_providers, watch_providers

        from . import pushing, selectors, sentences
        from .assistant import opening
        from .assistant import sentences as assistant
        from .compliance import sentences as compliance
        from .input_tax import sentences as input_tax

        sentences.register()
        assistant.register()
        compliance.register()
        input_tax.register()
        subjects.register("bill", subjects.Subject(pushing.lock, pushing.pushes_moved, pushing.address))
        watch_providers.registry.register("bills", selectors.watched)
        session_providers.registry.register("bills", opening.end_sessions)
        link_providers.registry.register("bills", selectors.bill_links)
        claim_providers.registry.register("bills", selectors.double_claims)
