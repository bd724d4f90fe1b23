"""REST endpoints of vouchers and findings."""

from .findings import FindingViewSet
from .viewsets import VoucherViewSet

__all__ = ["FindingViewSet", "VoucherViewSet"]
