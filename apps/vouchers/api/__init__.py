"""REST endpoints of vouchers, their templates, of closing their periods, and of findings."""

from .closing import ClosedPeriodViewSet, ClosingRequestViewSet
from .findings import FindingViewSet
from .templates import VoucherTemplateViewSet
from .viewsets import VoucherViewSet

__all__ = [
    "ClosedPeriodViewSet",
    "ClosingRequestViewSet",
    "FindingViewSet",
    "VoucherTemplateViewSet",
    "VoucherViewSet",
]
