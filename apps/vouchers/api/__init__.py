"""REST endpoints of vouchers, of closing their periods, and of findings."""

from .closing import ClosedPeriodViewSet, ClosingRequestViewSet
from .findings import FindingViewSet
from .viewsets import VoucherViewSet

__all__ = ["ClosedPeriodViewSet", "ClosingRequestViewSet", "FindingViewSet", "VoucherViewSet"]
