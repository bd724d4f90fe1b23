"""REST v1: one line per viewset. The schema and its page need a login."""

from django.contrib.auth.decorators import login_required
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from apps.bills.api import AssistantViewSet, BillViewSet
from apps.duplicates.api import CaseViewSet
from apps.invoices.api import InvoiceViewSet, QuarantineViewSet
from apps.outbox.api import PushViewSet
from apps.sources.api import SourceViewSet, SyncRunViewSet
from apps.vouchers.api import (
    AccountViewSet,
    ClosedPeriodViewSet,
    ClosingRequestViewSet,
    DimensionItemViewSet,
    FindingViewSet,
    VoucherTemplateViewSet,
    VoucherViewSet,
)

router = SimpleRouter()
router.register("sources", SourceViewSet)
router.register("sync-runs", SyncRunViewSet)
router.register("quarantine", QuarantineViewSet)
router.register("invoices", InvoiceViewSet)
router.register("bills", BillViewSet)
router.register("bills/(?P<bill>[0-9]{1,18})/assistant", AssistantViewSet, basename="assistant")
router.register("vouchers", VoucherViewSet)
router.register("voucher-templates", VoucherTemplateViewSet)
router.register("closing-requests", ClosingRequestViewSet)
router.register("closed-periods", ClosedPeriodViewSet)
router.register("accounts", AccountViewSet)
router.register("dimension-items", DimensionItemViewSet)
router.register("pushes", PushViewSet)
router.register("findings", FindingViewSet)
router.register("duplicates", CaseViewSet)

described = [path("api/v1/", include(router.urls))]  # and nothing else that happens to be built on REST framework
urlpatterns = [
    path("v1/", include(router.urls)),
    path("schema/", SpectacularAPIView.as_view(patterns=described), name="schema"),
    path("docs/", login_required(SpectacularSwaggerSplitView.as_view()), name="swagger"),
]
