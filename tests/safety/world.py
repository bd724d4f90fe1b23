"""Sample data: a company with one row of every model, whose texts and amounts are marked, so that they are recognised
elsewhere.

>>> mine, theirs = company_with_everything("甲"), company_with_everything("乙密", amount="9876543.21")
"""

import json
import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db.models import Model
from django.utils import timezone

from apps.accounts.models import ApprovalLimit, Company, DutyPolicy, User
from apps.bills.models import (
    AssistantMessage,
    AssistantSession,
    Bill,
    BillCover,
    BillStep,
    CheckSetting,
    ComplianceOverride,
    CostType,
    ReservationPolicy,
    TravelTaxRule,
    UpstreamListing,
)
from apps.core.messages import Message
from apps.duplicates.models import CandidatePair, CaseDecision, CaseMember, Claim, DuplicateCase, RuleSetting, SearchRun
from apps.invoices.models import Invoice
from apps.outbox import services as outbox
from apps.outbox.models import Push, PushAttempt
from apps.sources.choices import PushKind
from apps.sources.connectors import CONNECTORS
from apps.sources.models import Source
from apps.sources.pushes import VoucherBook, VoucherCollect, VoucherReference
from apps.vouchers.models import (
    Account,
    AccountMapping,
    ClosedPeriod,
    ClosingRequest,
    DimensionItem,
    Finding,
    Voucher,
    VoucherBill,
    VoucherImport,
    VoucherTemplate,
)
from tests.factories import (
    MORNING,
    AccountBookFactory,
    BillFactory,
    BillInvoiceFactory,
    BillLineFactory,
    CompanyFactory,
    FieldConflictFactory,
    InvoiceFactory,
    InvoiceLineFactory,
    PartyFactory,
    QuarantinedRecordFactory,
    RawRecordFactory,
    SourceFactory,
    SyncRunFactory,
    UserFactory,
    VoucherFactory,
)

World = dict[str, Model]


def company_with_everything(mark: str, amount: str = "113.00") -> World:
    """Name → row. Every text a person could read begins with ``mark``; every total is ``amount``."""
    company = CompanyFactory(name=f"{mark}有限公司", former_names=[f"{mark}旧名"])
    person = UserFactory(username=f"{mark}-person", first_name=mark, last_name=mark, companies=[company])
    source = a_source(f"{mark} source", "piaozone", company, base_url=f"https://{_host(mark)}")
    world: World = {"company": company, "person": person, "source": source}
    world |= _shops(mark, company)
    world |= _pulled(mark, amount, source, person)
    world |= _bills(mark, amount, world, person)
    world |= _vouchers(mark, amount, world, person)
    world |= _pushes(mark, world, person)
    world |= _cases(mark, amount, source, person)
    world |= _settings(mark, company)
    return world


def a_source(name: str, kind: str, company: Company, **values: Any) -> Source:
    """With every credential its system asks for."""
    secrets = {one.name: f"{one.name}-{'secret' if one.secret else 'shown'}" for one in CONNECTORS[kind].credentials}
    return SourceFactory(name=name, kind=kind, company=company, credentials=secrets, **values)


def _host(mark: str) -> str:
    return f"{mark.encode().hex()}.example"


def _shops(mark: str, company: Company) -> World:
    return {"shop": a_source(f"{mark} shop", "shopex", company)}


def an_invoice(mark: str, amount: str, source: Source, **values: Any) -> Invoice:
    """An invoice this source alone knows, every text of it marked."""
    seller = PartyFactory(name=f"{mark}供应商{uuid.uuid4().hex[:6]}")
    total = Decimal(amount)
    return InvoiceFactory(
        seen_by=[source], seller=seller, remark=f"{mark}备注", total_amount=total, amount_excl_tax=total - 13, **values
    )


def _pulled(mark: str, amount: str, source: Source, person: User) -> World:
    run = SyncRunFactory(
        source=source, failed=True, requested_by=person, worker=f"{mark}:1:token", created=1,
        error=Message("http.timeout", {"host": f"{mark}.example"}).stored(), progress=f"{mark} page 3",
    )  # fmt: skip
    invoice = an_invoice(mark, amount, source, travel={"passenger": f"{mark}乘客", "vehicle": f"{mark}次"})
    InvoiceLineFactory(invoice=invoice, name=f"{mark}货物", spec=f"{mark}规格")
    source_record = invoice.source_records.get()
    raw = RawRecordFactory(
        source=source, external_id=source_record.external_id, run=run, payload=json.dumps({"名": f"{mark}载荷"})
    )
    source_record.raw = raw
    source_record.save()
    claims = [
        {"source_id": source.pk, "external_id": f"{mark}-1", "value": f"{mark}一"},
        {"source_id": source.pk, "external_id": f"{mark}-2", "value": f"{mark}二"},
    ]
    conflict = FieldConflictFactory(invoice=invoice, field="seller_name", claims=claims)
    bad = RawRecordFactory(source=source, external_id=f"{mark}-bad", payload=json.dumps({"票": f"{mark}坏"}))
    quarantined = QuarantinedRecordFactory(
        source=source, raw=bad, external_id=f"{mark}-bad",
        reason=Message("record.bad_amount", {"field": "amount", "value": f"{mark}值"}).stored(),
    )  # fmt: skip
    return {"run": run, "invoice": invoice, "source_record": source_record, "raw": raw, "conflict": conflict,
            "quarantined": quarantined}  # fmt: skip


