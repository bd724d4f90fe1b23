"""Example data of the demo besides the pulled invoices: people, an account book, bills in several states, and a
voucher. An accountant makes, submits and collects; a reviewer approves and audits."""

from collections.abc import Sequence
from decimal import Decimal

from django.contrib.auth.models import Group
from django.db import transaction

from apps.accounts.models import Company, User
from apps.accounts.roles import ACCOUNTANT, REVIEWER
from apps.bills import services as bills
from apps.bills.choices import BillInvoiceState
from apps.bills.compliance.selectors import checked
from apps.bills.models import Bill
from apps.bills.selectors import amounts_of
from apps.core.errors import HubError
from apps.invoices.choices import Expense, Status
from apps.invoices.models import Invoice
from apps.sources.models import Source
from apps.vouchers import auditing, proposals, pushing
from apps.vouchers.charts import services as charts
from apps.vouchers.models import Account, AccountBook, AccountMapping

PEOPLE = {  # role, which is the user name, too → name
    ACCOUNTANT: {"last_name": "刘", "first_name": "洋"},
    REVIEWER: {"last_name": "孙", "first_name": "丽"},
}
_EXPENSES = (("差旅费", "660201"), ("办公费", "660202"), ("业务招待费", "660203"), ("", "660299"))
_BILLS = (
    ("上海出差", "差旅费", "王芳", 4),
    ("办公用品采购", "办公费", "李强", 3),
    ("客户来访", "业务招待费", "赵敏", 3),
)
_WITH_SUNDRIES, _SUNDRIES = "办公费", Decimal("8.56")  # yuan without an invoice
_MOST_LOOKED_AT = 60
_CLAIMED = (Decimal(20), Decimal(20_000))  # yuan
# Codes of the enterprise standard; those below the first level are customary (docs/domain.md).
_TAX_AND_PAYABLE = {
    "tax_account": "22210101",
    "pending_tax_account": "222103",
    "transfer_out_account": "22210107",
    "credit_account": "2241",
}
_ITEMS = {"department": ("综合部", "研发部", "销售部"), "employee": ("王芳", "李强", "赵敏")}


def make(password: str) -> None:
    """Make the examples; does nothing when an account book exists. ``password``: of the people in PEOPLE."""
    source = Source.objects.select_related("company").filter(kind="piaozone").first()
    if source is None or AccountBook.objects.exists():
        return
    accountant, reviewer = (_person(source.company, role, password) for role in PEOPLE)
    book = AccountBook.objects.create(company=source.company, name="总账", account_id="ZT001", source=source)
    make_chart(book)
    good, made = _good(source, accountant), []
    for example in _BILLS:
        made.append(_bill(source, accountant, good, *example))
        good = good[example[-1] :]
    for bill in made[:2]:
        _handed_in(bill, accountant, reviewer)
    for bill in proposals.bookable_bills(book)[:1]:
        voucher = proposals.draft_from_bills([bill.pk], book, accountant)
        auditing.audit_one(voucher.pk, None, reviewer)
        pushing.queue_collect(voucher.pk, None, accountant)


def _person(company: Company, role: str, password: str) -> User:
    """The person of PEOPLE who has this role, in this company."""
    person, _made = User.objects.get_or_create(username=role, defaults=PEOPLE[role])
    person.set_password(password)
    person.save(update_fields=["password"])
    person.groups.add(Group.objects.get(name=role))
    person.companies.add(company)
    return person


def make_chart(book: AccountBook) -> None:
    """A chart of accounts with a mapping of every cost type, and lists of departments and employees."""
    charts.load_standard(book, "enterprise")
    rows = [{"code": code, "name": cost or "其他", "dimensions": "部门"} for cost, code in _EXPENSES]
    rows.append({"code": _TAX_AND_PAYABLE["credit_account"], "name": "其他应付款", "dimensions": "员工"})
    charts.import_accounts(book, rows)
    names = {account.code: str(account) for account in Account.objects.filter(book=book)}
    others = {field: names[code] for field, code in _TAX_AND_PAYABLE.items()}
    AccountMapping.objects.bulk_create(
        AccountMapping(book=book, cost_type=cost, debit_account=names[code], **others) for cost, code in _EXPENSES
    )
    items = [{"kind": kind, "name": name} for kind, listed in _ITEMS.items() for name in listed]
    charts.import_items(book.company, items)


def _bill(
    source: Source, user: User, invoices: Sequence[int], title: str, cost_type: str, employee: str, count: int
) -> Bill:
    bill = bills.create_bill(source.company, user, title=title, employee=employee, department="综合部", source=source)
    line = bills.put_line(bill, user, cost_type=cost_type)
    bills.reserve(bill, invoices[:count], user, line=line)
    if cost_type == _WITH_SUNDRIES:
        amount = amounts_of([bill])[bill.pk].of_invoices + _SUNDRIES
        bills.put_line(bill, user, line=line, amount=amount, without_invoice_reason="小额零星支出")
    return bill


def _good(source: Source, user: User) -> list[int]:
    """Free invoices without any finding of the checks, which are run on a bill that is not saved."""
    with transaction.atomic():
        bill = bills.create_bill(source.company, user)
        bills.reserve(bill, _free(source), user)
        results = checked(bill, user).by_bill_invoice
        wrong = {pk for pk, objections in results.items() if any(one.level != "note" for one in objections)}
        good = list(bill.bill_invoices.exclude(pk__in=wrong).order_by("pk").values_list("invoice_id", flat=True))
        transaction.set_rollback(True)
    return good


def _free(source: Source) -> Sequence[int]:
    """Invoices to the company that are on no bill, newest first."""
    free = Invoice.objects.filter(
        company_ids__contains=[source.company_id],
        merged_into=None,
        direction="input",
        status=Status.NORMAL,
        expense_status__in=[Expense.UNUSED, Expense.UNKNOWN],
        total_amount__range=_CLAIMED,
    )
    return list(free.order_by("-issue_date", "pk").values_list("pk", flat=True)[:_MOST_LOOKED_AT])


def _handed_in(bill: Bill, accountant: User, reviewer: User) -> None:
    if not bill.bill_invoices.exclude(state=BillInvoiceState.RELEASED).exists():
        return
    try:
        bills.submit(bill, accountant)
        bills.approve(bill, reviewer)
    except HubError:  # a check stops this one, which the demo shows as well
        return
