"""Addresses of suspected duplicates and claims made twice."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
