from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    label = "accounts"
    verbose_name = _("People and companies")

    def ready(self) -> None:
        from . import roles, sentences

        sentences.register()
        post_migrate.connect(roles.apply, dispatch_uid="accounts.roles")
