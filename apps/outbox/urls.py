"""Addresses of the pushes."""

from django.urls import path

from . import views

urlpatterns = [
    path("pushes/", views.push_list, name="pushes"),
    path("pushes/order/", views.order_number, name="push_order_number"),
    path("pushes/<int:pk>/", views.push_detail, name="push"),
    path("pushes/<int:pk>/retry/", views.retry, name="retry_push"),
    path("pushes/<int:pk>/retry-alike/", views.retry_alike, name="retry_pushes_alike"),
    path("pushes/<int:pk>/done/", views.mark_done, name="mark_push_done"),
    path("pushes/<int:pk>/dismiss/", views.dismiss, name="dismiss_push"),
]
