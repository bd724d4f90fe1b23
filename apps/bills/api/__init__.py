"""REST: bills, what is on them, and the steps of their life."""

from .viewsets import BillViewSet

__all__ = ["BillViewSet"]
