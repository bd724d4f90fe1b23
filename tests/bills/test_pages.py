"""The pages of bills: content, visibility, and numbers of queries."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.bills import services
from apps.bills.models import Bill, BillInvoice
from apps.sources.models import Source
from tests.factories import BillFactory, BillLineFactory, SourceFactory, UserFactory
from tests.invoices.ledgers import bring

from .builders import invoices, record_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    return SourceFactory(name="每刻", kind="maycur")


@pytest.fixture
def wang(source: Source) -> User:
    return UserFactory(username="wang", role="accountant", companies=[source.company])


@pytest.fixture
def page(client: Client, wang: User) -> Client:
    client.force_login(wang)
    return client


def as_role(role: str, source: Source) -> Client:
    client = Client()
    client.force_login(UserFactory(role=role, companies=[source.company]))
    return client


def test_a_bill_is_created_filled_submitted_and_approved_on_its_pages(page: Client, source: Source) -> None:
    one, two = invoices(source, 2)
    made = page.post(reverse("new_bill"), {"company": source.company_id, "type": "travel", "employee": "韩梅梅"})
    bill = Bill.objects.get()
    assert made.headers["Location"] == reverse("pick_invoices", args=[bill.pk])
    listed = page.get(made.headers["Location"]).content.decode()
    assert one.digital_number in listed
    page.post(reverse("reserve_invoices", args=[bill.pk]), {"invoice": [one.pk, two.pk], "revision": bill.revision})
    assert BillInvoice.objects.filter(bill=bill, state="reserved").count() == 2
    shown = page.get(reverse("bill", args=[bill.pk])).content.decode()
    assert "226.00" in shown
    assert page.post(reverse("bill_step", args=[bill.pk, "approve"])).status_code == 403
    for client, step in ((page, "submit"), (as_role("reviewer", source), "approve")):
        warning_page = client.post(
            reverse("bill_step", args=[bill.pk, step])
        )  # confirms the warning about consecutive numbers
        client.post(reverse("bill_step", args=[bill.pk, step]), {"warned": warning_page.context["checks"].warned})
    bill.refresh_from_db()
    assert bill.state == "approved"


def test_a_step_back_needs_its_reason(page: Client, source: Source) -> None:
    bill = BillFactory(company=source.company)
    BillLineFactory(bill=bill, without_invoice_reason="补贴")
    services.submit(bill, None)
    answer = page.post(reverse("bill_step", args=[bill.pk, "withdraw"]), follow=True)
    assert "withdrawn" not in Bill.objects.values_list("state", flat=True)
    assert "timeline" in answer.content.decode() or "时间线" in answer.content.decode()
    page.post(reverse("bill_step", args=[bill.pk, "withdraw"]), {"reason": "一张发票抬头错了"})
    assert "一张发票抬头错了" in page.get(reverse("bill", args=[bill.pk])).content.decode()


def test_the_page_names_the_bill_and_person_of_a_reserved_invoice(page: Client, source: Source) -> None:
    (invoice,) = invoices(source, 1)
    first, second = BillFactory(company=source.company), BillFactory(company=source.company)
    li = UserFactory(username="lili", companies=[source.company])
    services.reserve(first, [invoice.pk], li)
    place = reverse("pick_invoices", args=[second.pk])
    assert "lili" not in page.get(place).content.decode()  # the preset filter shows unused invoices only
    listed = page.get(place, {"q": invoice.digital_number}).content.decode()
    assert first.number in listed
    assert "lili" in listed
    assert 'name="invoice"' not in listed
    answer = page.post(reverse("reserve_invoices", args=[second.pk]), {"invoice": [invoice.pk]}, follow=True)
    assert first.number in answer.content.decode()


def test_the_preset_filters_stay_on_the_next_page(page: Client, source: Source) -> None:
    invoices(source, 51)
    page.cookies["django_language"] = "en"
    place = reverse("pick_invoices", args=[BillFactory(company=source.company).pk])
    first = page.get(place)
    assert [chip.label for chip in first.context["chips"]] == ["Direction", "Free?"]
    following = page.get(place, {"after": first.context["page"].next})
    assert [chip.label for chip in following.context["chips"]] == ["Direction", "Free?"]
    assert len(following.context["page"].rows) == 1
    direction, free = following.context["chips"]
    assert [chip.label for chip in page.get(f"{place}?{free.without}").context["chips"]] == ["Direction"]
    assert [chip.label for chip in page.get(f"{place}?{direction.without}").context["chips"]] == ["Free?"]


def test_a_step_shows_the_new_state_and_the_next_action(page: Client, source: Source) -> None:
    page.cookies["django_language"] = "en"
    bill = BillFactory(company=source.company)
    BillLineFactory(bill=bill, without_invoice_reason="补贴")
    shown = page.post(reverse("bill_step", args=[bill.pk, "submit"]), follow=True).content.decode()
    assert f"Bill {bill.number}: submitted." in shown
    booking = f"{reverse('draft_voucher')}?bill={bill.pk}"
    assert booking not in shown
    services.approve(bill, None)
    assert booking in page.get(reverse("bill", args=[bill.pk])).content.decode()
    assert booking not in as_role("viewer", source).get(reverse("bill", args=[bill.pk])).content.decode()


def test_only_visible_companies_and_granted_permissions(page: Client, source: Source) -> None:
    foreign = BillFactory()
    assert page.get(reverse("bill", args=[foreign.pk])).status_code == 404
    assert foreign.number not in page.get(reverse("bills")).content.decode()
    for name, more in (("reserve_invoices", {}), ("delete_bill", {}), ("release_invoices", {})):
        assert page.post(reverse(name, args=[foreign.pk]), more).status_code == 404
    viewer = as_role("viewer", source)
    own = BillFactory(company=source.company)
    assert viewer.get(reverse("bill", args=[own.pk])).status_code == 200
    assert viewer.get(reverse("pick_invoices", args=[own.pk])).status_code == 403
    assert viewer.post(reverse("bill_step", args=[own.pk, "submit"])).status_code == 403
    assert Client().get(reverse("bills")).status_code == 302


def test_differences_to_the_upstream_are_shown(page: Client, source: Source) -> None:
    bring(source, record_of(1), record_of(2))
    ours = BillFactory(company=source.company, number="BX1")
    mine = next(i for i in invoices(source, 0) if i.digital_number.endswith("1"))
    services.reserve(ours, [mine.pk], None)
    bring(source, record_of(2, "BX1"))
    services.follow_upstream(source)
    shown = page.get(reverse("bill", args=[ours.pk])).content.decode()
    part = shown[shown.index('id="differences"') :]
    assert f"{1:020d}" in part
    assert f"{2:020d}" in part


@pytest.mark.parametrize("rows", [3, 60])
def test_the_list_needs_the_same_queries_at_any_length(
    page: Client, source: Source, rows: int, django_assert_max_num_queries
) -> None:
    BillFactory.create_batch(rows, company=source.company)
    page.get(reverse("bills"))
    with django_assert_max_num_queries(20):
        page.get(reverse("bills"))


def test_a_bill_of_five_hundred_invoices_needs_no_more_queries(
    page: Client, source: Source, django_assert_max_num_queries
) -> None:
    bill = BillFactory(company=source.company)
    services.reserve(bill, [invoice.pk for invoice in invoices(source, 500)], None)
    place = reverse("bill", args=[bill.pk])
    page.get(place)
    with django_assert_max_num_queries(38):
        shown = page.get(place).content.decode()
    assert shown.count('name="bill_invoice"') == 500


def test_search_by_number_employee_and_invoice(page: Client, source: Source) -> None:
    (invoice,) = invoices(source, 1)
    bill = BillFactory(company=source.company, number="CL-2026-1", employee="欧阳锋")
    BillFactory(company=source.company, number="QT-9", employee="王芳")
    services.reserve(bill, [invoice.pk], None)
    for text in ("CL-2026", "欧阳", invoice.digital_number):
        shown = page.get(reverse("bills"), {"q": text}).content.decode()
        assert "CL-2026-1" in shown
        assert "QT-9" not in shown
    assert "CL-2026-1" not in page.get(reverse("bills"), {"q": "2026"}).content.decode()


def sheet(*rows: list[object]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("bills.xlsx", file.getvalue())


def test_an_import_shows_a_preview_before_it_creates_bills(page: Client, source: Source) -> None:
    (invoice,) = invoices(source, 1)
    place = reverse("import_bills")
    file = sheet(
        ["报销单号", "报销人", "费用类型", "金额", "发票号码"],
        ["BX-1", "韩梅梅", "差旅费", 113, invoice.digital_number],
        ["BX-1", "韩梅梅", "招待费", "50.00", None],
        ["BX-2", "李雷", "差旅费", "abc", None],
    )
    preview = page.post(place, {"file": file})
    assert Bill.objects.count() == 0
    assert "abc" in preview.content.decode()
    page.post(place, {"rows": preview.context["rows"]})
    bill = Bill.objects.get()
    assert (bill.number, bill.employee, bill.lines.count()) == ("BX-1", "韩梅梅", 2)
    bill_invoice = bill.bill_invoices.get()
    assert (bill_invoice.invoice_id, bill_invoice.line and bill_invoice.line.amount) == (invoice.pk, Decimal("113.00"))
    page.post(place, {"rows": preview.context["rows"]})
    assert Bill.objects.count() == 1
    page.post(place, {"rows": "forged"})
    assert Bill.objects.count() == 1


def test_long_texts_are_refused_and_amounts_rounded(page: Client, source: Source) -> None:
    place = reverse("import_bills")
    file = sheet(
        ["报销单号", "事由", "金额"],
        ["BX-1", "长" * 301, 1],
        ["BX-2", "短", 0.125],
        ["BX-3", "短", 0.1 + 0.2],
    )
    preview = page.post(place, {"file": file})
    assert [one.fits for one in preview.context["planned"]] == [False, True, True]
    page.post(place, {"rows": preview.context["rows"]})
    amounts = dict(Bill.objects.values_list("number", "lines__amount"))
    assert amounts == {"BX-2": Decimal("0.13"), "BX-3": Decimal("0.30")}  # as the sheet shows them


def test_a_form_without_a_visible_company_is_refused(page: Client, source: Source) -> None:
    values = {"type": "travel", "number": "BX1", "source": source.pk}
    for company in ("", str(SourceFactory().company_id)):
        answer = page.post(reverse("new_bill"), {**values, "company": company})
        assert answer.status_code == 200
        assert answer.context["form"].errors["company"]


def test_unknown_ids_are_ignored(page: Client, source: Source) -> None:
    bill = BillFactory(company=source.company)
    for name, field in (("reserve_invoices", "invoice"), ("release_invoices", "bill_invoice")):
        answer = page.post(reverse(name, args=[bill.pk]), {field: ["9" * 30]})
        assert answer.status_code == 302


def test_a_file_that_is_no_sheet_of_bills_is_refused(page: Client) -> None:
    place = reverse("import_bills")
    damaged, other = SimpleUploadedFile("a.xlsx", b"no"), SimpleUploadedFile("a.txt", b"no")
    for file in (damaged, other, sheet(["报销人"]), sheet(["单号", "误"])):
        answer = page.post(place, {"file": file})
        assert answer.context["form"].errors


def test_the_upstream_of_a_bill_belongs_to_its_company(page: Client, source: Source, wang: User) -> None:
    other = SourceFactory(kind="piaozone")
    wang.companies.add(other.company)
    values = {"company": source.company_id, "type": "expense", "number": "BX1"}
    assert page.post(reverse("new_bill"), {**values, "source": other.pk}).context["form"].errors["source"]
    page.post(reverse("new_bill"), {**values, "source": source.pk})
    assert Bill.objects.get().source == source


def test_the_bill_page_shows_and_settles_differences(page: Client, source: Source) -> None:
    page.cookies["django_language"] = "en"
    (invoice,) = invoices(source, 1)
    bill = BillFactory(company=source.company)
    page.post(reverse("new_bill_line", args=[bill.pk]), {"cost_type": "餐费", "amount": "100.00"})
    page.post(reverse("reserve_invoices", args=[bill.pk]), {"invoice": [invoice.pk]})
    line = bill.lines.get()
    answer = page.get(reverse("bill", args=[bill.pk]))
    money = answer.context["amounts"]
    assert (money.to_be_paid, money.of_invoices) == (Decimal("100.00"), Decimal("113.00"))
    shown = answer.content.decode()
    assert "-13.00" in shown
    assert "Use the invoices partly" in shown
    assert "cannot be submitted" in shown
    page.post(reverse("use_invoices_partly", args=[bill.pk, line.pk]))
    assert bill.bill_invoices.get().amount == Decimal("100.00")
    page.post(reverse("bill_line", args=[bill.pk, line.pk]), {"cost_type": "餐费", "amount": "120.00"})
    assert "Say why" in page.get(reverse("bill", args=[bill.pk])).content.decode()
    form = page.get(reverse("bill_line", args=[bill.pk, line.pk])).content.decode()
    assert 'list="reasons-without-invoice"' in form
    values = {"cost_type": "餐费", "amount": "120.00", "without_invoice_reason": "境外支出"}
    page.post(reverse("bill_line", args=[bill.pk, line.pk]), values)
    shown = page.get(reverse("bill", args=[bill.pk])).content.decode()
    assert "境外支出" in shown
    assert "cannot be submitted" not in shown
    assert page.post(reverse("use_invoices_partly", args=[BillFactory().pk, line.pk])).status_code == 404


def test_a_finding_about_the_whole_bill_is_let_pass(page: Client, source: Source) -> None:
    bill = BillFactory(company=source.company)
    BillLineFactory(bill=bill)
    reviewer = as_role("reviewer", source)
    (one,) = reviewer.get(reverse("bill", args=[bill.pk])).context["checks"].blocking
    reviewer.post(reverse("override_checks", args=[bill.pk]), {"finding": [one.signature], "reason": "总经理批准"})
    shown = reviewer.get(reverse("bill", args=[bill.pk])).content.decode()
    assert "总经理批准" in shown
    services.submit(bill, None)