def a_bill(mark: str, amount: str, company: Company, **values: Any) -> Bill:
    return BillFactory(
        company=company, number=f"{mark}BX{uuid.uuid4().hex[:6]}", title=f"{mark}事由", employee=f"{mark}员工",
        department=f"{mark}部门", payee=f"{mark}收款人", amount=Decimal(amount), **values,
    )  # fmt: skip


def _bills(mark: str, amount: str, world: World, person: User) -> World:
    company, source = world["company"], world["source"]
    bill = a_bill(mark, amount, company, source=source, created_by=person)
    line = BillLineFactory(
        bill=bill, cost_type=f"{mark}费用", description=f"{mark}说明", amount=Decimal(amount), position=1
    )
    bill_invoice = BillInvoiceFactory(bill=bill, invoice=world["invoice"], line=line, picked_by=person,
                            transfer_out_reason=f"{mark}转出", override_reason=f"{mark}放行")  # fmt: skip
    listed = an_invoice(mark, amount, source)
    UpstreamListing.objects.create(
        source=source, number=bill.number, external_id=f"{mark}-l", invoice=listed, seen_at=MORNING, person=mark
    )
    BillStep.objects.create(bill=bill, user=person, action="edit", state="draft", reason=f"{mark}因",
                            message=Message("http.timeout", {"host": mark}).stored())  # fmt: skip
    override = ComplianceOverride.objects.create(
        bill=bill, invoice=world["invoice"], check_code="title", signature="0" * 64, reason=f"{mark}放行理由",
        message=Message("http.timeout", {"host": mark}).stored(), made_by=person, made_at=MORNING,
    )  # fmt: skip
    cover = BillCover(bill=bill, file_type="pdf", number=f"{mark}封面", uploaded_by=person)
    cover.file.save("x.pdf", ContentFile(f"%PDF {mark}".encode()))
    session = AssistantSession.objects.create(
        source=source, bill=bill, opened_by=person, link_key=f"{mark}-link", user_key=f"{mark}-user",
        ends_at=timezone.now() + timedelta(days=36500), serial=f"{mark}流水",
    )  # fmt: skip
    outcome_message = Message("http.timeout", {"host": f"{mark}说"}).stored()
    common = {"source": source, "session": session, "type": "choose", "payload": json.dumps({"n": f"{mark}信"})}
    message = AssistantMessage.objects.create(
        **common, bill=bill, msg_id=f"{mark}-m1", state="partly", outcome=outcome_message, refused=[outcome_message]
    )
    AssistantMessage.objects.create(
        **common, msg_id=f"{mark}-m2", state="no_bill", bill_number=f"{mark}无此单", outcome=outcome_message
    )
    approved = a_bill(mark, amount, company, state="approved", approved_at=MORNING)
    BillLineFactory(bill=approved, cost_type=f"{mark}费用", amount=Decimal(amount), position=1)
    return {"bill": bill, "line": line, "bill_invoice": bill_invoice, "override": override, "session": session,
            "message": message,
            "approved": approved, "free_invoice": listed}  # fmt: skip


def _vouchers(mark: str, amount: str, world: World, person: User) -> World:
    book = AccountBookFactory(
        company=world["company"], name=f"{mark}账套", account_id=f"{mark}A", source=world["source"]
    )
    AccountMapping.objects.create(book=book, cost_type=f"{mark}费用", debit_account=f"{mark}科目")
    charted = AccountBookFactory(
        company=world["company"], name=f"{mark}账套二", account_id=f"{mark}B", source=world["source"]
    )
    account = Account.objects.create(book=charted, code="6602", name=f"{mark}科目", direction="debit")
    item = DimensionItem.objects.create(company=world["company"], kind="department", name=f"{mark}核算项目")
    period = ClosedPeriod.objects.create(book=book, period="202511", closed_by=person)
    closing = ClosingRequest.objects.create(book=book, period="202510", requested_by=person)
    voucher = a_voucher(mark, amount, book, created_by=person)
    voucher.invoice_links.create(invoice=world["invoice"], transfer_out_remark=f"{mark}转出")
    VoucherBill.objects.create(voucher=voucher, bill=world["bill"])
    booked = a_voucher(mark, amount, book, state="booked", push_state="waiting", booked_by=person)
    booked.invoice_links.create(invoice=world["invoice"])
    finding = Finding.objects.create(invoice=world["invoice"], status="void", note=f"{mark}处理")
    finding.vouchers.add(booked)
    finding.bills.add(world["bill"])
    finding.people.add(person)
    stored_import = VoucherImport.objects.create(
        user=person, name=f"{mark}.json", content=json.dumps([[1, {"book": book.account_id, "vouch_no": mark}]])
    )
    template = VoucherTemplate.objects.create(
        book=book, name=f"{mark}模板", entries=[{"summary": f"{mark}摘要", "account": f"{mark}科目", "debit": amount}]
    )
    return {
        "account": account,
        "dimension_item": item,
        "charted": charted,
        "book": book,
        "period": period,
        "closing": closing,
        "voucher": voucher,
        "booked": booked,
        "finding": finding,
        "import": stored_import,
        "template": template,
    }


