"""Rows for tests that do not pull. Every factory is deterministic by its sequence number.

>>> source = SourceFactory(company__name="甲公司")
>>> invoice = InvoiceFactory(seen_by=[source], total_amount=Decimal("113.00"))   # with one source record per source
>>> user = UserFactory(role="accountant", companies=[source.company])
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import factory
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from apps.accounts.models import Company, User
from apps.bills.models import Bill, BillInvoice, BillLine
from apps.invoices.identity import IDENTITY_VERSION
from apps.invoices.models import FieldConflict, Invoice, InvoiceLine, Party, SourceRecord
from apps.sources.models import QuarantinedRecord, RawRecord, Source, SyncRun
from apps.sources.records import Direction, InvoiceKind, InvoiceRecord, PartyRecord, dumps
from apps.vouchers.models import AccountBook, Voucher, VoucherEntry

PASSWORD = "a-long-Password-9"
MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # nine o'clock in Shanghai


class CompanyFactory(DjangoModelFactory[Company]):
    class Meta:
        model = Company

    name = factory.Sequence(lambda n: f"示例公司{n}")
    tax_no = factory.Sequence(lambda n: f"91310000{n:010d}")


class UserFactory(DjangoModelFactory[User]):
    """``role`` names one of the five roles; ``companies`` are those the person may see. The password is PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def role(self: User, create: bool, extracted: str | None, **_: Any) -> None:
        if create and extracted:
            self.groups.add(Group.objects.get(name=extracted))

    @factory.post_generation
    def companies(self: User, create: bool, extracted: Any, **_: Any) -> None:
        if create and extracted:
            self.companies.set(extracted)


class AdminFactory(UserFactory):
    """May everything, sees everything."""

    is_staff = True
    is_superuser = True


class SourceFactory(DjangoModelFactory[Source]):
    class Meta:
        model = Source

    name = factory.Sequence(lambda n: f"source {n}")
    kind = "checker"
    company = factory.SubFactory(CompanyFactory)
    base_url = "https://upstream.example"
    credentials = factory.LazyFunction(lambda: {"authcode": "authcode-very-secret", "des_key": "des-key-very-secret"})


class SyncRunFactory(DjangoModelFactory[SyncRun]):
    """A finished run; its four counts make up ``received``. Traits: ``queued``, ``running``, ``failed``."""

    class Meta:
        model = SyncRun

    class Params:
        queued = factory.Trait(status="queued", started_at=None, finished_at=None, heartbeat_at=None)
        running = factory.Trait(status="running", finished_at=None, worker="host:1:token")
        failed = factory.Trait(
            status="failed",
            error={"code": "http.timeout", "params": {"host": "upstream.example"}},
            error_intent="try_later",
        )

    source = factory.SubFactory(SourceFactory)
    trigger = "schedule"
    status = "succeeded"
    started_at = MORNING
    heartbeat_at = MORNING
    finished_at = MORNING + timedelta(minutes=1)
    received = factory.LazyAttribute(lambda run: run.created + run.changed + run.unchanged + run.quarantined)
    created = 0
    changed = 0
    unchanged = 0
    quarantined = 0


class RawRecordFactory(DjangoModelFactory[RawRecord]):
    class Meta:
        model = RawRecord

    source = factory.SubFactory(SourceFactory)
    stream = "invoices"
    external_id = factory.Sequence(lambda n: f"ext-{n}")
    fingerprint = factory.Sequence(lambda n: f"{n:064x}")
    payload = factory.LazyAttribute(lambda raw: f'{{"id": "{raw.external_id}"}}')
    received_at = MORNING


class QuarantinedRecordFactory(DjangoModelFactory[QuarantinedRecord]):
    class Meta:
        model = QuarantinedRecord

    source = factory.SubFactory(SourceFactory)
    external_id = factory.Sequence(lambda n: f"bad-{n}")
    raw = factory.SubFactory(
        RawRecordFactory, source=factory.SelfAttribute("..source"), external_id=factory.SelfAttribute("..external_id")
    )
    reason = factory.LazyAttribute(lambda row: {"code": row.reason_code, "params": {"field": "amount", "value": "abc"}})
    reason_code = "record.bad_amount"


