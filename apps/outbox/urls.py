"""Addresses of pushes to upstream systems."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
