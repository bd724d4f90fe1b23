"""No translated text is stored: the same work done under English and under Chinese writes the same rows."""

import ast
import contextlib
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone, translation

from apps.accounts.models import User
from apps.bills import services as bills
from apps.bills.compliance import selectors as checks
from apps.bills.compliance import services as compliance
from apps.bills.models import Bill, BillStep
from apps.core.errors import HubError
from apps.core.messages import Message, restored
from apps.duplicates import services as duplicates
from apps.invoices.file_ingest import file_rows
from apps.invoices.models import Invoice
from apps.outbox import services as outbox
from apps.outbox.models import Push
from apps.sources import services as sources
from apps.sources.models import Source
from apps.sources.records import PartyRecord, Verification
from apps.vouchers import proposals, pushing
from apps.vouchers.models import AccountBook, Voucher
from tests.bills.builders import record_of as record_on_bill
from tests.duplicates.cases import a_case
from tests.factories import (
    AccountBookFactory,
    AuditedVoucherFactory,
    CompanyFactory,
    SourceFactory,
    SyncRunFactory,
    UserFactory,
)
from tests.invoices.ledgers import bring

PROJECT_APPS = ("accounts", "bills", "core", "duplicates", "invoices", "outbox", "sources", "vouchers")


@pytest.fixture
def user(db: None) -> User:
    return UserFactory(username="wang", is_superuser=True)


def stored_texts() -> Counter[tuple[str, str]]:
    """Every text and JSON value in the tables of the project, without ids and digits: ids and times differ."""
    texts: Counter[tuple[str, str]] = Counter()
    for model in apps.get_models():
        if model._meta.app_label not in PROJECT_APPS:
            continue
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, (models.CharField, models.TextField, models.JSONField))
            and field.attname not in ("signature", "password")
        ]
        for row in model._default_manager.values(*names) if names else ():
            for name, value in row.items():
                text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
                text = re.sub(r"\d+", "0", re.sub(r"[0-9a-f]{12,}", "id", text))
                texts[f"{model._meta.label}.{name}", text] += 1
    return texts


def written_under(language: str, work: Callable[[], None]) -> Counter[tuple[str, str]]:
    with transaction.atomic(), translation.override(language):
        work()
        texts = stored_texts()
        transaction.set_rollback(True)
    return texts


def assert_same_rows(work: Callable[[], None]) -> None:
    english, chinese = written_under("en", work), written_under("zh-hans", work)
    assert english
    assert english - chinese == chinese - english == Counter()


def _invoice(source: Source, number: int, buyer: str, bill: str = "") -> Any:
    return record_on_bill(
        number * 100,
        bill,
        issue_date=timezone.localdate(),
        buyer=PartyRecord(buyer, source.company.tax_no),
        seller=PartyRecord("丙文具店", ""),
        verification=Verification.PASSED,
    )


def _bill_with_an_override(source: Source, user: User) -> Bill:
    bill = bills.create_bill(source.company, user, employee="王芳")
    bills.edit_bill(bill, user, title="差旅", employee="李雷")
    bring(source, _invoice(source, 1, "别的公司"))
    ids = list(Invoice.objects.values_list("pk", flat=True))
    bills.reserve(bill, ids, user)
    bills.put_line(bill, user, cost_type="办公费")
    (first, *others) = checks.checked(bill).blocking
    overrides = compliance.override(bill, [first.signature, *(one.signature for one in others)], "集团统一开票", user)
    compliance.take_back(bill, overrides[0].pk, user)
    compliance.override(bill, [first.signature], "集团统一开票", user)
    return bill


def test_a_bill_its_checks_and_its_voucher(user: User) -> None:
    def work() -> None:
        source = SourceFactory(name="发票云", kind="piaozone", company__name="甲公司")
        bill = _bill_with_an_override(source, user)
        bills.submit(bill, user)
        bills.approve(bill, None)
        book: AccountBook = AccountBookFactory(company=source.company, source=source)
        voucher = proposals.draft_from_bills([bill.pk], book, user)
        collected = AuditedVoucherFactory(book=book)
        assert not pushing.collect({collected.pk: None}, user).refused
        Voucher.objects.filter(pk=voucher.pk).update(state="booked")
        bills.book_all([bill.pk], user, ())
        bills.unbook_all({bill.pk: voucher.name}, user, ())
        assert Push.objects.exists()
        for push in Push.objects.all():
            with contextlib.suppress(HubError):
                outbox.dismiss(push, user, "不需要")
        bill.refresh_from_db()
        bills.unapprove(bill, user, "有误")
        bills.withdraw(bill, user, "有误")
        bills.reopen(bill, user)

    assert_same_rows(work)


