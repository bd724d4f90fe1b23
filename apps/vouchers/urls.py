"""Addresses of vouchers and findings."""

from django.urls import path

from .views import charts, dimension_items, document, drafting, editing, findings, importing, lists

urlpatterns = [
    path("vouchers/", lists.VoucherList.as_view(), name="vouchers"),
    path("vouchers/new/", editing.new, name="new_voucher"),
    path("vouchers/draft/", drafting.draft, name="draft_voucher"),
    path("vouchers/import/", importing.upload, name="import_vouchers"),
    path("vouchers/import/<int:pk>/", importing.look, name="voucher_import"),
    path("vouchers/import/<int:pk>/apply/", importing.apply, name="apply_voucher_import"),
    path("vouchers/chosen/", document.chosen, name="chosen_vouchers"),
    path("vouchers/collect/", document.collect_many, name="collect_vouchers"),
    path("vouchers/void/", document.void_many, name="void_vouchers"),
    path("vouchers/progress/", document.progress, name="voucher_progress"),
    path("vouchers/<int:pk>/", document.voucher, name="voucher"),
    path("vouchers/<int:pk>/pushes/", document.upstream, name="voucher_pushes"),
    path("vouchers/<int:pk>/edit/", editing.edit, name="edit_voucher"),
    path("vouchers/<int:pk>/collect/", document.preview, name="collect_voucher"),
    path("vouchers/<int:pk>/void/", document.void, name="void_voucher"),
    path("vouchers/<int:pk>/reopen/", document.reopen, name="reopen_voucher"),
    path("vouchers/<int:pk>/discard/", document.discard, name="discard_voucher"),
    path("accounts/", charts.AccountList.as_view(), name="accounts"),
    path("accounts/new/", charts.new, name="new_account"),
    path("accounts/<int:pk>/edit/", charts.edit, name="edit_account"),
    path("accounts/load/", charts.load, name="load_chart"),
    path("accounts/import/", charts.upload, name="import_accounts"),
    path("accounts/import/apply/", charts.apply, name="apply_account_import"),
    path("accounts/template/", charts.template, name="account_template"),
    path("account-books/<int:pk>/account-choices/", charts.choices, name="account_choices"),
    path("dimension-items/", dimension_items.ItemList.as_view(), name="dimension_items"),
    path("dimension-items/new/", dimension_items.new, name="new_dimension_item"),
    path("dimension-items/<int:pk>/edit/", dimension_items.edit, name="edit_dimension_item"),
    path("dimension-items/import/", dimension_items.upload, name="import_dimension_items"),
    path("dimension-items/import/apply/", dimension_items.apply, name="apply_dimension_item_import"),
    path("dimension-items/template/", dimension_items.template, name="dimension_item_template"),
    path("account-books/<int:pk>/dimension-item-choices/", dimension_items.choices, name="dimension_item_choices"),
    path("findings/", findings.FindingList.as_view(), name="findings"),
    path("findings/<int:pk>/acknowledge/", findings.acknowledge, name="acknowledge_finding"),
    path("findings/<int:pk>/again/", findings.again, name="raise_finding_again"),
]
