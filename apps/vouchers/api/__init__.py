"""REST: vouchers and their templates, closing their periods, findings, charts of accounts and dimension items."""

from .charts import AccountViewSet, DimensionItemViewSet
from .closing import ClosedPeriodViewSet, ClosingRequestViewSet
from .findings import FindingViewSet
from .templates import VoucherTemplateViewSet
from .viewsets import VoucherViewSet

__all__ = [
    "AccountViewSet",
    "ClosedPeriodViewSet",
    "ClosingRequestViewSet",
    "DimensionItemViewSet",
    "FindingViewSet",
    "VoucherTemplateViewSet",
    "VoucherViewSet",
]
