"""Nobody approves, audits or closes their own, over page, REST, command line or administration, while the policy says
so; a policy that allows it opens every way."""

import contextlib
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from apps.accounts import duties
from apps.accounts.choices import Duty
from apps.accounts.models import ApprovalLimit, DutyPolicy, User
from apps.accounts.roles import FINANCE_MANAGER
from apps.bills.models import Bill, BillStep
from apps.core.errors import HubError
from apps.vouchers import auditing, closing
from apps.vouchers.models import AccountBook, ClosedPeriod, ClosingRequest, Voucher
from tests.factories import AccountBookFactory, AdminFactory, BillFactory, UserFactory, VoucherFactory

pytestmark = pytest.mark.django_db
PERIOD = "202602"


class Person:
    """Somebody with all permissions that matter, at every way."""

    def __init__(self, user: User) -> None:
        self.user, self.window, self.rest = user, Client(), APIClient()
        self.window.force_login(user)
        self.rest.force_authenticate(user)

    def command(self, *words: str) -> None:
        with contextlib.suppress(CommandError):
            call_command(*words, "--as", self.user.username, stdout=_Nowhere(), stderr=_Nowhere())


class _Nowhere:
    def write(self, *_words: Any) -> None: ...

    def flush(self) -> None: ...

    def isatty(self) -> bool:
        return False


@pytest.fixture
def book() -> AccountBook:
    return AccountBookFactory()


@pytest.fixture
def me(book: AccountBook) -> Person:
    return Person(manager(book))


@pytest.fixture
def other(book: AccountBook) -> Person:
    return Person(manager(book))


def manager(book: AccountBook, **values: Any) -> User:
    return UserFactory(role=FINANCE_MANAGER, companies=[book.company], is_staff=True, **values)


# Each duty: a document of somebody's own, whether the step was taken, and the ways to take it.


def own_bill(book: AccountBook, user: User) -> Bill:
    bill: Bill = BillFactory(company=book.company, state="submitted", created_by=user, amount=Decimal("113.00"))
    bill.lines.create(position=1, amount=Decimal("113.00"), without_invoice_reason="补贴")
    return bill


def own_voucher(book: AccountBook, user: User) -> Voucher:
    voucher: Voucher = VoucherFactory(book=book, created_by=user)
    return voucher


def own_request(book: AccountBook, user: User) -> ClosingRequest:
    return closing.request_closing(book, PERIOD, user)


def approved(bill: Any) -> bool:
    return Bill.objects.get(pk=bill.pk).state == "approved"


def audited(voucher: Any) -> bool:
    return Voucher.objects.get(pk=voucher.pk).state == "audited"


def closed(request: Any) -> bool:
    return ClosedPeriod.objects.filter(book=request.book, period=request.period).exists()


MAKE: dict[Duty, Callable[[AccountBook, User], Any]] = {
    Duty.BILL: own_bill,
    Duty.VOUCHER: own_voucher,
    Duty.CLOSING: own_request,
}
DONE: dict[Duty, Callable[[Any], bool]] = {Duty.BILL: approved, Duty.VOUCHER: audited, Duty.CLOSING: closed}
WAYS: dict[tuple[Duty, str], Callable[[Person, Any], object]] = {
    (Duty.BILL, "page"): lambda who, bill: who.window.post(reverse("bill_step", args=[bill.pk, "approve"])),
    (Duty.BILL, "rest"): lambda who, bill: who.rest.post(f"/api/v1/bills/{bill.pk}/approve/", {}, format="json"),
    (Duty.BILL, "command"): lambda who, bill: who.command("bill", bill.number, "--do", "approve"),
    (Duty.VOUCHER, "page"): lambda who, one: who.window.post(reverse("audit_voucher", args=[one.pk])),
    (Duty.VOUCHER, "list"): lambda who, one: who.window.post(reverse("audit_vouchers"), {"voucher": one.pk}),
    (Duty.VOUCHER, "rest"): lambda who, one: who.rest.post(f"/api/v1/vouchers/{one.pk}/audit/", {}, format="json"),
    (Duty.VOUCHER, "rest, several"): lambda who, one: who.rest.post(
        "/api/v1/vouchers/audit/", {"vouchers": [{"id": one.pk}]}, format="json"
    ),
    (Duty.VOUCHER, "command"): lambda who, one: who.command("voucher", one.vouch_id, "--do", "audit"),
    (Duty.VOUCHER, "admin"): lambda who, one: who.window.post(
        reverse("admin:vouchers_voucher_changelist"),
        {"action": "audit_selected", "_selected_action": [one.pk], "confirmed": "1", "ready": [f"{one.pk}:1"]},
    ),
    (Duty.CLOSING, "page"): lambda who, asked: who.window.post(reverse("close_period", args=[asked.book_id, PERIOD])),
    (Duty.CLOSING, "rest"): lambda who, asked: who.rest.post(
        "/api/v1/closed-periods/", {"book": asked.book_id, "period": PERIOD}, format="json"
    ),
    (Duty.CLOSING, "command"): lambda who, asked: who.command("period", str(asked.book_id), PERIOD, "--do", "close"),
    (Duty.CLOSING, "admin"): lambda who, asked: who.window.post(
        reverse("admin:vouchers_closedperiod_add"), {"book": asked.book_id, "period": PERIOD}
    ),
}


