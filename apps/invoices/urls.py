"""Addresses of the ledger."""

from django.urls import path

from .views import document, ledger, overview, quarantine

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("figures/", overview.figures, name="overview_figures"),
    path("invoices/", ledger.InvoiceList.as_view(), name="invoices"),
    path("invoices/export.xlsx", ledger.export, {"form": "xlsx"}, name="export_invoices"),
    path("invoices/export.csv", ledger.export, {"form": "csv"}, name="export_invoices_csv"),
    path("invoices/<int:pk>/", document.invoice, name="invoice"),
    path("invoices/<int:pk>/raw/<int:source_record>/", document.raw, name="invoice_raw"),
    path("invoices/<int:pk>/history/<int:source_record>/", document.history, name="invoice_history"),
    path("conflicts/<int:pk>/settle/", document.settle, name="settle_conflict"),
    path("conflicts/<int:pk>/reopen/", document.reopen, name="reopen_conflict"),
    path("quarantine/", quarantine.QuarantineList.as_view(), name="quarantine"),
    path("quarantine/retry/", quarantine.retry_many, name="retry_quarantine"),
    path("quarantine/<int:pk>/raw/", quarantine.raw, name="quarantine_raw"),
    path("quarantine/<int:pk>/retry/", quarantine.retry, name="retry_quarantined"),
    path("quarantine/<int:pk>/dismiss/", quarantine.dismiss, name="dismiss_quarantined"),
    path("quarantine/<int:pk>/reopen/", quarantine.reopen, name="reopen_quarantined"),
]
