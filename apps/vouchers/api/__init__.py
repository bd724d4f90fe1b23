"""REST: vouchers, findings, charts of accounts and dimension items."""

from .charts import AccountViewSet, DimensionItemViewSet
from .findings import FindingViewSet
from .viewsets import VoucherViewSet

__all__ = ["AccountViewSet", "DimensionItemViewSet", "FindingViewSet", "VoucherViewSet"]
