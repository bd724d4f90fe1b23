"""REST: vouchers and red alarms."""

from .alarms import FindingViewSet
from .viewsets import VoucherViewSet

__all__ = ["FindingViewSet", "VoucherViewSet"]
