"""One push of each kind against the sandbox: its payload, the pushes it requires, and its effects."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from apps.sandbox.rows.piaozone import serial_no
from apps.sandbox.rows.shopex import invoice_bn
from apps.sources.choices import PushKind
from apps.sources.connectors.piaozone.pushing import PATHS
from apps.sources.pushes import (
    BillLineRemoval,
    BillLines,
    BillReference,
    BillRemoval,
    BillType,
    EntryContent,
    LineInvoices,
    OrderInvoice,
    Payload,
    PushedInvoice,
    UsageUpdate,
    VoucherBook,
    VoucherCollect,
    VoucherReference,
    VoucherVoid,
)
from apps.sources.records import ExpenseStatus

from .conformance import CASES, Desk, desk_of

CASE = {case.kind: case for case in CASES}
SYSTEM = {kind: "shopex" if kind == PushKind.ORDER_INVOICE else "piaozone" for kind in PushKind}
BILL = BillReference("BX-2026-001", "4f1c", BillType.EXPENSE)
BEFORE = ("http_500", "http_429", "timeout", "html_page")


@dataclass
class Pushing:
    """One push: its desk, its payload, and the pushes that must be sent before it."""

    desk: Desk
    kind: PushKind
    before: list[tuple[PushKind, Payload]]
    payload: Payload

    @property
    def body(self) -> dict[str, Any]:
        """The request body in the vendor's field names."""
        connector = self.desk.connector()
        with closing(connector.context.http):
            return dict(connector.request_body(self.kind, self.payload, connector.context.options))

    @property
    def effects(self) -> list[Any]:
        """Effects in the sandbox's books after the required pushes."""
        return self.desk.sandbox.books.effects[len(self.before) :]

    @property
    def sent(self) -> int:
        """The number of requests of this kind after the required pushes."""
        return sum(one["call"] == self.call for one in self.desk.sandbox.journal) - sum(
            kind == self.kind for kind, _ in self.before
        )

    @property
    def call(self) -> str:
        return PATHS.get(self.kind, "invoice.update")

    def push(self, **more: Any) -> Any:
        connector = self.desk.connector(**more)
        with closing(connector.context.http):
            return connector.push(self.kind, self.payload)

    def confirm_applied(self) -> bool | None:
        connector = self.desk.connector()
        with closing(connector.context.http):
            return connector.confirm_applied(self.kind, self.payload)

    def fault(self, name: str, **more: Any) -> None:
        self.desk.fault(name, call="rpc" if name in BEFORE and SYSTEM[self.kind] == "shopex" else self.call, **more)


def voucher(voucher_id: str = "9f") -> VoucherCollect:
    amount = Decimal("98765432109876.54")
    return VoucherCollect(
        voucher=VoucherReference(voucher_id, "记-12"),
        book=VoucherBook(account_id="A1", company_id="C1", company_number="01", company_name="某公司"),
        business_date=date(2026, 3, 30), account_date=date(2026, 3, 31), period="202603",
        entries=(
            EntryContent(summary="差旅费", account="6602.01", debit=amount),
            EntryContent(summary="差旅费", account="2221", credit=amount),
        ),
        bill_keys=(BILL.external_key,),
        invoices=(
            PushedInvoice(
                serial_number="s1", deductible=True, input_tax=Decimal("0.10"), transfer_out_reason="餐饮"
            ),
        ),
    )  # fmt: skip


def payload_of(kind: PushKind, desk: Desk) -> tuple[list[tuple[PushKind, Payload]], Payload]:
    """The required pushes, and the payload of the push."""
    world = desk.sandbox.world
    serials = tuple(serial_no(one, world.seed) for one in desk.sandbox.books.free()[:4])
    lines = (LineInvoices("b1", serials[:2]), LineInvoices("b2", serials[2:]))
    whole, part = BillLines(BILL, lines), BillLines(BILL, lines[:1])
    decided = tuple(
        PushedInvoice(serial_number=one, deductible=False, transfer_out_reason="集体福利") for one in serials
    )
    paper = next(one for one in world.shopex_by_number.values() if one.kind.endswith("paper"))
    return {
        PushKind.VOUCHER_COLLECT: ([], voucher()),
        PushKind.VOUCHER_VOID: ([(PushKind.VOUCHER_COLLECT, voucher())], VoucherVoid(voucher().voucher)),
        PushKind.INVOICE_STATUS: (
            [(PushKind.BILL_LINES_SAVE, whole)],
            UsageUpdate(status=ExpenseStatus.BOOKED, invoices=decided, bill=BILL),
        ),
        PushKind.BILL_LINES_CACHE: ([], whole),
        PushKind.BILL_LINES_SAVE: ([(PushKind.BILL_LINES_CACHE, part)], whole),
        PushKind.BILL_LINE_REMOVE: ([(PushKind.BILL_LINES_CACHE, part)], BillLineRemoval(BILL, "b1")),
        PushKind.BILL_REMOVE: ([(PushKind.BILL_LINES_SAVE, whole)], BillRemoval(BILL)),
        PushKind.ORDER_INVOICE: ([], OrderInvoice(invoice_bn(paper), "00012345")),
    }[kind]


@contextmanager
def push_of(kind: PushKind) -> Iterator[Pushing]:
    """A push whose required pushes have been sent."""
    with desk_of(CASE[SYSTEM[kind]], invoices=160) as desk:
        before, payload = payload_of(kind, desk)
        connector = desk.connector()
        with closing(connector.context.http):
            for earlier, its_payload in before:
                connector.push(earlier, its_payload)
        yield Pushing(desk, kind, before, payload)
