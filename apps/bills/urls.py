"""Addresses of expense bills."""

from django.urls import path

from .assistant import views as assistant
from .compliance import views as compliance
from .covers import views as covers
from .input_tax import views as input_tax
from .views import bill, listing, picking

urlpatterns = [
    path("bills/", listing.BillList.as_view(), name="bills"),
    path("bills/new/", bill.new_bill, name="new_bill"),
    path("bills/import/", listing.import_bills, name="import_bills"),
    path("bills/<int:pk>/", bill.bill_detail, name="bill"),
    path("bills/<int:pk>/edit/", bill.edit_bill, name="edit_bill"),
    path("bills/<int:pk>/delete/", bill.delete, name="delete_bill"),
    path("bills/<int:pk>/lines/", bill.line, name="new_bill_line"),
    path("bills/<int:pk>/lines/<int:line_id>/", bill.line, name="bill_line"),
    path("bills/<int:pk>/lines/<int:line_id>/drop/", bill.drop_line, name="drop_bill_line"),
    path("bills/<int:pk>/lines/<int:line_id>/use-partly/", bill.use_partly, name="use_invoices_partly"),
    path("bills/<int:pk>/invoices/", picking.PickList.as_view(), name="pick_invoices"),
    path("bills/<int:pk>/invoices/reserve/", picking.reserve, name="reserve_invoices"),
    path("bills/<int:pk>/invoices/release/", picking.release, name="release_invoices"),
    path("bills/<int:pk>/invoices/tax/", input_tax.decide, name="decide_tax"),
    path("bills/<int:pk>/invoices/<int:bill_invoice_id>/", bill.bill_invoice, name="bill_invoice"),
    path("bills/messages/", assistant.MessageList.as_view(), name="assistant_messages"),
    path("bills/messages/<int:pk>/again/", assistant.again, name="apply_message"),
    path("bills/messages/<int:pk>/back/", assistant.put_back, name="put_back_unticked"),
    path("bills/messages/<int:pk>/aside/", assistant.put_aside, name="put_message_aside"),
    path("bills/<int:pk>/assistant/", assistant.open_page, name="open_assistant"),
    path("bills/<int:pk>/assistant/close/", assistant.close, name="close_assistant"),
    path("bills/<int:pk>/cover/", covers.put, name="bill_cover"),
    path("bills/<int:pk>/cover/drop/", covers.drop, name="drop_bill_cover"),
    path("bills/<int:pk>/cover/file/", covers.show, name="bill_cover_file"),
    path("bills/<int:pk>/news/", assistant.news, name="bill_news"),
    path("bills/<int:pk>/checks/override/", compliance.override, name="override_checks"),
    path("bills/<int:pk>/checks/<int:override_id>/take-back/", compliance.take_back, name="take_override_back"),
    path("bills/<int:pk>/<str:action>/", bill.step, name="bill_step"),
]
