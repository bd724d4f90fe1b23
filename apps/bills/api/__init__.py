"""REST: bills, what is on them, and the steps of their life."""

from .assistant import AssistantViewSet
from .viewsets import BillViewSet

__all__ = ["AssistantViewSet", "BillViewSet"]
