"""Vouchers in the workspace and in the administration."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.outbox.choices import PushState
from apps.outbox.models import Push
from apps.vouchers import selectors
from apps.vouchers.models import AccountBook, AccountMapping, ClosingRequest, Finding, Voucher, VoucherInvoice
from tests.factories import (
    AccountBookFactory,
    AdminFactory,
    AuditedVoucherFactory,
    BillFactory,
    BillInvoiceFactory,
    BillLineFactory,
    InvoiceFactory,
    UserFactory,
    VoucherFactory,
)


@pytest.fixture
def page(accountant: User, client: Client) -> Client:
    client.force_login(accountant)
    return client


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def form_of(voucher: dict[str, Any], entries: list[dict[str, Any]], invoices: Any = (), **more: Any) -> dict[str, Any]:
    data = {"resource": "piaozone", "attachments_count": "0", **voucher, **more}
    for name, rows in (("entries", entries), ("invoices", invoices)):
        data |= {f"{name}-TOTAL_FORMS": len(rows), f"{name}-INITIAL_FORMS": 0}
        for at, row in enumerate(rows):
            data |= {f"{name}-{at}-{field}": value for field, value in row.items()}
    return data


def test_the_list_shows_only_vouchers_of_visible_companies(page: Client, book: AccountBook) -> None:
    mine, other = VoucherFactory(book=book, vouch_no="MINE-1"), VoucherFactory(vouch_no="OTHER-1")
    shown = text(page.get(reverse("vouchers")))
    assert "MINE-1" in shown
    assert "OTHER-1" not in shown
    for name in ("voucher", "edit_voucher", "collect_voucher"):
        assert page.get(reverse(name, args=[other.pk])).status_code == 404
        assert page.get(reverse(name, args=[mine.pk])).status_code == 200


def test_filters_search_and_sums(page: Client, book: AccountBook) -> None:
    invoice = InvoiceFactory(company=book.company)
    first = VoucherFactory(book=book, vouch_no="N-1", period="202603")
    second = VoucherFactory(book=book, vouch_no="N-2", period="202604", total_debit=Decimal("7.50"), lines=False)
    VoucherInvoice.objects.create(voucher=second, invoice=invoice)
    for query, expected in (
        ("period=202604", {"N-2"}),
        ("q=N-1", {"N-1"}),
        ("q=7.50", {"N-2"}),
        (f"q={invoice.digital_number}", {"N-2"}),
        (f"book={book.pk}", {"N-1", "N-2"}),
        ("state=booked", set()),
        ("push_state=not_sent", {"N-1", "N-2"}),
        ("dated_to=2026-03-01", set()),
    ):
        shown = text(page.get(f"{reverse('vouchers')}?{query}"))
        assert {v.vouch_no for v in (first, second) if f">{v.vouch_no}<" in shown} == expected, query
    assert "120.50" in text(page.get(reverse("vouchers")))


def test_the_list_has_a_query_budget(page: Client, book: AccountBook, django_assert_max_num_queries: Any) -> None:
    VoucherFactory.create_batch(60, book=book)
    with django_assert_max_num_queries(20):
        shown = text(page.get(reverse("vouchers")))
    assert "after=" in shown


def test_the_page_of_a_voucher_has_a_query_budget(
    page: Client, book: AccountBook, django_assert_max_num_queries: Any
) -> None:
    voucher = VoucherFactory(book=book)
    for _n in range(8):
        invoice = InvoiceFactory(company=book.company, seen_by=[book.source])
        VoucherInvoice.objects.create(voucher=voucher, invoice=invoice)
    with django_assert_max_num_queries(32):
        text(page.get(reverse("voucher", args=[voucher.pk])))


def test_a_voucher_is_entered_with_its_lines(page: Client, book: AccountBook, accountant: User) -> None:
    invoice = InvoiceFactory(company=book.company)
    bill = BillFactory(company=book.company)
    text(page.get(reverse("new_voucher")))
    data = form_of(
        {"vouch_no": "0001", "account_date": "2026-03-03", "business_date": "2026-03-03", "vouch_id": "v"},
        [
            {"summary": "纸", "account": "6602", "debit": "1,113.00"},
            {"summary": "", "account": "", "debit": "", "credit": ""},
            {"summary": "gone", "account": "1", "debit": "9", "DELETE": "on"},
            {"summary": "应付", "account": "2241", "credit": "1113"},
        ],
        [{"invoice": invoice.digital_number, "deductible": "on", "deduction_tax": "13.00"}],
        book=book.pk,
        bills=f"{bill.number}，",
    )
    answer = page.post(reverse("new_voucher"), data)
    voucher = Voucher.objects.get()
    assert answer.url == reverse("voucher", args=[voucher.pk])
    content = selectors.content_of(voucher)
    assert [(e.account, e.debit, e.credit) for e in content.entries] == [
        ("6602", Decimal("1113.00"), Decimal("0.00")),
        ("2241", Decimal("0.00"), Decimal("1113.00")),
    ]
    assert content.invoices[0].deduction_tax == Decimal("13.00")
    assert [one.number for one in content.bills] == [bill.number]
    assert (voucher.period, voucher.created_by) == ("202603", accountant)


def test_an_invalid_form_keeps_the_input(page: Client, book: AccountBook) -> None:
    data = form_of(
        {"vouch_id": "v"},
        [{"account": "6602-typed", "debit": "12.345"}],
        [{"invoice": "00000000"}],
        book=book.pk,
        bills="BX-NONE",
    )
    shown = text(page.post(reverse("new_voucher"), data))
    assert "6602-typed" in shown
    assert "BX-NONE" in shown
    assert not Voucher.objects.exists()


def test_an_edit_of_an_older_version_is_refused(page: Client, book: AccountBook) -> None:
    voucher = VoucherFactory(book=book)
    data = form_of({"vouch_id": voucher.vouch_id, "item": "late"}, [], revision=1)
    Voucher.objects.filter(pk=voucher.pk).update(revision=2)
    text(page.post(reverse("edit_voucher", args=[voucher.pk]), data))
    voucher.refresh_from_db()
    assert voucher.item == ""
    page.post(reverse("edit_voucher", args=[voucher.pk]), {**data, "revision": 2})
    voucher.refresh_from_db()
    assert (voucher.item, voucher.revision) == ("late", 3)


def test_an_edit_keeps_invoices_that_the_person_may_not_see(page: Client, book: AccountBook) -> None:
    voucher = VoucherFactory(book=book)
    mine, other = InvoiceFactory(company=book.company), InvoiceFactory()
    VoucherInvoice.objects.create(voucher=voucher, invoice=mine)
    VoucherInvoice.objects.create(voucher=voucher, invoice=other, deductible=True, deduction_tax=Decimal("7.00"))
    shown = text(page.get(reverse("edit_voucher", args=[voucher.pk])))
    assert [number in shown for number in (mine.digital_number, other.digital_number)] == [True, False]
    assert "不可见公司的发票" in shown
    data = form_of({"vouch_id": voucher.vouch_id}, [], revision=voucher.revision)
    assert page.post(reverse("edit_voucher", args=[voucher.pk]), data).status_code == 302
    kept = voucher.invoice_links.values_list("invoice", "deductible", "deduction_tax")
    assert list(kept) == [(other.pk, True, Decimal("7.00"))]


def test_the_preview_shows_the_request_and_the_blocking_problems(page: Client, book: AccountBook) -> None:
    voucher = AuditedVoucherFactory(book=book)
    shown = text(page.get(reverse("collect_voucher", args=[voucher.pk])))
    assert "2026_03_03" in shown
    assert 'name="revision"' in shown
    Voucher.objects.filter(pk=voucher.pk).update(business_date=None)
    assert 'name="revision"' not in text(page.get(reverse("collect_voucher", args=[voucher.pk])))


def test_several_vouchers_need_a_confirmation(page: Client, book: AccountBook) -> None:
    ready, broken = AuditedVoucherFactory(book=book), AuditedVoucherFactory(book=book, lines=False)
    hidden = AuditedVoucherFactory()
    chosen = {"voucher": [ready.pk, broken.pk, hidden.pk], "action": "collect"}
    shown = text(page.post(reverse("chosen_vouchers"), chosen))
    assert f'name="voucher" value="{ready.pk}"' in shown
    assert f'name="voucher" value="{broken.pk}"' not in shown
    assert str(hidden) not in shown


def test_a_draft_from_bills_balances(page: Client, book: AccountBook) -> None:
    AccountMapping.objects.create(book=book, debit_account="6602", tax_account="2221", credit_account="2241")
    bill = BillFactory(company=book.company, state="approved")
    line = BillLineFactory(bill=bill, amount=Decimal("113.00"))
    invoice = InvoiceFactory(company=book.company)
    BillInvoiceFactory(bill=bill, line=line, invoice=invoice, state="used", deductible=True, input_tax=Decimal("13.00"))
    draft, elsewhere = BillFactory(company=book.company), BillFactory(state="approved")
    shown = text(page.get(reverse("draft_voucher")))
    assert bill.number in shown
    assert draft.number not in shown
    assert elsewhere.number not in shown
    page.post(reverse("draft_voucher"), {"book": book.pk, "bill": [draft.pk]})
    page.post(reverse("draft_voucher"), {"book": book.pk, "bill": [elsewhere.pk]})
    assert not Voucher.objects.exists()
    page.post(reverse("draft_voucher"), {"book": book.pk, "bill": [bill.pk], "day": "2026-03-31"})
    content = selectors.content_of(Voucher.objects.get())
    assert [(e.account, e.debit or -e.credit) for e in content.entries] == [
        ("6602", Decimal("100.00")),
        ("2221", Decimal("13.00")),
        ("2241", Decimal("-113.00")),
    ]
    assert (content.period, content.bills[0].number) == ("202603", bill.number)
    assert (content.invoices[0].deductible, content.invoices[0].deduction_tax) == (True, Decimal("13.00"))
    assert bill.number not in text(page.get(reverse("draft_voucher")))


def test_viewers_can_read_but_not_change(book: AccountBook, client: Client) -> None:
    client.force_login(UserFactory(role="viewer", companies=[book.company]))
    voucher = VoucherFactory(book=book)
    text(client.get(reverse("voucher", args=[voucher.pk])))
    text(client.get(reverse("collect_voucher", args=[voucher.pk])))
    acts = ("edit", "collect", "void", "reopen", "discard", "reverse", "copy")
    for name in (*(f"{act}_voucher" for act in acts), "keep_voucher_template"):
        assert client.post(reverse(name, args=[voucher.pk])).status_code == 403, name
    for name in ("new_voucher", "draft_voucher", "import_vouchers", "collect_vouchers", "void_vouchers"):
        assert client.post(reverse(name)).status_code == 403, name
    voucher.refresh_from_db()
    assert voucher.state == "draft"


def test_findings_are_shown_counted_and_acknowledged(page: Client, book: AccountBook, accountant: User) -> None:
    invoice = InvoiceFactory(company=book.company)
    finding = Finding.objects.create(invoice=invoice, status="void")
    finding.vouchers.add(VoucherFactory(book=book, vouch_no="V-77"))
    hidden = Finding.objects.create(invoice=InvoiceFactory(), status="void")
    shown = text(page.get(reverse("findings")))
    assert "V-77" in shown
    assert f"finding-{hidden.pk}" not in shown
    assert page.post(reverse("acknowledge_finding", args=[hidden.pk]), {"note": "x"}).status_code == 404
    page.post(reverse("acknowledge_finding", args=[finding.pk]), {"note": ""})
    page.post(reverse("acknowledge_finding", args=[finding.pk]), {"note": "已红冲"})
    finding.refresh_from_db()
    assert (finding.state, finding.note) == ("acknowledged", "已红冲")
    assert "已红冲" in text(page.get(reverse("findings") + "?state=acknowledged"))
    assert text(page.get(reverse("findings") + "?mine=1"))


def test_a_finding_lists_only_visible_vouchers_and_bills(page: Client, book: AccountBook) -> None:
    stranger = VoucherFactory(vouch_no="THEIRS-1")
    invoice = InvoiceFactory(company=book.company)
    finding = Finding.objects.create(invoice=invoice, status="void")
    mine, theirs = VoucherFactory(book=book), BillFactory(number="BX-THEIRS")
    finding.vouchers.add(mine, stranger)
    finding.bills.add(theirs)
    shown = text(page.get(reverse("findings")))
    assert str(mine) in shown
    assert "THEIRS" not in shown
    (row,) = page.get("/api/v1/findings/").json()["results"]
    assert (row["vouchers"], row["bills"]) == ([mine.pk], [])


def test_an_import_needs_the_permission_to_change_vouchers(page: Client, accountant: User) -> None:
    assert page.get(reverse("import_vouchers")).status_code == 200
    accountant.groups.clear()
    accountant.user_permissions.set(Permission.objects.filter(codename__in=["view_voucher", "add_voucher"]))
    assert page.get(reverse("import_vouchers")).status_code == 403


def test_the_list_of_findings_has_a_query_budget(
    page: Client, book: AccountBook, django_assert_max_num_queries: Any
) -> None:
    for _n in range(12):
        finding = Finding.objects.create(invoice=InvoiceFactory(company=book.company), status="void")
        finding.vouchers.add(VoucherFactory(book=book))
    with django_assert_max_num_queries(18):
        text(page.get(reverse("findings")))


@pytest.mark.django_db
def test_admin_pages_open_and_save_through_the_services(client: Client) -> None:
    client.force_login(AdminFactory())
    book = AccountBookFactory()
    voucher = VoucherFactory(book=book)
    for model in ("accountbook", "closedperiod", "closingrequest", "voucher", "finding"):
        text(client.get(reverse(f"admin:vouchers_{model}_changelist")))
    for model in ("accountbook", "closedperiod", "closingrequest", "voucher"):
        text(client.get(reverse(f"admin:vouchers_{model}_add")))
    address = reverse("admin:vouchers_voucher_change", args=[voucher.pk])
    text(client.get(address))
    first, second = voucher.entries.order_by("position")
    data = {
        "item": "项目", "vouch_id": voucher.vouch_id, "account_date": "2026-03-03", "business_date": "2026-03-03",
        "period": "202603", "resource": "piaozone", "attachments_count": "2",
        "entries-TOTAL_FORMS": 2, "entries-INITIAL_FORMS": 2, "invoice_links-TOTAL_FORMS": 0,
        "invoice_links-INITIAL_FORMS": 0,
    }  # fmt: skip
    for at, (entry, debit, credit) in enumerate(((first, "50.00", "0"), (second, "0", "50.00"))):
        row = {
            "id": entry.pk,
            "voucher": voucher.pk,
            "account": "1",
            "currency": "CNY",
            "debit": debit,
            "credit": credit,
        }
        data |= {f"entries-{at}-{name}": value for name, value in row.items()}
    answer = client.post(address, data)
    assert answer.status_code == 302, answer.context["errors"]
    voucher.refresh_from_db()
    assert (voucher.item, voucher.total_debit, voucher.revision) == ("项目", Decimal("50.00"), 2)
    text(client.get(reverse("admin:vouchers_voucher_history", args=[voucher.pk])))
    page = text(
        client.post(
            reverse("admin:vouchers_voucher_changelist"),
            {"action": "collect_selected", "_selected_action": [voucher.pk]},
        )
    )
    assert "confirmed" in page


def test_admin_closes_periods_and_the_page_opens_them(client: Client, book: AccountBook) -> None:
    client.force_login(AdminFactory())
    VoucherFactory(book=book)
    address = reverse("admin:vouchers_closedperiod_add")
    assert "202603" in text(client.post(address, {"book": book.pk, "period": "202603"}))
    assert not book.closed_periods.exists()
    assert not client.post(address, {"book": book.pk, "period": "202602"}).context["adminform"].form.is_valid()
    ClosingRequest.objects.create(book=book, period="202602", requested_by=UserFactory())
    client.post(address, {"book": book.pk, "period": "202602"})
    closed = book.closed_periods.get()
    assert not book.closing_requests.exists()
    deletion = reverse("admin:vouchers_closedperiod_delete", args=[closed.pk])
    assert client.post(deletion, {"post": "yes"}).status_code == 403  # there is no reason in it
    opening = reverse("open_period", args=[book.pk, "202602"])
    client.post(opening, {"reason": ""})
    assert book.closed_periods.exists()
    client.post(opening, {"reason": "补记一张"})
    assert "补记一张" in text(client.get(reverse("periods")))
    assert not book.closed_periods.exists()


def queued() -> list[str]:
    return list(Push.objects.exclude(state=PushState.CANCELLED).order_by("pk").values_list("kind", flat=True))


def test_collecting_and_voiding_from_the_pages(page: Client, book: AccountBook) -> None:
    first, second, hidden = AuditedVoucherFactory(book=book), AuditedVoucherFactory(book=book), AuditedVoucherFactory()
    page.post(reverse("collect_voucher", args=[first.pk]), {"revision": 1})
    answer = page.post(
        reverse("collect_vouchers"), {"voucher": [first.pk, second.pk, hidden.pk], "revision": [9, 1, 1]}
    )
    assert answer.url == f"{reverse('voucher_progress')}?ids={first.pk},{second.pk}"
    shown = text(page.get(answer.url))
    assert str(first) in shown
    assert queued() == ["voucher_collect", "voucher_collect"]  # the first one had changed since it was confirmed
    page.post(reverse("void_vouchers"), {"voucher": [second.pk], "revision": [1], "reason": "误记"})
    page.post(reverse("void_voucher", args=[first.pk]), {"revision": 1, "reason": "误记"})
    assert {v.state for v in Voucher.objects.filter(book=book)} == {"void"}
    assert queued() == []  # none of them had gone
    for voucher in (first, second):
        page.post(reverse("reopen_voucher", args=[voucher.pk]), {"revision": 1})
        page.post(reverse("discard_voucher", args=[voucher.pk]), {"revision": 2})
    assert list(Voucher.objects.filter(book=book)) == [first]  # its number is not the last, and stays
    hidden.refresh_from_db()
    assert hidden.state == "audited"


def test_a_page_polls_while_a_push_is_unsettled(page: Client, book: AccountBook) -> None:
    address = reverse("voucher_pushes", args=[VoucherFactory(book=book, push_state="waiting").pk])
    assert "hx-get" in text(page.get(address))
    address = reverse("voucher_pushes", args=[VoucherFactory(book=book, push_state="collected").pk])
    assert "hx-get" not in text(page.get(address))
