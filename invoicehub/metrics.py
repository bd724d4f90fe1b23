"""Prometheus metrics for an administrator's token or login: ``Authorization: Token …`` in the scraper's settings."""

from typing import Any

from django.http import HttpResponse
from django_prometheus.exports import ExportToDjangoView
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.accounts.roles import ADMINISTRATOR


class IsAdministrator(BasePermission):
    """Administrators and superusers. They need not be staff: a scraper has no use for the admin pages."""

    def has_permission(self, request: Any, view: Any) -> bool:
        user = request.user
        return bool(user.is_authenticated and (user.is_superuser or user.groups.filter(name=ADMINISTRATOR).exists()))


@extend_schema(exclude=True)
@api_view(["GET"])
@permission_classes([IsAdministrator])
def metrics(request: Request) -> HttpResponse:
    answer: HttpResponse = ExportToDjangoView(request)
    return answer
