"""Addresses of the pulls."""

from django.urls import path

from . import views

urlpatterns = [
    path("pulls/", views.PullList.as_view(), name="pulls"),
    path("pulls/sync/", views.sync_all, name="sync_all"),
    path("pulls/<int:pk>/", views.pull_detail, name="pull"),
    path("pulls/<int:pk>/cancel/", views.cancel, name="cancel_pull"),
    path("sources/<int:pk>/sync/", views.sync, name="sync"),
]