@pytest.mark.parametrize(("duty", "way"), WAYS)
def test_ones_own_is_refused_until_the_policy_allows_it(book: AccountBook, me: Person, duty: Duty, way: str) -> None:
    document = MAKE[duty](book, me.user)
    WAYS[duty, way](me, document)
    assert not DONE[duty](document)
    DutyPolicy.objects.create(duty=duty, own_allowed=True)  # for all companies
    own = DutyPolicy.objects.create(duty=duty, company=book.company, own_allowed=False)
    WAYS[duty, way](me, document)
    assert not DONE[duty](document)
    own.delete()
    WAYS[duty, way](me, document)
    assert DONE[duty](document)


@pytest.mark.parametrize(("duty", "way"), WAYS)
def test_another_person_takes_the_step(book: AccountBook, me: Person, other: Person, duty: Duty, way: str) -> None:
    document = MAKE[duty](book, me.user)
    WAYS[duty, way](other, document)
    assert DONE[duty](document)


@pytest.mark.parametrize(("duty", "way"), WAYS)
def test_a_superuser_does_not_take_it_with_their_own_either(book: AccountBook, duty: Duty, way: str) -> None:
    chief = Person(AdminFactory())
    document = MAKE[duty](book, chief.user)
    WAYS[duty, way](chief, document)
    assert not DONE[duty](document)


def test_the_administration_does_not_approve_bills_at_all(book: AccountBook) -> None:
    chief = Person(AdminFactory())
    bill = own_bill(book, chief.user)
    DutyPolicy.objects.create(duty=Duty.BILL, own_allowed=True)
    chief.window.post(f"/admin/bills/bill/{bill.pk}/change/", {"state": "approved"})
    page = chief.window.get("/admin/bills/bill/")
    assert not approved(bill)
    assert 'value="approve' not in page.content.decode()


@pytest.mark.parametrize("duty", Duty)
def test_a_command_names_the_person(book: AccountBook, me: Person, duty: Duty) -> None:
    document = MAKE[duty](book, me.user)
    words = {
        Duty.BILL: lambda: ("bill", document.number, "--do", "approve"),
        Duty.VOUCHER: lambda: ("voucher", document.vouch_id, "--do", "audit"),
        Duty.CLOSING: lambda: ("period", str(book.pk), PERIOD, "--do", "close"),
    }
    with pytest.raises(CommandError, match="--as USERNAME"):
        call_command(*words[duty]())
    assert not DONE[duty](document)


def test_who_submitted_a_bill_or_is_its_employee_does_not_approve_it(book: AccountBook, me: Person) -> None:
    submitted = own_bill(book, UserFactory())
    Bill.objects.filter(pk=submitted.pk).update(employee="李雷")
    BillStep.objects.create(bill=submitted, user=me.user, action="submit", state="submitted", message={})
    named = BillFactory(company=book.company, state="submitted", employee="王 芳")
    me.user.last_name, me.user.first_name = "王", "芳"
    for bill in (submitted, named):
        answer = me.rest.post(f"/api/v1/bills/{bill.pk}/approve/", {}, format="json")
        assert (answer.status_code, approved(bill)) == (409, False)
        assert answer.json()["detail"].startswith("这张报销单是您本人的")
    BillStep.objects.create(bill=submitted, user=me.user, action="reopen", state="draft", message={})
    BillStep.objects.create(bill=submitted, user=UserFactory(), action="submit", state="submitted", message={})
    me.rest.post(f"/api/v1/bills/{submitted.pk}/approve/", {}, format="json")
    assert approved(submitted)  # another person has submitted it since


