"""The changing calls of the invoice cloud: vouchers, bills with their invoices, and expense states.

Assumptions where the vendor's documentation is silent: the vouchId alone identifies a voucher; collecting it again with
other content replaces it; with the same content, or deleting one that does not exist, is answered with errcode 3000 and
has no effect; entry/cache and entry/save replace all invoices of the bill; serial numbers of a bill must exist, those
of a voucher need not; a status applies to all invoices of the bill and to those in invoiceData; an invoice that is on
no bill any more is unused.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from apps.sandbox.bodies import Refused, check_relation, check_removal, check_status, check_voucher, no_floats, required
from apps.sandbox.books import Books, Voucher, content_of, digest
from apps.sandbox.rows.piaozone import serial_no
from apps.sandbox.truth.invoices import Invoice

COLLECT, VOUCHER_DELETE = "/m4/bill/expense/additionalInformation/collect", "/m4/bill/expense/voucher/del"
CACHE, SAVE = "/m4/fpzs/expense/entry/cache", "/m4/fpzs/expense/entry/save"
STATUS = "/m4/fpzs/expense/invoice/status/update"
ENTRY_DELETE, BILL_DELETE = "/m4/fpzs/expense/invoice/del/entry", "/m4/fpzs/expense/invoice/del"
VOUCHER_CALLS = (COLLECT, VOUCHER_DELETE)
ALREADY = "already"


class Expenses:
    """Executes the calls. Each raises Refused, or returns its subject after its effect."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.calls: dict[str, Callable[[Mapping[str, Any]], str]] = {
            COLLECT: self._collect,
            VOUCHER_DELETE: self._delete_voucher,
            CACHE: lambda body: self._relate(body, final=False),
            SAVE: lambda body: self._relate(body, final=True),
            STATUS: self._set_status,
            ENTRY_DELETE: self._delete_entry,
            BILL_DELETE: self._delete_bill,
        }

    def take(self, path: str, body: Mapping[str, Any], at: float) -> None:
        """Execute one call completely or not at all; ``at`` in epoch seconds."""
        with self.books.lock:
            subject = self.calls[path](body)
            self.books.record(at, "piaozone", path, subject, body)

    def choose(self, call: str, number: str, key: str, branch: str, chosen: Sequence[Invoice], at: float) -> None:
        """A person chose the invoices of a bill: those that stay keep their entry, new ones go to the entry
        ``branch``."""
        with self.books.lock:
            bill = self.books.opened(number, key)
            before = bill.invoices
            there, chosen_ids = ({one.index for one in invoices} for invoices in (before, chosen))
            for entry, filed in bill.entries.items():
                bill.entries[entry] = [invoice for invoice in filed if invoice.index in chosen_ids]
            new = [invoice for invoice in chosen if invoice.index not in there]
            bill.entries.setdefault(branch, []).extend(new)
            self._release(before)
            self._chose(call, bill.key, chosen, at)

    def adjust(self, call: str, number: str, key: str, branch: str, chosen: Sequence[Invoice], at: float) -> None:
        """A person chose the invoices of one entry."""
        with self.books.lock:
            bill = self.books.opened(number, key)
            before, bill.entries[branch] = bill.entries.get(branch, []), list(chosen)
            self._release(before)
            self._chose(call, bill.key, chosen, at)

    def _chose(self, call: str, key: str, chosen: Sequence[Invoice], at: float) -> None:
        serials = [serial_no(invoice, self.books.world.seed) for invoice in chosen]
        self.books.record(at, "piaozone", call, key, {"serials": serials})

    def _collect(self, body: Mapping[str, Any]) -> str:
        check_voucher(body)
        content, name = content_of(body), str(body["voucherInfo"]["vouchId"])
        before = self.books.vouchers.get(name)
        if before and not before.deleted and before.digest == digest(content):
            raise Refused("凭证内容一致，无需重复归集", outcome=ALREADY)
        versions = before.versions + 1 if before else 1
        self.books.vouchers[name] = Voucher(content, digest(content), versions)
        return name

    def _delete_voucher(self, body: Mapping[str, Any]) -> str:
        no_floats(body)
        required(body, "vouchNo", "vouchId")
        kept = self.books.vouchers.get(str(body["vouchId"]))
        if kept is None or kept.deleted:
            raise Refused("凭证不存在或已删除", outcome=ALREADY)
        kept.deleted = True
        return str(body["vouchId"])

    def _relate(self, body: Mapping[str, Any], *, final: bool) -> str:
        check_relation(body, final=final)
        entries: dict[str, list[Invoice]] = {}
        for entry in body["data"]:
            entries.setdefault(str(entry["entryid"]), []).extend(self._known(entry["fid"]))
        bill = self.books.opened(body["billnumber"], body["bxd_key"])
        before, bill.entries = bill.invoices, entries
        self._release(before)
        bill.type, bill.saved = body["billTypeId"], bill.saved or final
        return bill.key

    def _set_status(self, body: Mapping[str, Any]) -> str:
        check_status(body)
        by_serial = {one["serialNo"]: one for one in body.get("invoiceData") or []}
        named = dict(zip(by_serial, self._known(by_serial), strict=True))
        listed = self.books.on_bill(body["billnumber"], body["bxd_key"])
        if not named and not listed:
            raise Refused("单据不存在或没有发票")
        status, bill = str(body["expenseStatus"]), self.books.opened(body["billnumber"], body["bxd_key"])
        for invoice in (*listed, *named.values()):
            invoice.expense = status
        for serial, invoice in named.items():
            kept = {name: str(value) for name, value in by_serial[serial].items() if name != "serialNo"}
            self.books.deductions[invoice.index] = kept
        bill.status = status
        return bill.key

    def _delete_entry(self, body: Mapping[str, Any]) -> str:
        check_removal(body, entry=True)
        bill = self.books.bill(body["billnumber"], body["bxd_key"])
        if bill is None or body["branch_id"] not in bill.entries:
            raise Refused("分录不存在或已删除", outcome=ALREADY)
        dropped = bill.entries.pop(body["branch_id"])
        self._release(dropped)
        return bill.key

    def _delete_bill(self, body: Mapping[str, Any]) -> str:
        check_removal(body, entry=False)
        if not self.books.on_bill(body["billnumber"], body["bxd_key"]):
            raise Refused("单据不存在或已删除", outcome=ALREADY)
        bill = self.books.opened(body["billnumber"], body["bxd_key"])
        dropped, bill.entries, bill.status = bill.invoices, {}, ""
        self._release(dropped)
        return bill.key

    def _known(self, serials: Iterable[str]) -> list[Invoice]:
        by_serial = {serial: self.books.world.invoice(serial) for serial in serials}
        unknown = [serial for serial, invoice in by_serial.items() if invoice is None]
        if unknown:
            raise Refused("发票流水号不正确:" + ",".join(unknown[:5]))
        return [invoice for invoice in by_serial.values() if invoice]

    def _release(self, dropped: Iterable[Invoice]) -> None:
        """Mark invoices that are on no bill of the books as unused."""
        on_bills = {invoice.index for bill in self.books.bills.values() for invoice in bill.invoices}
        for invoice in dropped:
            if invoice.index not in on_bills:
                invoice.expense = "1"
