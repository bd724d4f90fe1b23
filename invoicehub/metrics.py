"""Prometheus metrics for an administrator's token or login: ``Authorization: Token …`` in the scraper's settings."""

from django.http import HttpResponse
from django_prometheus.exports import ExportToDjangoView
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request


@extend_schema(exclude=True)
@api_view(["GET"])
@permission_classes([IsAdminUser])
def metrics(request: Request) -> HttpResponse:
    answer: HttpResponse = ExportToDjangoView(request)
    return answer
