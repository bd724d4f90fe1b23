"""Pages to reverse, copy and void vouchers, and of templates."""

import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.vouchers import corrections, importing
from apps.vouchers.models import AccountBook, Voucher, VoucherInvoice, VoucherTemplate
from tests.factories import AdminFactory, AuditedVoucherFactory, InvoiceFactory, VoucherFactory


@pytest.fixture
def page(accountant: User, client: Client) -> Client:
    client.force_login(accountant)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def collected(book: AccountBook) -> Voucher:
    return AuditedVoucherFactory(
        book=book,
        state="booked",
        type="记",
        vouch_no="12",
        collected_revision=1,
        push_state="collected",
        ever_sent=True,
    )


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return " ".join(answer.content.decode().split())


def test_a_collected_voucher_offers_no_edit_and_says_what_to_do(page: Client, collected: Voucher) -> None:
    edit = reverse("edit_voucher", args=[collected.pk])
    shown = text(page.get(reverse("voucher", args=[collected.pk])))
    assert edit not in shown
    assert reverse("reverse_voucher", args=[collected.pk]) in shown
    assert "Reverse it in red (红字冲销) or void it" in text(page.get(edit, follow=True))


def test_a_voucher_is_reversed_after_a_preview(page: Client, collected: Voucher) -> None:
    address = reverse("reverse_voucher", args=[collected.pk])
    preview = text(page.get(address))
    assert "冲销 记-12（2026-03）：王芳 差旅费" in preview
    assert preview.count("-113.00") == 6  # an entry on each side, and both sums, for wide and for narrow screens
    assert Voucher.objects.count() == 1
    answer = page.post(address, {"revision": 1, "day": "2026-04-08"})
    reversal = Voucher.objects.get(reversal_of=collected)
    assert (answer.url, f"{reversal.account_date}") == (reverse("voucher", args=[reversal.pk]), "2026-04-08")
    shown = text(page.get(answer.url))
    assert "Reverses voucher" in shown
    assert reverse("voucher", args=[collected.pk]) in shown
    original = text(page.get(reverse("voucher", args=[collected.pk])))
    assert "A reversal is being prepared:" in original
    assert address not in original
    assert 'id="void-reason"' not in original
    Voucher.objects.filter(pk=reversal.pk).update(state="booked")
    assert "Reversed by" in text(page.get(reverse("voucher", args=[collected.pk])))
    assert "is reversed by" in text(page.get(address))


def test_only_the_head_of_a_reversal_is_edited(page: Client, collected: Voucher) -> None:
    reversal = corrections.reverse(collected.pk, None, None)
    address = reverse("edit_voucher", args=[reversal.pk])
    assert "entries-TOTAL_FORMS" not in text(page.get(address))
    data = {
        "revision": 1, "vouch_id": reversal.vouch_id, "resource": "piaozone", "type": "记",
        "account_date": "2026-05-04", "business_date": "2026-05-04", "period": "202605", "attachments_count": "1",
    }  # fmt: skip
    assert page.post(address, data).status_code == 302
    reversal.refresh_from_db()
    assert (reversal.period, reversal.total_debit, reversal.entries.count()) == ("202605", Decimal("-113.00"), 2)


def test_a_void_asks_for_a_reason_and_shows_it(page: Client, book: AccountBook) -> None:
    voucher = VoucherFactory(book=book)
    address = reverse("voucher", args=[voucher.pk])
    page.post(reverse("void_voucher", args=[voucher.pk]), {"revision": 1})
    voucher.refresh_from_db()
    assert voucher.state == "draft"
    assert "Say why it is voided" in text(page.get(address))
    page.post(reverse("void_voucher", args=[voucher.pk]), {"revision": 1, "reason": "重复入账"})
    shown = text(page.get(address))
    assert "Voided because: 重复入账" in shown
    steps = shown[shown.index('id="steps"') :]
    assert "重复入账" in steps[: steps.index("</ol>")]


