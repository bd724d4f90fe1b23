"""A finding exists exactly while a use exists that began before the invoice turned bad, whatever happens."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.bills import services as bills
from apps.bills.models import Bill, BillInvoice
from apps.core.errors import HubError
from apps.invoices import merges
from apps.invoices.masters import master_ids
from apps.invoices.models import Invoice
from apps.sources.models import Source
from apps.sources.records import BAD_STATUSES, InvoiceStatus
from apps.vouchers import findings, services
from apps.vouchers.models import AccountBook, Finding, Voucher, VoucherBill, VoucherInvoice
from tests.bills.builders import record_of
from tests.factories import (
    AccountBookFactory,
    BillFactory,
    SourceFactory,
    VoucherFactory,
)
from tests.invoices.ledgers import bring

INVOICES, BILLS, VOUCHERS = 2, 2, 2
STATUSES = (InvoiceStatus.NORMAL, InvoiceStatus.VOID, InvoiceStatus.RED, InvoiceStatus.PARTLY_RED)
STEPS = (
    "pick", "release", "restore", "reject", "reopen", "delete_bill",
    "link", "unlink", "edit", "void", "unvoid", "link_bill", "unlink_bill",
    "turn", "merge", "part", "run", "acknowledge",
)  # fmt: skip
Uses = dict[tuple[str, int, int], int]  # (kind, bill invoice or voucher, invoice) → the step it began with


class World:
    """Bills and vouchers over a small ledger, and a model of it: when each use began, and since when each invoice has
    counted as bad, in steps."""

    def __init__(self) -> None:
        self.source: Source = SourceFactory()
        book: AccountBook = AccountBookFactory(company=self.source.company)
        self.bills: list[Bill] = BillFactory.create_batch(BILLS, company=self.source.company)
        self.vouchers: list[Voucher] = VoucherFactory.create_batch(VOUCHERS, book=book, lines=False)
        for number in range(INVOICES):
            bring(self.source, record_of(number))
        self.ids = list(Invoice.objects.order_by("digital_number").values_list("pk", flat=True))
        self.merged: list[tuple[dict[str, str], list[str]]] = []  # what undoes each merge
        self.step = 0
        self.uses: Uses = {}
        self.bad: dict[int, int] = {}

    def do(self, step: str, one: int, other: int, status: InvoiceStatus) -> None:
        with transaction.atomic():
            try:
                getattr(self, f"_{step}")(one, other, status)
            except HubError:  # a step that is not possible now
                transaction.set_rollback(True)
        self.step += 1
        self._follow()

    def _follow(self) -> None:
        """Bring the model up to date. It reads what is there now, and remembers itself since when."""
        rows = BillInvoice.objects.values_list("pk", "invoice")
        links = VoucherInvoice.objects.values_list("voucher", "invoice")
        present = [("bill", *row) for row in rows] + [("voucher", *row) for row in links]
        self.uses = {use: self.uses.get(use, self.step) for use in present}
        masters, statuses = master_ids(self.ids), dict(Invoice.objects.values_list("pk", "status"))
        bad = [pk for pk in self.ids if statuses[masters[pk]] in BAD_STATUSES]
        self.bad = {pk: self.bad.get(pk, self.step) for pk in bad}

    def expected(self) -> dict[tuple[int, str], tuple[set[int], set[int]]]:
        """(master, status) → bills and vouchers that a finding must name."""
        masters, statuses = master_ids(self.ids), dict(Invoice.objects.values_list("pk", "status"))
        states = dict(Voucher.objects.values_list("pk", "state"))
        bill_of = dict(BillInvoice.objects.exclude(state="released").values_list("pk", "bill"))
        named: dict[tuple[int, str], tuple[set[int], set[int]]] = {}
        for (kind, owner, invoice), began in self.uses.items():
            live = owner in bill_of if kind == "bill" else states[owner] != "void"
            if not live or began >= self.bad.get(invoice, 0):
                continue
            master = masters[invoice]
            on_bills, on_vouchers = named.setdefault((master, statuses[master]), (set(), set()))
            if kind == "voucher":
                on_vouchers.add(owner)
            else:
                on_bills.add(bill_of[owner])
                booking = VoucherBill.objects.filter(bill=bill_of[owner]).values_list("voucher", flat=True)
                on_vouchers.update(pk for pk in booking if states[pk] != "void")
        return named

    def found(self) -> dict[tuple[int, str], tuple[set[int], set[int]]]:
        rows = Finding.objects.exclude(state="gone")
        return {
            (row.invoice_id, row.status): (
                set(row.bills.values_list("pk", flat=True)),
                set(row.vouchers.values_list("pk", flat=True)),
            )
            for row in rows
        }

    # Steps

    def _pick(self, one: int, other: int, status: InvoiceStatus) -> None:
        bills.reserve(self.bills[one % len(self.bills)], [self.ids[other]], None)

    def _release(self, one: int, other: int, status: InvoiceStatus) -> None:
        bill = self.bills[one % len(self.bills)]
        bills.release(bill, list(bill.bill_invoices.values_list("pk", flat=True))[: other + 1], None)

    def _restore(self, one: int, other: int, status: InvoiceStatus) -> None:
        bill = self.bills[one % len(self.bills)]
        bills.restore(bill, list(bill.bill_invoices.values_list("pk", flat=True))[: other + 1], None)

    def _reject(self, one: int, other: int, status: InvoiceStatus) -> None:
        bill = self.bills[one % len(self.bills)]
        if Bill.objects.filter(pk=bill.pk, state="draft").update(state="submitted"):  # past the checks
            bills.reject(bill, None, "no contract")

    def _reopen(self, one: int, other: int, status: InvoiceStatus) -> None:
        bills.reopen(self.bills[one % len(self.bills)], None)

    def _delete_bill(self, one: int, other: int, status: InvoiceStatus) -> None:
        if len(self.bills) > 1:
            bill = self.bills.pop(one % len(self.bills))
            VoucherBill.objects.filter(bill=bill).delete()
            Bill.objects.filter(pk=bill.pk).delete()

    def _links(self, one: int, invoices: set[int]) -> None:
        pk = self.vouchers[one % VOUCHERS].pk
        services.update(
            pk, None, services.Change(invoices=[services.InvoiceLink(id_) for id_ in sorted(invoices)]), None
        )

    def _linked(self, one: int) -> set[int]:
        return set(
            VoucherInvoice.objects.filter(voucher=self.vouchers[one % VOUCHERS]).values_list("invoice", flat=True)
        )

    def _link(self, one: int, other: int, status: InvoiceStatus) -> None:
        self._links(one, self._linked(one) | {self.ids[other]})

    def _unlink(self, one: int, other: int, status: InvoiceStatus) -> None:
        self._links(one, self._linked(one) - {self.ids[other]})

    def _edit(self, one: int, other: int, status: InvoiceStatus) -> None:
        self._links(one, self._linked(one))

    def _void(self, one: int, other: int, status: InvoiceStatus) -> None:
        Voucher.objects.filter(pk=self.vouchers[one % VOUCHERS].pk).update(state="void")

    def _unvoid(self, one: int, other: int, status: InvoiceStatus) -> None:
        services.reopen(self.vouchers[one % VOUCHERS].pk, None)

    def _link_bill(self, one: int, other: int, status: InvoiceStatus) -> None:
        chosen = self.bills[other % len(self.bills)].pk
        services.update(self.vouchers[one % VOUCHERS].pk, None, services.Change(bills=[chosen]), None)

    def _unlink_bill(self, one: int, other: int, status: InvoiceStatus) -> None:
        services.update(self.vouchers[one % VOUCHERS].pk, None, services.Change(bills=[]), None)

    def _turn(self, one: int, other: int, status: InvoiceStatus) -> None:
        bring(self.source, record_of(other, status=status))

    def _merge(self, one: int, other: int, status: InvoiceStatus) -> None:
        masters = list(Invoice.objects.filter(merged_into=None).order_by("pk").values_list("key", flat=True))
        redirect, master = masters[one % len(masters)], masters[other % len(masters)]
        if redirect != master:
            self.merged.append((merges.join([redirect], master, None), [redirect, master]))

    def _part(self, one: int, other: int, status: InvoiceStatus) -> None:
        if self.merged:
            merges.restore(*self.merged.pop(), None)

    def _run(self, one: int, other: int, status: InvoiceStatus) -> None:
        findings.raise_findings()

    def _acknowledge(self, one: int, other: int, status: InvoiceStatus) -> None:
        for finding in Finding.objects.filter(state="open")[:1]:
            findings.acknowledge(finding, None, "已处理")


# The steps that raise a finding come more often.
steps = st.tuples(
    st.sampled_from(STEPS + 2 * ("pick", "link", "restore", "unvoid", "run") + 5 * ("turn",)),
    st.integers(0, INVOICES - 1),
    st.integers(0, INVOICES - 1),
    st.sampled_from(STATUSES),
)


@pytest.mark.django_db
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happened=st.lists(steps, min_size=8, max_size=30))
def test_a_finding_exists_exactly_while_an_earlier_use_exists(db: None, happened: list[Any]) -> None:
    with transaction.atomic():
        world = World()
        world.do("pick", 0, 0, InvoiceStatus.NORMAL)
        world.do("link", 0, 1, InvoiceStatus.NORMAL)
        for step in happened:
            world.do(*step)
            if step[0] == "run":
                assert world.found() == world.expected()
        findings.raise_findings()
        assert world.found() == world.expected()
        transaction.set_rollback(True)