def a_voucher(mark: str, amount: str, book: Any, **values: Any) -> Voucher:
    voucher = VoucherFactory(
        book=book, vouch_id=f"{mark}-{uuid.uuid4().hex[:6]}", vouch_no=f"{mark}{uuid.uuid4().hex[:6]}",
        sup_information=f"{mark}补充", creator=f"{mark}制单", total_debit=Decimal(amount), total_credit=Decimal(amount),
        **values,
    )  # fmt: skip
    voucher.entries.update(summary=f"{mark}摘要", account=f"{mark}科目")
    return voucher


def _pushes(mark: str, world: World, person: User) -> World:
    payload = VoucherCollect(voucher=VoucherReference("v", "1"), book=VoucherBook(), item=f"{mark}发送")

    def queued(subject: str, **values: Any) -> Push:
        command = outbox.PushCommand(
            source=world["source"], company=world["company"], kind=PushKind.VOUCHER_COLLECT, subject=subject,
            label=f"{mark}凭证", payload=payload,
        )  # fmt: skip
        (made,) = outbox.queue([command], person)
        Push.objects.filter(pk=made.pk).update(**values)
        return made

    failed = queued(
        f"voucher:{world['booked'].pk}", state="needs_person", reason="permanent", error_code="http.timeout",
        comment=f"{mark}备注", circuit_open=True, error=Message("http.timeout", {"host": f"{mark}.example"}).stored(),
    )  # fmt: skip
    PushAttempt.objects.create(
        push=failed, number=1, worker=f"{mark}:1", started_at=MORNING, outcome="rejected", request=f"{mark}请求",
        reply=f"{mark}答复", error=Message("http.timeout", {"host": mark}).stored(),
    )  # fmt: skip
    queued(f"bill:{world['bill'].pk}")
    return {"push": failed}


def a_case(mark: str, amount: str, source: Source, **values: Any) -> DuplicateCase:
    """Two invoices of this source that may be one, with the evidence and a comment."""
    two = [an_invoice(mark, amount, source) for _ in range(2)]
    facts = {"kind": "suspect", "tier": "certain", "score": "0.992", "rule_version": 1, "changed_at": MORNING}
    case = DuplicateCase.objects.create(
        signature=uuid.uuid4().hex, company_ids=[source.company_id], total_amount=amount, **{**facts, **values}
    )
    CaseMember.objects.bulk_create(CaseMember(case=case, invoice=one, key=one.key) for one in two)
    CandidatePair.objects.create(
        case=case, left=two[0], right=two[1], rules=["look_alike"], fields={}, tier="certain", score="0.992"
    )
    Claim.objects.create(case=case, source=source, external_id=f"{mark}-c", person=f"{mark}报销人",
                         department=f"{mark}部", bill_number=f"{mark}单")  # fmt: skip
    return case


def decided(case: DuplicateCase, person: User, batch: uuid.UUID) -> CaseDecision:
    """The case dismissed by this person, with others in one go."""
    DuplicateCase.objects.filter(pk=case.pk).update(state="dismissed", decided_by=person, decided_at=MORNING)
    return CaseDecision.objects.create(case=case, action="dismiss", user=person, text="", batch=batch, rule_version=1)


def _cases(mark: str, amount: str, source: Source, person: User) -> World:
    case, closed = a_case(mark, amount, source, assigned_to=person), a_case(mark, amount, source)
    CaseDecision.objects.create(case=case, action="comment", user=person, text=f"{mark}评论", rule_version=1)
    decision = decided(closed, person, uuid.uuid4())
    search = SearchRun.objects.create(scope="changes", started_at=MORNING, finished_at=MORNING, invoice_count=987_123)
    return {"case": case, "closed_case": closed, "decision": decision, "search": search}


def _settings(mark: str, company: Company) -> World:
    return {
        "policy": ReservationPolicy.objects.create(company=company, share_by_amount=True),
        "check": CheckSetting.objects.create(
            company=company, check_code="title", level="warn", entries=[f"{mark}名单"]
        ),
        "cost_type": CostType.objects.create(company=company, name=f"{mark}费"),
        "travel_rule": TravelTaxRule.objects.get_or_create(
            kind="used_vehicle", valid_from=date(2026, 1, 1), defaults={"formula": "stated", "source": "各公司共用"}
        )[0],
        "rule": RuleSetting.objects.create(company=company, code="look_alike", parameters={}),
        "duty": DutyPolicy.objects.create(company=company, duty="bill", own_allowed=False),
        "limit": ApprovalLimit.objects.create(
            company=company, duty="bill", role=Group.objects.get(name="reviewer"), amount=Decimal("20000.00")
        ),
    }
