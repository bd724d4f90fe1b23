"""What is written to the invoice cloud, and how its own answers tell afterwards whether a write arrived.

What surprises: of vouchers nothing can be asked at all, so that a collect whose reply was lost waits for a person; and
the invoices of a bill come without their entries, so that a look at them cannot tell one entry from another. Facts:
``docs/upstreams/piaozone.md``.
"""

import re
from collections.abc import Mapping
from typing import Any

from apps.sources.choices import PushKind
from apps.sources.connectors.base import PushReply
from apps.sources.parsing import text

from .calls import Calls
from .codes import PUSHED_STATUSES

PATHS = {
    PushKind.VOUCHER_COLLECT: "/m4/bill/expense/additionalInformation/collect",
    PushKind.VOUCHER_DELETE: "/m4/bill/expense/voucher/del",
    PushKind.INVOICE_STATUS: "/m4/fpzs/expense/invoice/status/update",
    PushKind.ENTRY_CACHE: "/m4/fpzs/expense/entry/cache",
    PushKind.ENTRY_SAVE: "/m4/fpzs/expense/entry/save",
    PushKind.ENTRY_DELETE: "/m4/fpzs/expense/invoice/del/entry",
    PushKind.BILL_DELETE: "/m4/fpzs/expense/invoice/del",
}
_VOUCHER_KINDS = frozenset({PushKind.VOUCHER_COLLECT, PushKind.VOUCHER_DELETE})
_BATCH = 50  # serial numbers in one question for details

# Said of what is there with this very content. That a voucher merely exists is no such thing: its content may be older.
_SAME = re.compile("内容(一致|相同|未变)|无需重复|重复(归集|推送|提交)")
_GONE = re.compile("^1307 |(凭证|单据|报销单|分录|发票)[^,,。]{0,12}(不存在|已删除|已被删除|已作废)")
_ALREADY = {
    PushKind.VOUCHER_COLLECT: _SAME,
    PushKind.VOUCHER_DELETE: _GONE,
    PushKind.ENTRY_DELETE: _GONE,
    PushKind.BILL_DELETE: _GONE,
}


def push(calls: Calls, kind: str, payload: Mapping[str, Any]) -> PushReply:
    """See ``Connector.push``."""
    of_voucher = kind in _VOUCHER_KINDS
    return PushReply(calls.write(PATHS[PushKind(kind)], payload, _ALREADY.get(PushKind(kind)), of_voucher=of_voucher))


def confirm_applied(calls: Calls, kind: str, payload: Mapping[str, Any]) -> bool | None:
    """See ``Connector.confirm_applied``."""
    bill = text(payload.get("billnumber"), 200)
    if kind == PushKind.INVOICE_STATUS:
        return _status_holds(calls, payload, bill)
    if kind in _VOUCHER_KINDS or not bill:
        return None
    there = {text(row.get("serialNo"), 150) for row in calls.bill_invoices(bill) if isinstance(row, dict)}
    if kind == PushKind.BILL_DELETE:
        return not there
    if kind == PushKind.ENTRY_DELETE:
        return None if there else True  # whether what is left was on that entry nobody says
    return there == {serial for entry in payload.get("data") or () for serial in entry["fid"]}


def _status_holds(calls: Calls, payload: Mapping[str, Any], bill: str) -> bool | None:
    """Whether every invoice has the state that was sent; None where one has no details any more (its number may have
    changed) or a state that no push of ours could have set."""
    serials = list(dict.fromkeys(one["serialNo"] for one in payload.get("invoiceData") or ()))
    rows = _details(calls, serials) if serials or not bill else calls.bill_invoices(bill)
    states = {text(row.get("serialNo"), 150): text(row.get("expenseStatus"), 10) for row in rows}
    if not states or not states.keys() >= set(serials) or not set(states.values()) <= PUSHED_STATUSES:
        return None
    return set(states.values()) == {str(payload["expenseStatus"])}


def _details(calls: Calls, serials: list[str]) -> list[dict[str, Any]]:
    batches = (serials[start : start + _BATCH] for start in range(0, len(serials), _BATCH))
    return [row for batch in batches for row in calls.details(batch) if isinstance(row, dict)]
