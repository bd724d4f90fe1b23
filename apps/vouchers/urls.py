"""Addresses of vouchers and findings."""

from django.urls import path

from .views import closing, corrections, document, drafting, editing, findings, importing, lists, voucher_templates

urlpatterns = [
    path("vouchers/", lists.VoucherList.as_view(), name="vouchers"),
    path("vouchers/new/", editing.new, name="new_voucher"),
    path("vouchers/draft/", drafting.draft, name="draft_voucher"),
    path("vouchers/import/", importing.upload, name="import_vouchers"),
    path("vouchers/import/<int:pk>/", importing.look, name="voucher_import"),
    path("vouchers/import/<int:pk>/apply/", importing.apply, name="apply_voucher_import"),
    path("vouchers/chosen/", document.chosen, name="chosen_vouchers"),
    path("vouchers/audit/", document.audit_many, name="audit_vouchers"),
    path("vouchers/unaudit/", document.unaudit_many, name="unaudit_vouchers"),
    path("vouchers/collect/", document.collect_many, name="collect_vouchers"),
    path("vouchers/void/", document.void_many, name="void_vouchers"),
    path("vouchers/progress/", document.progress, name="voucher_progress"),
    path("vouchers/<int:pk>/", document.voucher, name="voucher"),
    path("vouchers/<int:pk>/pushes/", document.upstream, name="voucher_pushes"),
    path("vouchers/<int:pk>/edit/", editing.edit, name="edit_voucher"),
    path("vouchers/<int:pk>/collect/", document.preview, name="collect_voucher"),
    path("vouchers/<int:pk>/audit/", document.audit, name="audit_voucher"),
    path("vouchers/<int:pk>/unaudit/", document.unaudit, name="unaudit_voucher"),
    path("vouchers/<int:pk>/void/", document.void, name="void_voucher"),
    path("vouchers/<int:pk>/reverse/", corrections.reverse, name="reverse_voucher"),
    path("vouchers/<int:pk>/copy/", corrections.copy, name="copy_voucher"),
    path("vouchers/<int:pk>/keep/", voucher_templates.keep, name="keep_voucher_template"),
    path("vouchers/templates/", voucher_templates.templates, name="voucher_templates"),
    path("vouchers/templates/<int:pk>/use/", voucher_templates.use, name="use_voucher_template"),
    path("vouchers/templates/<int:pk>/rename/", voucher_templates.rename, name="rename_voucher_template"),
    path("vouchers/templates/<int:pk>/remove/", voucher_templates.remove, name="remove_voucher_template"),
    path("vouchers/<int:pk>/reopen/", document.reopen, name="reopen_voucher"),
    path("vouchers/<int:pk>/discard/", document.discard, name="discard_voucher"),
    path("vouchers/periods/", closing.periods, name="periods"),
    path("vouchers/periods/<int:book>/<str:period>/request/", closing.request_closing, name="request_closing"),
    path("vouchers/periods/<int:book>/<str:period>/withdraw/", closing.withdraw, name="withdraw_closing"),
    path("vouchers/periods/<int:book>/<str:period>/close/", closing.close, name="close_period"),
    path("vouchers/periods/<int:book>/<str:period>/open/", closing.open_again, name="open_period"),
    path("findings/", findings.FindingList.as_view(), name="findings"),
    path("findings/<int:pk>/acknowledge/", findings.acknowledge, name="acknowledge_finding"),
    path("findings/<int:pk>/again/", findings.again, name="raise_finding_again"),
]