class PartyFactory(DjangoModelFactory[Party]):
    class Meta:
        model = Party

    name = factory.Sequence(lambda n: f"往来单位{n}")
    tax_no = factory.Sequence(lambda n: f"91440000{n:010d}")


class InvoiceFactory(DjangoModelFactory[Invoice]):
    """A digital invoice of 100.00 + 13.00. ``seen_by``: one source record per source; ``company``: only makes it
    visible."""

    class Meta:
        model = Invoice
        skip_postgeneration_save = True

    class Params:
        company = None

    digital_number = factory.Sequence(lambda n: f"2631200000{n:010d}")
    key = factory.LazyAttribute(lambda i: f"E:{i.digital_number}" if i.digital_number else f"C:{i.code}:{i.number}")
    identity_version = IDENTITY_VERSION
    kind = "digital_special"
    direction = "input"
    issue_date = factory.Sequence(lambda n: date(2026, 1, 1) + timedelta(days=n % 90))
    amount_excl_tax = Decimal("100.00")
    tax_amount = Decimal("13.00")
    total_amount = Decimal("113.00")
    buyer = factory.SubFactory(PartyFactory)
    seller = factory.SubFactory(PartyFactory)
    status = "normal"
    verification = "passed"
    expense_status = "unused"
    deduction_status = "not_ticked"
    company_ids = factory.LazyAttribute(lambda i: [i.company.pk] if i.company else [])
    created_at = factory.Sequence(lambda n: MORNING + timedelta(seconds=n))
    updated_at = factory.SelfAttribute("created_at")

    @factory.post_generation
    def seen_by(self: Invoice, create: bool, extracted: Any, **_: Any) -> None:
        for source in extracted or () if create else ():
            SourceRecordFactory(invoice=self, source=source)


def record_of(invoice: Invoice, external_id: str) -> InvoiceRecord:
    """What a source that agrees with the whole invoice says of it (lines and journey left out)."""

    def party(party: Party | None) -> PartyRecord:
        return PartyRecord(party.name, party.tax_no) if party else PartyRecord()

    return InvoiceRecord(
        external_id=external_id,
        kind=InvoiceKind(invoice.kind),
        direction=Direction(invoice.direction),
        code=invoice.code,
        number=invoice.number,
        digital_number=invoice.digital_number,
        issue_date=invoice.issue_date,
        amount_excl_tax=invoice.amount_excl_tax,
        tax_amount=invoice.tax_amount,
        total_amount=invoice.total_amount,
        buyer=party(invoice.buyer),
        seller=party(invoice.seller),
    )


class SourceRecordFactory(DjangoModelFactory[SourceRecord]):
    """What a source says; the invoice's ``source_ids`` and ``company_ids`` follow."""

    class Meta:
        model = SourceRecord
        skip_postgeneration_save = True

    source = factory.SubFactory(SourceFactory)
    external_id = factory.Sequence(lambda n: f"seen-{n}")
    invoice = factory.SubFactory(InvoiceFactory)
    raw = factory.SubFactory(
        RawRecordFactory, source=factory.SelfAttribute("..source"), external_id=factory.SelfAttribute("..external_id")
    )
    record = factory.LazyAttribute(lambda s: dumps(record_of(s.invoice, s.external_id)))
    keys = factory.LazyAttribute(lambda s: [s.invoice.key])
    identity_version = IDENTITY_VERSION
    first_seen_at = MORNING
    updated_at = MORNING

    @factory.post_generation
    def known_to_the_invoice(self: SourceRecord, create: bool, _extracted: Any, **_: Any) -> None:
        if create:
            invoice = self.invoice
            invoice.source_ids = sorted({*invoice.source_ids, self.source_id})
            invoice.company_ids = sorted({*invoice.company_ids, self.source.company_id})
            invoice.save(update_fields=["source_ids", "company_ids"])


