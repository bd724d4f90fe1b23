"""What the demonstration has besides the pulled invoices: an account book, bills on their way, and a voucher."""

from collections.abc import Sequence

from apps.accounts.models import User
from apps.bills import services as bills
from apps.bills.compliance.selectors import checked
from apps.bills.models import Bill
from apps.core.errors import HubError
from apps.invoices.choices import Expense, Status
from apps.invoices.models import Invoice, Sighting
from apps.sources.models import Source
from apps.vouchers import proposals, pushing
from apps.vouchers.models import AccountBook, AccountMapping

_MAPPING = (("差旅费", "6602.01"), ("办公费", "6602.02"), ("业务招待费", "6602.03"), ("", "6602.99"))
_BILLS = (
    ("上海出差", "差旅费", "王芳", 4),
    ("办公用品采购", "办公费", "李强", 3),
    ("客户来访", "业务招待费", "赵敏", 3),
)
_INPUT_TAX, _PAYABLE = "2221.01", "2241"


def make(user: User) -> None:
    """Does nothing where there is an account book already."""
    source = Source.objects.select_related("company").filter(kind="piaozone").first()
    if source is None or AccountBook.objects.exists():
        return
    book = AccountBook.objects.create(company=source.company, name="总账", account_id="ZT001", source=source)
    AccountMapping.objects.bulk_create(
        AccountMapping(book=book, cost_type=cost, debit_subject=debit, tax_subject=_INPUT_TAX, credit_subject=_PAYABLE)
        for cost, debit in _MAPPING
    )
    made = [_bill(source, user, *example) for example in _BILLS]
    for bill in made[:2]:
        _handed_in(bill, user)
    approved = made[0]
    if Bill.objects.get(pk=approved.pk).state == "approved":
        voucher = proposals.draft_from_bills([approved.pk], book, user)
        pushing.queue_collect(voucher.pk, None, user)


def _bill(source: Source, user: User, title: str, cost_type: str, employee: str, count: int) -> Bill:
    """A draft with so many invoices that nothing is wrong with."""
    bill = bills.create_bill(source.company, user, title=title, employee=employee, department="综合部", source=source)
    entry = bills.put_entry(bill, user, cost_type=cost_type)
    bills.hold(bill, _free(source)[: count * 4], user, entry=entry)
    report = checked(bill, user)
    wrong = {found.use.pk for found in report.found if found.level != "note"}
    good = [use.pk for use in bill.uses.order_by("pk") if use.pk not in wrong][:count]
    bills.release(bill, list(bill.uses.exclude(pk__in=good).values_list("pk", flat=True)), user)
    return bill


def _free(source: Source) -> Sequence[int]:
    """Invoices to the company that the invoice cloud knows and nobody has used, the newest first."""
    known = Sighting.objects.filter(source=source, deleted=False).values("invoice")
    free = Invoice.objects.filter(
        pk__in=known, merged_into=None, direction="input", status=Status.NORMAL, expense_status=Expense.UNUSED
    )
    return list(free.order_by("-issue_date", "pk").values_list("pk", flat=True))


def _handed_in(bill: Bill, user: User) -> None:
    try:
        bills.submit(bill, user)
        bills.approve(bill, user)
    except HubError:  # a check stops it: the demonstration shows that, too
        return