def test_several_are_voided_with_one_reason(page: Client, book: AccountBook) -> None:
    first, second = VoucherFactory.create_batch(2, book=book)
    chosen = {"voucher": [first.pk, second.pk], "action": "void"}
    assert 'name="reason"' in text(page.post(reverse("chosen_vouchers"), chosen))
    page.post(reverse("void_vouchers"), {"voucher": [first.pk, second.pk], "revision": [1, 1]})
    assert not Voucher.objects.filter(state="void").exists()
    page.post(reverse("void_vouchers"), {"voucher": [first.pk, second.pk], "revision": [1, 1], "reason": "试录"})
    assert list(Voucher.objects.values_list("state", "void_reason")) == [("void", "试录")] * 2


def test_a_copy_opens_for_editing(page: Client, collected: Voucher) -> None:
    answer = page.post(reverse("copy_voucher", args=[collected.pk]))
    copied = Voucher.objects.exclude(pk=collected.pk).get()
    assert answer.url == reverse("edit_voucher", args=[copied.pk])
    assert copied.total_debit == Decimal(113)


def test_templates_are_kept_used_renamed_and_removed(page: Client, collected: Voucher) -> None:
    keep = reverse("keep_voucher_template", args=[collected.pk])
    page.post(keep, {"name": ""})
    assert not VoucherTemplate.objects.exists()
    page.post(keep, {"name": "差旅"})
    template = VoucherTemplate.objects.get()
    listed = reverse("voucher_templates")
    shown = text(page.get(listed))
    assert "差旅" in shown
    assert "113.00" in shown
    for data, total in (({"with_amounts": "1"}, Decimal(113)), ({}, Decimal(0))):
        answer = page.post(reverse("use_voucher_template", args=[template.pk]), data)
        made = Voucher.objects.latest("pk")
        assert (answer.url, made.total_debit) == (reverse("edit_voucher", args=[made.pk]), total)
    page.post(reverse("rename_voucher_template", args=[template.pk]), {"name": "差旅费"})
    assert "差旅费" in text(page.get(listed))
    page.post(reverse("remove_voucher_template", args=[template.pk]))
    assert not VoucherTemplate.objects.exists()
    hidden = VoucherTemplate.objects.create(book=VoucherFactory().book, name="别家", entries=[])
    assert "别家" not in text(page.get(listed))
    assert page.post(reverse("use_voucher_template", args=[hidden.pk])).status_code == 404


def test_the_form_shows_the_computed_count_of_attachments(page: Client, book: AccountBook) -> None:
    voucher = VoucherFactory(book=book)
    VoucherInvoice.objects.create(voucher=voucher, invoice=InvoiceFactory(company=book.company))
    assert 'placeholder="computed: 1"' in text(page.get(reverse("edit_voucher", args=[voucher.pk])))


def test_an_import_refuses_a_collected_voucher(book: AccountBook, collected: Voucher) -> None:
    row = {"book": book.account_id, "vouch_id": collected.vouch_id, "item": "x"}
    AccountBook.objects.update(collected_editable=True)
    (planned,) = importing.plan([(1, row)], None)
    assert [problem.code for problem in planned.problems] == ["voucher.is_booked"]


def test_the_command_line_reverses_and_voids_with_a_reason(collected: Voucher) -> None:
    out = StringIO()
    call_command("voucher", collected.vouch_id, "--do", "reverse", stdout=out)
    made = Voucher.objects.get(reversal_of=collected)
    assert json.loads(out.getvalue())["id"] == made.pk
    with pytest.raises(CommandError):
        call_command("voucher", made.vouch_id, "--do", "void", stdout=out)
    call_command("voucher", made.vouch_id, "--do", "void", "--reason", "冲错了", stdout=out)
    made.refresh_from_db()
    assert (made.state, made.void_reason) == ("void", "冲错了")


def test_the_administration_shows_collected_vouchers_and_reversals_read_only(
    client: Client, collected: Voucher
) -> None:
    client.force_login(AdminFactory())
    reversal = corrections.reverse(collected.pk, None, None)
    shown = text(client.get(reverse("admin:vouchers_voucher_change", args=[collected.pk])))
    assert 'name="_save"' not in shown
    head = text(client.get(reverse("admin:vouchers_voucher_change", args=[reversal.pk])))
    assert "entries-TOTAL_FORMS" not in head
