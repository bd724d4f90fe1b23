from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "apps.core"
    label = "core"
    default = True
    verbose_name = _("Core")

    def ready(self) -> None:
        from . import sentences

        sentences.register()


class AdminConfig(admin_apps.AdminConfig):
    default = False  # named in the settings in place of django.contrib.admin
    default_site = "apps.core.admin_site.AdminSite"
