"""Addresses of expense bills."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
