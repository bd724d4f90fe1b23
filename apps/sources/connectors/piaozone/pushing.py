"""Pushes to the invoice cloud, and status queries that find out whether a push took effect.

Not obvious: vouchers cannot be queried, so a collect of unknown outcome waits for a person; and the invoices of a bill
are returned without their lines, so a query cannot tell which line one is on. Facts:
``docs/upstreams/piaozone.md``.
"""

import re
from typing import Any

from apps.sources.choices import PushKind
from apps.sources.connectors.base import PushReply
from apps.sources.parsing import text
from apps.sources.pushes import BillLineRemoval, BillLines, BillRemoval, Payload, UsageUpdate

from .bodies import body
from .calls import Calls
from .codes import EXPENSE_STATUS_CODES

PATHS = {
    PushKind.VOUCHER_COLLECT: "/m4/bill/expense/additionalInformation/collect",
    PushKind.VOUCHER_VOID: "/m4/bill/expense/voucher/del",
    PushKind.INVOICE_STATUS: "/m4/fpzs/expense/invoice/status/update",
    PushKind.BILL_LINES_CACHE: "/m4/fpzs/expense/entry/cache",
    PushKind.BILL_LINES_SAVE: "/m4/fpzs/expense/entry/save",
    PushKind.BILL_LINE_REMOVE: "/m4/fpzs/expense/invoice/del/entry",
    PushKind.BILL_REMOVE: "/m4/fpzs/expense/invoice/del",
}
_VOUCHER_KINDS = frozenset({PushKind.VOUCHER_COLLECT, PushKind.VOUCHER_VOID})
_BATCH = 50  # serial numbers per call for details

# Only a text about this content means that it was done before. That a voucher exists proves nothing: its content may
# be older.
_SAME = re.compile("内容(一致|相同|未变)|无需重复|重复(归集|推送|提交)")
_GONE = re.compile("^1307 |(凭证|单据|报销单|分录|发票)[^,,。]{0,12}(不存在|已删除|已被删除|已作废)")
_ALREADY = {
    PushKind.VOUCHER_COLLECT: _SAME,
    PushKind.VOUCHER_VOID: _GONE,
    PushKind.BILL_LINE_REMOVE: _GONE,
    PushKind.BILL_REMOVE: _GONE,
}
# The values of a status update. Details report the same codes.
_PUSHED_CODES = frozenset(EXPENSE_STATUS_CODES.values())


def push(calls: Calls, kind: str, payload: Payload) -> PushReply:
    """See ``Connector.push``."""
    push_kind = PushKind(kind)
    already = _ALREADY.get(push_kind)
    of_voucher = push_kind in _VOUCHER_KINDS
    return PushReply(calls.write(PATHS[push_kind], body(kind, payload), already, of_voucher=of_voucher))


def confirm_applied(calls: Calls, payload: Payload) -> bool | None:
    """See ``Connector.confirm_applied``."""
    if isinstance(payload, UsageUpdate):
        return _status_applied(calls, payload)
    if not isinstance(payload, BillLines | BillLineRemoval | BillRemoval) or not payload.bill.number:
        return None
    rows = calls.bill_invoices(payload.bill.number)
    upstream = {text(row.get("serialNo"), 150) for row in rows if isinstance(row, dict)}
    if isinstance(payload, BillRemoval):
        return not upstream
    if isinstance(payload, BillLineRemoval):
        return None if upstream else True  # it is unknown whether the remaining ones were on that line
    return upstream == {serial for line in payload.lines for serial in line.serial_numbers}


def _status_applied(calls: Calls, payload: UsageUpdate) -> bool | None:
    """Whether every invoice has the state that was sent; None where one has no details any more (its number may have
    changed) or a state that no push of ours could have set."""
    serials = list(dict.fromkeys(invoice.serial_number for invoice in payload.invoices))
    rows = calls.bill_invoices(payload.bill.number) if not serials and payload.bill else _details(calls, serials)
    states = {
        text(row.get("serialNo"), 150): text(row.get("expenseStatus"), 10) for row in rows if isinstance(row, dict)
    }
    if not states or not states.keys() >= set(serials) or not set(states.values()) <= _PUSHED_CODES:
        return None
    return set(states.values()) == {EXPENSE_STATUS_CODES[payload.status]}


def _details(calls: Calls, serials: list[str]) -> list[Any]:
    batches = (serials[start : start + _BATCH] for start in range(0, len(serials), _BATCH))
    return [row for batch in batches for row in calls.details(batch)]
