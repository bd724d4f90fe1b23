"""Every model that belongs to a company is limited to what a person may see, or is listed here with the reason."""

from typing import Any

import pghistory
import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db.models import ForeignKey, Model

from apps.accounts.models import Company, User
from apps.accounts.visibility import CompanyQuerySet, CompanySettingQuerySet
from apps.bills import models as bills
from apps.duplicates import models as duplicates
from apps.invoices import models as invoices
from apps.outbox import models as outbox
from apps.sources import models as sources
from apps.vouchers import models as vouchers

# Read only through the row they are part of, which is narrowed.
PARTS: dict[type[Model], type[Model]] = {
    sources.SourceState: sources.Source,
    sources.Cursor: sources.Source,
    invoices.InvoiceLine: invoices.Invoice,
    invoices.InvoiceKey: invoices.Invoice,
    invoices.InvoiceUsage: invoices.Invoice,
    duplicates.CaseMember: duplicates.DuplicateCase,
    duplicates.CandidatePair: duplicates.DuplicateCase,
    duplicates.Claim: duplicates.DuplicateCase,
    duplicates.NotDuplicate: duplicates.DuplicateCase,
    duplicates.CaseDecision: duplicates.DuplicateCase,
    outbox.PushAttempt: outbox.Push,
    bills.BillLine: bills.Bill,
    bills.BillStep: bills.Bill,
    bills.BillCover: bills.Bill,
    bills.ComplianceOverride: bills.Bill,
    bills.UpstreamListing: sources.Source,
    vouchers.VoucherEntry: vouchers.Voucher,
    vouchers.VoucherInvoice: vouchers.Voucher,
    vouchers.VoucherBill: vouchers.Voucher,
}


def own_models() -> list[type[Model]]:
    """The models of the project. The rows of the audit trail are shown with the row they are about."""
    ours = [
        model for config in apps.get_app_configs() if config.name.startswith("apps.") for model in config.get_models()
    ]
    return [model for model in ours if not issubclass(model, pghistory.models.Event) and not model._meta.proxy]


def owners(model: type[Model]) -> list[type[Model]]:
    """The models its rows hang on; people, who may be of several companies, do not count."""
    keys = [field for field in model._meta.get_fields() if isinstance(field, ForeignKey)]
    return [key.related_model for key in keys if key.related_model not in (User, model)]


def belong_to_companies() -> set[type[Model]]:
    models: set[type[Model]] = {Company}
    while True:
        larger = {
            model
            for model in own_models()
            if model is not User
            and (models & set(owners(model)) or any(field.name == "company_ids" for field in model._meta.get_fields()))
        }
        if larger <= models:
            return models
        models |= larger


def test_every_model_of_a_company_has_visibility() -> None:
    missing = [
        model._meta.label
        for model in belong_to_companies() - PARTS.keys()
        if not isinstance(model._default_manager.all(), CompanyQuerySet)
    ]
    assert missing == [], "give it `objects = CompanyQuerySet.as_manager()`"


def test_the_exceptions_belong_to_models_with_visibility() -> None:
    assert set(PARTS) <= belong_to_companies()
    for part, whole in PARTS.items():
        assert whole in owners(part), part
        assert isinstance(whole._default_manager.all(), CompanyQuerySet), part
        assert not isinstance(part._default_manager.all(), CompanyQuerySet), f"{part} needs no exception"


@pytest.mark.django_db
@pytest.mark.parametrize("model", sorted(belong_to_companies() - PARTS.keys(), key=lambda model: model.__name__))
def test_the_lookup_of_each_model_works(model: Any) -> None:
    """Nobody sees nothing but settings of all companies; who sees one company asks without an error."""
    person = User.objects.create_user("who", is_active=True)
    person.companies.add(Company.objects.create(name="A", tax_no="1"))
    model.objects.visible_to(person).exists()
    rows = model.objects.visible_to(AnonymousUser())
    assert not (rows.exclude(company=None) if isinstance(rows, CompanySettingQuerySet) else rows).exists()
