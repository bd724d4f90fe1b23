"""The pages of 发票助手 that a person opens from a bill, as far as the application depends on them.

A page is opened by GET with the session's userKey; its button posts to the same address. A choice is first recorded in
the books and then sent as a message to the channel of the linkKey, as the vendor's page does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apps.sandbox import pages
from apps.sandbox.channels import Channels
from apps.sandbox.expenses import Expenses
from apps.sandbox.pages import Row
from apps.sandbox.rows import messages
from apps.sandbox.rows.piaozone import detail, serial_no
from apps.sandbox.truth.invoices import Invoice
from apps.sandbox.wire import Reply, Request

CHOOSE, ADJUST, ENTRY = "/m4-web/fpzs/index", "/m4-web/fpzs/expense/branch/update", "/m4-web/fpzs/expense/branch/info"
LISTED, SHOWN = "/m4-web/fpzs/expense/invoice/list", "/m4-web/fpzs/expense/showInvoice"
EDIT = "/m4-web/fpzs/invoice/update"
BILL_TYPES = ("", "Tra", "Pur", "BizOut")


@dataclass(frozen=True)
class Session:
    """The parameters of getUserKey; valid ``until`` (epoch seconds). ``allowed`` are the digits of ticketParam: used
    before, other title, other tax number, failed verification, personal."""

    until: float
    number: str
    key: str
    type: str
    branch: str
    user: str
    title: str
    tax_no: str
    allowed: tuple[bool, ...]
    brought: tuple[str, ...]  # serial numbers that the caller names as on the bill

    @classmethod
    def of(cls, asked: Mapping[str, Any], until: float) -> "Session":
        def text(name: str) -> str:
            return str(asked.get(name) or "")

        return cls(
            until=until,
            number=text("billNumber"),
            key=text("bxd_key"),
            type=text("billType"),
            branch=text("branch_id"),
            user=text("eid"),
            title=text("ghf_mc"),
            tax_no=text("tin"),
            allowed=tuple(digit == "1" for digit in text("ticketParam").ljust(5, "0")[:5]),
            brought=tuple(one for one in text("invoiceSerialNos").split(",") if one),
        )

    @property
    def sheet(self) -> messages.Sheet:
        return messages.Sheet(self.number, self.key, self.branch, self.user)


@dataclass(frozen=True)
class Visit:
    """One request for a page: the session, the parameters of address and form, the ticked invoices, the time."""

    session: Session
    parameters: Mapping[str, str]
    ticked: tuple[str, ...]
    pressed: bool
    at: float

    @property
    def link(self) -> str:
        return self.parameters.get("linkKey", "")


class Assistant:
    def __init__(self, expenses: Expenses, channels: Channels) -> None:
        self.expenses, self.channels = expenses, channels
        self.books, self.world = expenses.books, expenses.books.world
        self._pages: dict[str, Callable[[Visit], str]] = {
            CHOOSE: self._choose,
            ADJUST: self._adjust,
            ENTRY: self._entry,
            LISTED: self._listed,
            SHOWN: self._shown,
            EDIT: self._edit,
        }

    def answer(
        self, request: Request, parameters: Sequence[tuple[str, str]], session: Session | None, at: float
    ) -> Reply:
        """The page; errors are pages as well."""
        page = self._pages.get(request.path)
        if page is None or request.method not in ("GET", "POST"):
            return _html(pages.notice("页面不存在", "沙箱未提供此页面。"), 404)
        if session is None:
            return _html(pages.notice("会话已失效", "userKey无效或已过期，请关闭窗口后重新打开。"), 403)
        ticked = tuple(value for name, value in parameters if name == "serial")
        return _html(page(Visit(session, dict(parameters), ticked, request.method == "POST", at)))

    def _choose(self, visit: Visit) -> str:
        """Choose the invoices of the bill; at least one, because there is no message for an empty bill."""
        session = visit.session
        mine, free = self._on_bill(session), self._free(session)
        if not visit.pressed:
            return pages.choose("选择发票", session.number, _hidden(visit), self._rows(session, mine, free), "完成")
        chosen = self._chosen(visit, mine, free)
        if not chosen:
            return pages.notice("未选择发票", "请至少选择一张发票。", again=True)
        self.expenses.choose(CHOOSE, session.number, session.key, session.branch, chosen, visit.at)
        shape = session.type if session.type in BILL_TYPES else ""
        return self._sent(visit, messages.save_bill(shape, chosen, self.world.seed, session.sheet), len(chosen))

    def _adjust(self, visit: Visit) -> str:
        """Choose the invoices of one entry."""
        session = visit.session
        if not session.branch:
            return pages.notice("缺少分录", "获取userKey时必须传入branch_id。")
        mine, free = self._on_entry(session), self._free(session)
        if not visit.pressed:
            return pages.choose("调整分录", session.number, _hidden(visit), self._rows(session, mine, free), "保存")
        chosen = self._chosen(visit, mine, free)
        self.expenses.adjust(ADJUST, session.number, session.key, session.branch, chosen, visit.at)
        return self._sent(visit, messages.save_entries(chosen, self.world.seed, session.sheet), len(chosen))

    def _entry(self, visit: Visit) -> str:
        return pages.listing("查看分录", visit.session.number, self._rows(visit.session, self._on_entry(visit.session)))

    def _listed(self, visit: Visit) -> str:
        return pages.listing("查看发票", visit.session.number, self._rows(visit.session, self._on_bill(visit.session)))

    def _shown(self, visit: Visit) -> str:
        invoice = self.world.invoice(visit.parameters.get("serialNo", ""))
        return pages.invoice(detail(invoice, self.world.seed)) if invoice else _unknown()

    def _edit(self, visit: Visit) -> str:
        """Edit one invoice, which gives it a new serial number."""
        invoice = self.world.invoice(visit.parameters.get("serialNo", ""))
        if invoice is None:
            return _unknown()
        if not visit.pressed:
            return pages.edit(detail(invoice, self.world.seed), _hidden(visit))
        with self.books.lock:
            before = serial_no(invoice, self.world.seed)
            self.world.renumber(invoice)
            invoice.remark = visit.parameters.get("remark", invoice.remark)
            change = {"serialNo": serial_no(invoice, self.world.seed), "before": before}
            self.books.record(visit.at, "piaozone", EDIT, change["serialNo"], change)
        return self._sent(visit, messages.update_invoice(invoice, self.world.seed, visit.session.sheet), 1)

    def _sent(self, visit: Visit, message: dict[str, Any], count: int) -> str:
        if not self.channels.send(visit.link, message):
            return pages.notice("连接通道不存在", "linkKey无效：数据已保存，但消息无法送达。")
        return pages.notice("已完成", f"已发送{count}张发票，可以关闭此窗口。")

    def _on_bill(self, session: Session) -> list[Invoice]:
        """The invoices on the bill, and those that the caller names as on it."""
        brought = [invoice for one in session.brought if (invoice := self.world.invoice(one))]
        there = self.books.on_bill(session.number, session.key)
        return list({invoice.index: invoice for invoice in (*there, *brought)}.values())

    def _on_entry(self, session: Session) -> list[Invoice]:
        bill = self.books.bill(session.number, session.key)
        return list(bill.entries.get(session.branch, [])) if bill else []

    def _free(self, session: Session) -> list[Invoice]:
        """The invoices that may be added: free ones, or all where used ones are allowed, except those on this bill."""
        mine = {invoice.index for invoice in self._on_bill(session)}
        choosable = self.books.wallet() if session.allowed[0] else self.books.free()
        return [invoice for invoice in choosable if invoice.index not in mine]

    def _chosen(self, visit: Visit, mine: Sequence[Invoice], free: Sequence[Invoice]) -> list[Invoice]:
        """The ticked invoices in the order of the page, without those that the rules exclude."""
        rows = self._rows(visit.session, mine, free)
        allowed = {row.serial for row in rows if not row.hurdle}
        ticked = set(visit.ticked) & allowed
        return [invoice for invoice in (*mine, *free) if serial_no(invoice, self.world.seed) in ticked]

    def _rows(self, session: Session, mine: Sequence[Invoice], free: Sequence[Invoice] = ()) -> list[Row]:
        seed = self.world.seed
        return [
            *(Row(serial_no(one, seed), detail(one, seed), True) for one in mine),
            *(Row(serial_no(one, seed), fields := detail(one, seed), False, _hurdle(fields, session)) for one in free),
        ]


def _hurdle(fields: Mapping[str, Any], session: Session) -> str:
    """Why an invoice may not be chosen in this session; '' when it may."""
    _used, title, tax_no, failed, personal = session.allowed
    buyer, number = str(fields.get("buyerName", "")), str(fields.get("buyerTaxNo", ""))
    if "个人" in buyer:
        return "" if personal else "个人发票"
    if not title and buyer and buyer != session.title:
        return "抬头不符"
    if not tax_no and number and number != session.tax_no:
        return "税号不符"
    if not failed and fields.get("checkStatus") == "2":
        return "查验不通过"
    return ""


def _hidden(visit: Visit) -> dict[str, str]:
    """The hidden fields of the form."""
    return {name: value for name, value in visit.parameters.items() if name in ("userKey", "linkKey", "serialNo")}


def _unknown() -> str:
    return pages.notice("发票不存在", "发票流水号不正确，可能已被修改。")


def _html(text: str, status: int = 200) -> Reply:
    return Reply(status, text.encode(), "text/html;charset=UTF-8", outcome="page")
