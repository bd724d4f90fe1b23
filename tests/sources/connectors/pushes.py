"""One push of each kind on a desk in the sandbox: its body, what must have gone before, and what came of it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from apps.sandbox.rows.piaozone import serial_no
from apps.sandbox.rows.shopex import invoice_bn
from apps.sources.choices import PushKind
from apps.sources.connectors.piaozone.pushing import PATHS

from .conformance import CASES, Desk, desk_of

CASE = {case.kind: case for case in CASES}
SYSTEM = {kind: "shopex" if kind == PushKind.ORDER_INVOICE else "piaozone" for kind in PushKind}
BILL = {"billnumber": "BX-2026-001", "bxd_key": "4f1c", "billTypeId": "expense"}
BEFORE = ("http_500", "http_429", "timeout", "html_page")


@dataclass
class Pushing:
    """One kind of push on its desk: its body, and what must have been sent before."""

    desk: Desk
    kind: PushKind
    before: list[tuple[PushKind, dict[str, Any]]]
    payload: dict[str, Any]

    @property
    def effects(self) -> list[Any]:
        """What came after the preparation."""
        return self.desk.sandbox.books.effects[len(self.before) :]

    @property
    def sent(self) -> int:
        """Requests that carried this push, or one like it."""
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


def voucher(**changes: Any) -> dict[str, Any]:
    head = {"vouchId": "9f", "vouchNo": "记-12", "businessDate": "2026_03_30", "accountDate": "2026_03_31"}
    lines = [
        {"subject": "6602.01", "creditAmount": "0.00", "debitsAmount": "98765432109876.54", "abstract": "差旅费"},
        {"subject": "2221", "creditAmount": "98765432109876.54", "debitsAmount": "0.00", "abstract": "差旅费"},
    ]
    return {
        "accountInfo": {"accountId": "A1", "baseCurrency": "CNY"},
        "voucherInfo": {**head, "period": "202603", "entries": lines, **changes},
        "companyInfo": {"companyId": "C1", "number": "01", "name": "某公司"},
        "expenseIdArray": [BILL["bxd_key"]],
        "serialNoArray": ["s1"],
        "invoiceData": [{"serialNo": "s1", "deductionFlag": 1, "deductionTaxAmount": "0.10", "remark": "餐饮"}],
    }


def body_of(kind: PushKind, desk: Desk) -> tuple[list[tuple[PushKind, dict[str, Any]]], dict[str, Any]]:
    """What must be there first, and the body of the push."""
    world = desk.sandbox.world
    serials = [serial_no(one, world.seed) for one in desk.sandbox.books.free()[:4]]
    entries = [{"entryid": "b1", "fid": serials[:2]}, {"entryid": "b2", "fid": serials[2:]}]
    relation = {**BILL, "data": entries}
    told = [
        {"serialNo": one, "canBeDeduction": "0", "entryAmount": "0.30", "outputReason": "集体福利"} for one in serials
    ]
    paper = next(one for one in world.shopex_by_number.values() if one.kind.endswith("paper"))
    order = {"order_bn": invoice_bn(paper), "shop_id": "sbx-1", "invoice_no": "00012345"}
    removal = {**BILL, "ticketParam": "11111"}
    delete = {"vouchNo": "记-12", "vouchId": "9f"}
    return {
        PushKind.VOUCHER_COLLECT: ([], voucher()),
        PushKind.VOUCHER_DELETE: ([(PushKind.VOUCHER_COLLECT, voucher())], delete),
        PushKind.INVOICE_STATUS: (
            [(PushKind.ENTRY_SAVE, relation)],
            {**BILL, "expenseStatus": "65", "invoiceData": told},
        ),
        PushKind.ENTRY_CACHE: ([], relation),
        PushKind.ENTRY_SAVE: ([(PushKind.ENTRY_CACHE, {**BILL, "data": entries[:1]})], relation),
        PushKind.ENTRY_DELETE: (
            [(PushKind.ENTRY_CACHE, {**BILL, "data": entries[:1]})],
            {**removal, "branch_id": "b1", "entryid": "b1"},
        ),
        PushKind.BILL_DELETE: ([(PushKind.ENTRY_SAVE, relation)], removal),
        PushKind.ORDER_INVOICE: ([], order),
    }[kind]


@contextmanager
def push_of(kind: PushKind) -> Iterator[Pushing]:
    """A push that is ready to be made."""
    with desk_of(CASE[SYSTEM[kind]], invoices=160) as desk:
        before, payload = body_of(kind, desk)
        connector = desk.connector()
        with closing(connector.context.http):
            for earlier, body in before:
                connector.push(earlier, body)
        yield Pushing(desk, kind, before, payload)
