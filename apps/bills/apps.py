from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillsConfig(AppConfig):
    name = "apps.bills"
    label = "bills"
    verbose_name = _("Bills")

    def ready(self) -> None:
        from apps.duplicates import claim_providers
        from apps.invoices import canonical
        from apps.outbox import subjects
        from apps.sources import context

        from . import pushing, selectors, sentences
        from .assistant import sentences as assistant
        from .compliance import sentences as compliance

        sentences.register()
        assistant.register()
        compliance.register()
        subjects.register("bill", subjects.Subject(pushing.lock, pushing.moved, pushing.address))
        context.watch(selectors.watched)
        canonical.carry("bills", selectors.carried)
        claim_providers.ask(selectors.double_claims)
