"""REST: bills, their lines and invoices, and their steps."""

from .assistant import AssistantViewSet
from .viewsets import BillViewSet

__all__ = ["AssistantViewSet", "BillViewSet"]