def test_the_timeline_reads_in_either_language(user: User) -> None:
    source = SourceFactory(name="发票云", kind="piaozone", company__name="甲公司")
    bill = _bill_with_an_override(source, user)
    sentences = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            sentences[language] = " ".join(str(step.sentence) for step in BillStep.objects.filter(bill=bill))
    assert "Title is not the company" in sentences["en"]
    assert "抬头" in sentences["zh-hans"]
    assert "Title" not in sentences["zh-hans"]


def test_an_import_of_files_and_a_stopped_run(user: User) -> None:
    def work() -> None:
        rows = [
            {"number": "12345678", "code": "3100123456", "issue_date": "2026-01-05", "total_amount": "113.00"},
            {"number": "12345679", "code": "3100123456", "issue_date": "2026-13-05", "total_amount": "113.00"},
        ]
        file_rows(enumerate(rows, 2))
        file_rows(enumerate(rows, 2), CompanyFactory(name="乙公司"))
        sources.cancel_run(SyncRunFactory(queued=True), user)

    assert_same_rows(work)


def test_decisions_about_duplicates(user: User) -> None:
    def work() -> None:
        case = a_case(SourceFactory())
        duplicates.assign(case, user, user, "请看")
        decision = duplicates.dismiss(case, user, "两张不同的发票")
        duplicates.undo(decision, user)
        duplicates.comment(case, user, "再看")

    assert_same_rows(work)


def test_a_parameter_that_is_text_of_ours_is_a_message() -> None:
    error = HubError("bills.impossible", bill="BX1", state=Message("bills.state.draft"))
    message = restored(json.loads(json.dumps(error.message.stored())))
    assert message == error.message
    with translation.override("zh-hans"):
        chinese = str(message)
    with translation.override("en"):
        assert str(message) != chinese


# Where a translation is made at once: text that is shown in the same request, or that must not follow the reader.
SPEAKS_AT_ONCE = {
    "apps/bills/compliance/choices.py": "labels of checks, shown on pages and in forms",
    "apps/bills/imports.py": "problems of a file, shown on the page of the import",
    "apps/core/filter_chips.py": "chips of a page",
    "apps/core/history.py": "values of a page",
    "apps/core/messages.py": "renders what is stored",
    "apps/core/pagination.py": "answers of REST",
    "apps/invoices/file_ingest.py": "names in rows, under the installation's language",
    "apps/invoices/sheets.py": "headings of an export",
    "apps/sources/services.py": "problems of a form",
    "apps/vouchers/selectors.py": "name of a voucher in a refusal that is shown at once",
    "apps/vouchers/bulk_actions.py": "messages of a page",
    "apps/vouchers/charts/services.py": "problems of a file, shown on the page of the import",
    "apps/sandbox/management/commands/sandbox.py": "a line on a terminal",
}
_PAGES = re.compile(r"/(views|forms|admin|templatetags|migrations)(/|\.py$|_)|(admin|views|forms)\.py$")
_AT_ONCE = {"gettext", "ngettext", "pgettext", "npgettext"}


def test_only_pages_translate_at_once() -> None:
    """``gettext`` outside of pages gives text in somebody's language to whatever happens to run."""
    speaking = set()
    for path in sorted((Path(settings.BASE_DIR) / "apps").rglob("*.py")):
        name = path.relative_to(settings.BASE_DIR).as_posix()
        imports = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
        names = {alias.name for node in imports if node.module == "django.utils.translation" for alias in node.names}
        if names & _AT_ONCE and not _PAGES.search(name):
            speaking.add(name)
    assert speaking == set(SPEAKS_AT_ONCE)
