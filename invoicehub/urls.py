"""All addresses, one line per app."""

from django.contrib import admin
from django.urls import include, path
from health_check.views import HealthCheckView

from .metrics import metrics

urlpatterns = [
    path("", include("apps.invoices.urls")),
    path("", include("apps.sources.urls")),
    path("", include("apps.duplicates.urls")),
    path("", include("apps.outbox.urls")),
    path("", include("apps.bills.urls")),
    path("", include("apps.vouchers.urls")),
    path("admin/", admin.site.urls),
    path("api/", include("invoicehub.api")),
    path("account/", include("apps.accounts.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/", include("allauth.mfa.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("health/", HealthCheckView.as_view(checks=["invoicehub.health.Installation"])),
    path("metrics", metrics),
]