class InvoiceLineFactory(DjangoModelFactory[InvoiceLine]):
    class Meta:
        model = InvoiceLine

    invoice = factory.SubFactory(InvoiceFactory)
    position = factory.Sequence(lambda n: n + 1)
    name = "*办公用品*打印纸"
    unit = "箱"
    quantity = Decimal(2)
    unit_price = Decimal(50)
    amount = Decimal("100.00")
    tax_rate = Decimal("0.13")
    tax_amount = Decimal("13.00")


class FieldConflictFactory(DjangoModelFactory[FieldConflict]):
    class Meta:
        model = FieldConflict

    invoice = factory.SubFactory(InvoiceFactory)
    field = "total_amount"
    claims = factory.LazyFunction(
        lambda: [
            {"source_id": 1, "external_id": "a", "value": "113.00"},
            {"source_id": 2, "external_id": "b", "value": "131.00"},
        ]
    )


class BillFactory(DjangoModelFactory[Bill]):
    """A draft of our own without entries."""

    class Meta:
        model = Bill

    company = factory.SubFactory(CompanyFactory)
    number = factory.Sequence(lambda n: f"BX{n:06d}")
    employee = "王芳"
    bill_date = date(2026, 3, 2)


class BillLineFactory(DjangoModelFactory[BillLine]):
    class Meta:
        model = BillLine

    bill = factory.SubFactory(BillFactory)
    position = factory.Sequence(lambda n: n + 1)
    cost_type = "差旅费"
    amount = Decimal("113.00")


class BillInvoiceFactory(DjangoModelFactory[BillInvoice]):
    """A live hold on the whole invoice. The ledger is not told: use ``apps.bills.services.reserve`` for that."""

    class Meta:
        model = BillInvoice

    bill = factory.SubFactory(BillFactory)
    invoice = factory.SubFactory(InvoiceFactory)
    amount = factory.LazyAttribute(lambda use: use.invoice.total_amount)
    picked_at = MORNING


class AccountBookFactory(DjangoModelFactory[AccountBook]):
    """A book whose vouchers are collected into a Piaozone source of its company."""

    class Meta:
        model = AccountBook

    company = factory.SubFactory(CompanyFactory)
    name = factory.Sequence(lambda n: f"账套{n}")
    account_id = factory.Sequence(lambda n: f"A{n:04d}")
    company_id_upstream = "C1"
    company_number = "001"
    source = factory.SubFactory(SourceFactory, kind="piaozone", company=factory.SelfAttribute("..company"))


class VoucherFactory(DjangoModelFactory[Voucher]):
    """A balanced draft of 113.00 with nothing missing; without entries: ``lines=False``."""

    class Meta:
        model = Voucher
        skip_postgeneration_save = True

    book = factory.SubFactory(AccountBookFactory)
    vouch_id = factory.Sequence(lambda n: f"vouch-{n}")
    vouch_no = factory.Sequence(lambda n: f"{n + 1:04d}")
    business_date = date(2026, 3, 2)
    account_date = date(2026, 3, 3)
    period = "202603"
    total_debit = Decimal("113.00")
    total_credit = Decimal("113.00")

    @factory.post_generation
    def lines(self: Voucher, create: bool, extracted: Any, **_: Any) -> None:
        if not create or extracted is False:
            return
        VoucherEntry.objects.create(
            voucher=self, position=1, summary="王芳 差旅费", account="6602", debit=Decimal("113.00")
        )
        VoucherEntry.objects.create(voucher=self, position=2, summary="应付", account="2241", credit=Decimal("113.00"))


class AuditedVoucherFactory(VoucherFactory):
    """A voucher that may be collected; the system has audited it."""

    state = "audited"
