"""Names of people: Chinese order, in one place."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from apps.accounts.models import User
from apps.accounts.names import full_name, joined, name_columns, name_of
from apps.bills.compliance.selectors import checked
from apps.bills.models import Bill
from apps.bills.selectors import double_claims
from apps.bills.services import reserve
from apps.invoices.models import Invoice
from apps.sources.services import cancel_run, queue_run
from apps.vouchers import proposals, services
from apps.vouchers.models import AccountMapping
from tests.bills.builders import invoices
from tests.factories import AccountBookFactory, AdminFactory, BillFactory, BillLineFactory, SourceFactory

ROOT = Path(settings.BASE_DIR)
PARTS = re.compile(r"first_name|last_name|get_full_name|get_short_name")
LOGIN_NAME = re.compile(r"\.username|get_username")
# Forms, the account's own definition and the demo's login may write the parts; nothing else may read them.
WITH_PARTS = {
    "apps/accounts/names.py",
    "apps/accounts/models.py",
    "apps/accounts/admin.py",
    "invoicehub/management/commands/demo.py",
    "invoicehub/examples.py",
}


@pytest.mark.parametrize(
    ("last", "first", "shown"),
    [
        ("王", "芳", "王芳"),
        ("欧阳", "震华", "欧阳震华"),
        ("", "王芳", "王芳"),
        ("王芳", "", "王芳"),
        (" 王 ", " 芳 ", "王芳"),
        ("𠮷", "明", "𠮷明"),
        ("Smith", "Anna", "Anna Smith"),
        ("", "Anna", "Anna"),
        ("Smith", "", "Smith"),
        ("王", "Anna", "王Anna"),
        ("", "", ""),
    ],
)
def test_a_chinese_name_has_the_family_name_first_and_no_space(last: str, first: str, shown: str) -> None:
    user = User(username="login", last_name=last, first_name=first)
    assert full_name(last, first) == user.get_full_name() == shown
    assert name_of(user) == str(user) == joined(last, first, "login") == (shown or "login")


def test_nobody_has_no_name() -> None:
    assert name_of(None) == joined(None, None, None) == ""


def files_with(pattern: re.Pattern[str], *globs: str) -> set[str]:
    paths = [path for glob in globs for path in ROOT.glob(glob) if "migrations" not in path.parts]
    return {str(path.relative_to(ROOT)) for path in paths if pattern.search(path.read_text())}


def test_no_page_or_module_puts_a_name_together_itself() -> None:
    assert files_with(PARTS, "apps/**/*.py", "invoicehub/**/*.py", "templates/**/*.html") <= WITH_PARTS
    # The menu shows the login name below the name on purpose.
    assert files_with(LOGIN_NAME, "templates/**/*.html") == {"templates/navigation.html"}


@pytest.fixture
def wang() -> User:
    return AdminFactory(username="wfang", last_name="王", first_name="芳")


@pytest.mark.django_db
def test_columns_give_the_same_name_as_the_row(wang: User) -> None:
    bill = BillFactory(created_by=wang)
    assert joined(*Bill.objects.values_list(*name_columns("created_by")).get(pk=bill.pk)) == name_of(wang) == "王芳"


@pytest.mark.django_db
def test_messages_evidence_and_vouchers_name_the_person(wang: User, client: Client) -> None:
    client.force_login(wang)
    source = SourceFactory()
    run, _new = queue_run(source, "person", wang)
    cancel_run(run, wang)
    run.refresh_from_db()
    assert "王芳" in str(run.error_message)

    free, copy = invoices(source, 2)
    bill, other = BillFactory(company=source.company, employee=""), BillFactory(company=source.company, employee="")
    reserve(bill, [free.pk], wang)
    (refusal,) = reserve(other, [free.pk], wang).refused
    assert "王芳" in str(refusal.message)
    reserve(other, [copy.pk], wang)
    for page in (f"/bills/{bill.pk}/", f"/bills/{other.pk}/pick/"):
        assert "王芳" in client.get(page).text, page
    Invoice.objects.filter(pk=copy.pk).update(merged_into=free)
    assert {claim.person for claim in double_claims([free.pk])[free.pk]} == {"王芳"}
    (finding,) = [one for one in checked(bill, wang).results if one.finding.code == "checks.used_elsewhere_bill"]
    assert finding.finding.params["holder"] == "王芳"

    Bill.objects.filter(pk=bill.pk).update(state="approved")
    BillLineFactory(bill=bill, amount=Decimal("113.00"))
    book = AccountBookFactory(company=source.company)
    AccountMapping.objects.create(book=book, debit_account="6602", tax_account="2221", credit_account="2241")
    assert proposals.draft_from_bills([bill.pk], book, wang).creator == "王芳"
    assert services.create(book, services.Change({"period": "202603"}), wang).creator == "王芳"


@pytest.mark.django_db
def test_the_admin_shows_and_finds_the_whole_name(wang: User, client: Client) -> None:
    client.force_login(wang)
    for term in ("王芳", "芳", "wfang"):
        assert ">王芳<" in client.get("/admin/accounts/user/", {"q": term}).text, term
    assert ">王芳<" not in client.get("/admin/accounts/user/", {"q": "芳王"}).text
