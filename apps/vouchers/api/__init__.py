"""REST: vouchers and red alarms."""

from .findings import FindingViewSet
from .viewsets import VoucherViewSet

__all__ = ["FindingViewSet", "VoucherViewSet"]
