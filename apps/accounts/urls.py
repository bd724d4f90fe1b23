"""Addresses of one's own account, beside those of the login."""

from django.urls import path

from . import views

urlpatterns = [
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<slug:token_key>/revoke/", views.revoke, name="revoke_token"),
]
