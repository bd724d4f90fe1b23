"""Vouchers and findings over REST."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.invoices.models import Invoice
from apps.vouchers.models import AccountBook, Finding, Voucher, VoucherInvoice
from tests.factories import AuditedVoucherFactory, BillFactory, InvoiceFactory, UserFactory, VoucherFactory

ROOT = "/api/v1/vouchers/"


@pytest.fixture
def api(accountant: User, client: Client) -> Client:
    client.force_login(accountant)
    return client


def body(book: AccountBook, **changes: Any) -> dict[str, Any]:
    return {
        "book": book.pk,
        "vouch_no": "0001",
        "business_date": "2026-03-02",
        "account_date": "2026-03-03",
        "period": "202603",
        "entries": [
            {"summary": "纸", "account": "6602", "debit": "113.00"},
            {"summary": "应付", "account": "2241", "credit": "113.00"},
        ],
    } | changes


def send(api: Client, method: str, address: str, data: Any = None, **headers: str) -> Any:
    return api.generic(method, address, json.dumps(data or {}), content_type="application/json", headers=headers)


def test_a_draft_is_entered_read_and_changed(api: Client, book: AccountBook) -> None:
    invoice, bill = InvoiceFactory(company=book.company), BillFactory(company=book.company)
    link = {"invoice": invoice.pk, "deductible": True, "deduction_tax": "13.00"}
    made = send(api, "POST", ROOT, body(book, invoices=[link], bills=[bill.number]))
    assert made.status_code == 201, made.json()
    voucher = made.json()
    assert (voucher["total_debit"], voucher["state"], voucher["bills"]) == ("113.00", "draft", [bill.number])
    assert voucher["entries"][0]["debit"] == "113.00"
    assert api.get(f"{ROOT}{voucher['id']}/").json() == voucher
    changed = send(api, "PATCH", f"{ROOT}{voucher['id']}/", {"revision": 1, "item": "项目"})
    assert (changed.json()["item"], changed.json()["revision"]) == ("项目", 2)
    assert changed.json()["entries"] == voucher["entries"]
    stale = send(api, "PATCH", f"{ROOT}{voucher['id']}/", {"revision": 1, "item": "x"})
    assert stale.status_code == 409
    assert "0001" in stale.json()["detail"]


def test_the_same_idempotency_key_makes_one_voucher(api: Client, book: AccountBook) -> None:
    first = send(api, "POST", ROOT, body(book), **{"Idempotency-Key": "k1"})
    again = send(api, "POST", ROOT, body(book), **{"Idempotency-Key": "k1"})
    assert first.json()["id"] == again.json()["id"]
    assert Voucher.objects.count() == 1


def test_records_of_other_companies_are_refused(api: Client, book: AccountBook) -> None:
    other = VoucherFactory()
    assert api.get(f"{ROOT}{other.pk}/").status_code == 404
    assert send(api, "POST", ROOT, body(other.book)).status_code == 400
    link = {"invoice": InvoiceFactory(company=other.book.company).pk}
    assert send(api, "POST", ROOT, body(book, invoices=[link])).status_code == 400
    assert send(api, "POST", ROOT, body(book, bills=["BX-NONE"])).status_code == 400
    assert Voucher.objects.count() == 1


def test_the_payload_of_a_collect_can_be_read(api: Client, book: AccountBook) -> None:
    voucher = VoucherFactory(book=book)
    sent = api.get(f"{ROOT}{voucher.pk}/payload/").json()
    assert sent["voucherInfo"]["vouchId"] == voucher.vouch_id
    assert sent["accountInfo"]["accountId"] == book.account_id


def test_problems_are_reported_by_field(api: Client, book: AccountBook) -> None:
    voucher = AuditedVoucherFactory(book=book, lines=False)
    answer = send(api, "POST", f"{ROOT}{voucher.pk}/collect/")
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"entries"}
    voucher.refresh_from_db()
    assert voucher.state == "audited"


def test_drafts_are_removed_and_sent_ones_are_kept(api: Client, book: AccountBook) -> None:
    assert send(api, "DELETE", f"{ROOT}{VoucherFactory(book=book).pk}/").status_code == 204
    assert send(api, "DELETE", f"{ROOT}{VoucherFactory(book=book, ever_sent=True).pk}/").status_code == 409


def test_viewers_only_read(client: Client, book: AccountBook) -> None:
    client.force_login(UserFactory(role="viewer", companies=[book.company]))
    voucher = VoucherFactory(book=book)
    assert client.get(ROOT).status_code == 200
    for method, address in (
        ("POST", ROOT), ("PATCH", f"{ROOT}{voucher.pk}/"), ("DELETE", f"{ROOT}{voucher.pk}/"),
        ("POST", f"{ROOT}{voucher.pk}/collect/"), ("POST", f"{ROOT}{voucher.pk}/void/"),
        ("POST", f"{ROOT}{voucher.pk}/reopen/"),
    ):  # fmt: skip
        assert send(client, method, address).status_code == 403, (method, address)


def test_a_page_of_vouchers_has_a_query_budget(
    api: Client, book: AccountBook, django_assert_max_num_queries: Any
) -> None:
    VoucherFactory.create_batch(20, book=book)
    with django_assert_max_num_queries(12):
        rows = api.get(ROOT).json()["results"]
    assert len(rows) == 20
    assert {Decimal(row["entries"][0]["debit"]) for row in rows} == {Decimal(113)}


def test_findings_can_be_read_and_acknowledged(api: Client, book: AccountBook) -> None:
    finding = Finding.objects.create(invoice=InvoiceFactory(company=book.company), status="void")
    Finding.objects.create(invoice=InvoiceFactory(), status="void")
    (row,) = api.get("/api/v1/findings/?state=open").json()["results"]
    assert row["id"] == finding.pk
    answer = send(api, "POST", f"/api/v1/findings/{finding.pk}/acknowledge/", {"note": "已红冲"})
    assert (answer.json()["state"], answer.json()["note"]) == ("acknowledged", "已红冲")
    assert send(api, "POST", f"/api/v1/findings/{finding.pk}/acknowledge/", {"note": "x"}).status_code == 409


def test_an_invoice_lists_only_visible_vouchers(api: Client, book: AccountBook) -> None:
    invoice = InvoiceFactory(company=book.company)
    mine, void, hidden = VoucherFactory(book=book), VoucherFactory(book=book, state="void"), VoucherFactory()
    for voucher in (mine, void, hidden):
        VoucherInvoice.objects.create(voucher=voucher, invoice=invoice)
    (named,) = api.get(f"/api/v1/invoices/{invoice.pk}/").json()["vouchers"]
    assert (named["id"], named["vouch_no"], named["state"]) == (mine.pk, mine.vouch_no, "draft")
    shown = api.get(f"/invoices/{invoice.pk}/").content.decode()
    assert f"/vouchers/{mine.pk}/" in shown
    assert f"/vouchers/{hidden.pk}/" not in shown


def test_a_change_keeps_invoices_that_the_writer_may_not_see(api: Client, book: AccountBook) -> None:
    voucher = VoucherFactory(book=book)
    mine, mine_too, hidden = (*InvoiceFactory.create_batch(2, company=book.company), InvoiceFactory())
    for invoice in (mine, mine_too, hidden):
        voucher.invoice_links.create(invoice=invoice, deductible=True, deduction_tax=Decimal(7))
    shown = api.get(f"{ROOT}{voucher.pk}/").json()
    assert [link["invoice"] for link in shown["invoices"]] == [mine.pk, mine_too.pk]
    changed = send(api, "PATCH", f"{ROOT}{voucher.pk}/", {"invoices": shown["invoices"][:1]})
    assert [link["invoice"] for link in changed.json()["invoices"]] == [mine.pk]
    kept = voucher.invoice_links.order_by("pk").values_list("invoice", "deduction_tax")
    assert list(kept) == [(mine.pk, Decimal(7)), (hidden.pk, Decimal(7))]
    named = send(api, "PATCH", f"{ROOT}{voucher.pk}/", {"invoices": [{"invoice": hidden.pk}]})
    assert named.status_code == 400


def test_a_voucher_read_after_a_merge_can_be_sent_back(api: Client, book: AccountBook) -> None:
    voucher = VoucherFactory(book=book)
    master, merged, lost = InvoiceFactory(company=book.company), InvoiceFactory(), InvoiceFactory()
    Invoice.objects.filter(pk=merged.pk).update(merged_into=master)
    Invoice.objects.filter(pk=lost.pk).update(merged_into=InvoiceFactory())
    for invoice in (merged, lost):
        voucher.invoice_links.create(invoice=invoice)
    links = api.get(f"{ROOT}{voucher.pk}/").json()["invoices"]
    assert [link["invoice"] for link in links] == [master.pk]
    assert send(api, "PATCH", f"{ROOT}{voucher.pk}/", {"invoices": links}).status_code == 200
    assert set(voucher.invoice_links.values_list("invoice", flat=True)) == {master.pk, lost.pk}


def test_invoices_are_read_in_one_query(api: Client, book: AccountBook) -> None:
    invoices = InvoiceFactory.create_batch(30, company=book.company)
    voucher = VoucherFactory(book=book)

    def statements(count: int) -> int:
        voucher.invoice_links.all().delete()
        links = [{"invoice": invoice.pk} for invoice in invoices[:count]]
        with CaptureQueriesContext(connection) as queries:
            answer = send(api, "PATCH", f"{ROOT}{voucher.pk}/", {"invoices": links})
        assert len(answer.json()["invoices"]) == count
        return len(queries)

    statements(1)  # without the statements that are made once per process
    assert statements(30) == statements(2)


def test_an_unknown_invoice_is_reported_at_its_index(api: Client, book: AccountBook) -> None:
    mine, hidden = InvoiceFactory(company=book.company), InvoiceFactory()
    links = [{"invoice": mine.pk}, {"invoice": hidden.pk}]
    answer = send(api, "POST", ROOT, body(book, invoices=links))
    assert answer.status_code == 400
    first, second = answer.json()["errors"]["invoices"]
    assert (first, list(second)) == ({}, ["invoice"])
    assert str(hidden.pk) in second["invoice"][0]
    twice = send(api, "POST", ROOT, body(book, invoices=links[:1] * 2))
    assert twice.status_code == 409
    assert send(api, "POST", ROOT, body(book, invoices=[{"invoice": 2**70}])).status_code == 400


def test_a_voucher_is_reversed_copied_and_voided_over_rest(api: Client, book: AccountBook) -> None:
    voucher = AuditedVoucherFactory(
        book=book, state="booked", collected_revision=1, ever_sent=True, push_state="collected"
    )
    address = f"{ROOT}{voucher.pk}/"
    assert send(api, "PATCH", address, {"item": "x"}).status_code == 409
    answer = send(api, "POST", f"{address}reverse/", {"revision": 1, "date": "2026-04-08"})
    assert answer.status_code == 201, answer.json()
    made = answer.json()
    assert (made["reversal_of"], made["period"], made["total_debit"]) == (voucher.pk, "202604", "-113.00")
    for side in ("debit", "credit"):
        entries = [*made["entries"], *api.get(address).json()["entries"]]
        assert sum(Decimal(entry[side]) for entry in entries) == 0
    assert api.get(address).json()["reversed_by"] == made["id"]
    assert send(api, "POST", f"{address}reverse/").status_code == 409
    copied = send(api, "POST", f"{address}copy/", {"date": "2026-04-09"}).json()
    assert (copied["account_date"], copied["vouch_no"], copied["reversal_of"]) == ("2026-04-09", "", None)
    assert send(api, "POST", f"{ROOT}{copied['id']}/void/", {}).status_code == 400
    void = send(api, "POST", f"{ROOT}{copied['id']}/void/", {"reason": "重复"}).json()
    assert (void["state"], void["void_reason"]) == ("void", "重复")
    assert send(api, "POST", f"{ROOT}void/", {"vouchers": [{"id": made["id"]}]}).status_code == 400


def test_templates_are_kept_used_and_renamed_over_rest(api: Client, book: AccountBook) -> None:
    root = "/api/v1/voucher-templates/"
    voucher, hidden = VoucherFactory(book=book), VoucherFactory()
    assert send(api, "POST", root, {"name": "x", "voucher": hidden.pk}).status_code == 400
    assert send(api, "POST", root, {"name": "x"}).status_code == 400
    made = send(api, "POST", root, {"name": "差旅", "voucher": voucher.pk})
    assert made.status_code == 201, made.json()
    address = f"{root}{made.json()['id']}/"
    (row,) = api.get(root).json()["results"]
    assert (row["name"], row["book"], [entry["debit"] for entry in row["entries"]]) == (
        "差旅", book.pk, ["113.00", "0.00"],
    )  # fmt: skip
    assert send(api, "POST", root, {"name": "差旅", "voucher": voucher.pk}).status_code == 409
    assert send(api, "PATCH", address, {"name": "差旅费"}).json()["name"] == "差旅费"
    for amounts, total in ((True, Decimal(113)), (False, Decimal(0))):
        used = send(api, "POST", f"{address}draft/", {"with_amounts": amounts, "date": "2026-05-01"})
        draft = Voucher.objects.get(pk=used.json()["voucher"])
        assert (draft.period, draft.total_debit) == ("202605", total)
    assert send(api, "DELETE", address).status_code == 204


def test_a_count_of_attachments_is_entered_and_given_back_over_rest(api: Client, book: AccountBook) -> None:
    link = {"invoice": InvoiceFactory(company=book.company).pk}
    made = send(api, "POST", ROOT, body(book, invoices=[link])).json()
    assert (made["attachments_count"], made["attachments_by_hand"]) == (1, False)
    address = f"{ROOT}{made['id']}/"
    entered = send(api, "PATCH", address, {"attachments_count": 4}).json()
    assert (entered["attachments_count"], entered["attachments_by_hand"]) == (4, True)
    counted = send(api, "PATCH", address, {"attachments_count": None}).json()
    assert (counted["attachments_count"], counted["attachments_by_hand"]) == (1, False)