def test_who_changed_a_voucher_does_not_audit_it(book: AccountBook, me: Person, other: Person) -> None:
    voucher = own_voucher(book, other.user)
    me.rest.patch(f"/api/v1/vouchers/{voucher.pk}/", {"item": "项目"}, format="json")
    with pytest.raises(HubError) as refused:
        auditing.audit_one(voucher.pk, None, me.user)
    assert refused.value.message.code == "duties.own"
    page = me.window.get(reverse("voucher", args=[voucher.pk])).content.decode()
    assert str(refused.value) in page
    assert reverse("audit_voucher", args=[voucher.pk]) not in page


def test_the_page_of_a_bill_says_why_it_is_not_approved(book: AccountBook, me: Person, other: Person) -> None:
    bill = own_bill(book, me.user)
    address, approval = reverse("bill", args=[bill.pk]), reverse("bill_step", args=[bill.pk, "approve"])
    mine, others = (who.window.get(address).content.decode() for who in (me, other))
    assert ('id="not-approvable"' in mine, approval in mine) == (True, False)
    assert ('id="not-approvable"' in others, approval in others) == (False, True)


def test_a_period_without_a_request_is_not_closed(book: AccountBook, me: Person) -> None:
    with pytest.raises(HubError) as refused:
        closing.close_period(book, PERIOD, me.user)
    assert refused.value.message.code == "closing.not_requested"
    DutyPolicy.objects.create(duty=Duty.CLOSING, own_allowed=True)
    closing.close_period(book, PERIOD, me.user)


def code_of(user: User | None, company: int, amount: str) -> str:
    try:
        duties.require(user, Duty.BILL, company, {None}, Decimal(amount))
    except HubError as error:
        return error.message.code
    return ""


def test_limits_by_role_and_company(book: AccountBook) -> None:
    company, reviewer = book.company_id, Group.objects.get(name="reviewer")
    user = UserFactory(role="reviewer", companies=[book.company])
    assert code_of(user, company, "1000000.00") == ""
    ApprovalLimit.objects.create(duty=Duty.BILL, role=reviewer, amount=Decimal("1000.00"))
    ApprovalLimit.objects.create(duty=Duty.VOUCHER, role=reviewer, amount=Decimal("1.00"))
    assert [code_of(user, company, amount) for amount in ("1000.00", "1000.01", "-1000.01")] == [
        "",
        "duties.limit",
        "duties.limit",
    ]
    ApprovalLimit.objects.create(duty=Duty.BILL, role=reviewer, company=book.company, amount=Decimal("50.00"))
    assert [code_of(user, pk, "60.00") for pk in (company, AccountBookFactory().company_id)] == ["duties.limit", ""]
    user.groups.add(Group.objects.get(name="viewer"))  # does not approve, so it does not count
    assert code_of(user, company, "60.00") == "duties.limit"
    user.groups.add(Group.objects.get(name=FINANCE_MANAGER))  # has no limit
    assert code_of(user, company, "60.00") == ""
    assert code_of(AdminFactory(), company, "60.00") == ""
    assert code_of(None, company, "60.00") == ""


def test_many_documents_cost_three_queries(book: AccountBook, django_assert_max_num_queries: Any) -> None:
    user = manager(book)
    ApprovalLimit.objects.create(duty=Duty.VOUCHER, role=Group.objects.get(name=FINANCE_MANAGER), amount=Decimal(50))
    documents = [duties.Document(n, book.company_id, {user.pk if n % 2 else None}, Decimal(n)) for n in range(100)]
    with django_assert_max_num_queries(3):
        refused = duties.refusals(user, Duty.VOUCHER, documents)
    assert {error.message.code for error in refused.values()} == {"duties.own", "duties.limit"}
    assert [n for n in range(100) if n not in refused] == list(range(0, 51, 2))
