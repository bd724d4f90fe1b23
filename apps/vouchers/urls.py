"""Addresses of accounting vouchers."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
