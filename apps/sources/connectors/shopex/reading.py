"""商派's invoices and issuing results into canonical records. Pure. Facts: ``docs/upstreams/shopex.md``.

These are output invoices: our company is the seller. An invoice of the shop carries no statutory number, that comes with
the issuing result; ``link_keys`` join the two when the shop gives both the same number. Red ones are linked apart, so that
an order's reversal does not contend with its invoice.
"""

from collections.abc import Mapping
from typing import Any

from apps.core.errors import BadRecord
from apps.sources.parsing import day, decimal, money, number_text, rate, require_object, tax_number, text
from apps.sources.records import Direction, InvoiceKind, InvoiceRecord, InvoiceStatus, LineRecord, PartyRecord

from ..base import CompanyFacts, RawItem, SourceFacts

KINDS = {
    "增值税专用发票": InvoiceKind.VAT_SPECIAL_PAPER,
    "增值税普通发票": InvoiceKind.VAT_GENERAL_PAPER,
    "增值税电子专用发票": InvoiceKind.VAT_SPECIAL_ELECTRONIC,
    "增值税电子普通发票": InvoiceKind.VAT_GENERAL_ELECTRONIC,
    "电子发票(增值税专用发票)": InvoiceKind.DIGITAL_SPECIAL,
    "电子发票(普通发票)": InvoiceKind.DIGITAL_GENERAL,
    "数电票(增值税专用发票)": InvoiceKind.DIGITAL_SPECIAL,
    "数电票(普通发票)": InvoiceKind.DIGITAL_GENERAL,
}
STATES = {
    "已开票": InvoiceStatus.NORMAL,
    "已作废": InvoiceStatus.VOID,
    "已红冲": InvoiceStatus.RED,
    "部分红冲": InvoiceStatus.PARTLY_RED,
    "开票中": InvoiceStatus.UNKNOWN,  # no invoice yet
    "未开票": InvoiceStatus.UNKNOWN,
}
_RED = "2"


def read(item: RawItem, source: SourceFacts) -> InvoiceRecord:
    """Raises BadRecord for what has no number of its own or impossible values."""
    if "result" in item.payload:
        return _result(item, require_object(item.payload["result"]), source)
    if "list" in item.payload:
        return _invoice(item, require_object(item.payload["list"]), source)
    require_object(item.payload.get("value", item.payload))
    raise BadRecord("record.no_id", field="invoice_bn / serial_no")


def _invoice(item: RawItem, listed: Mapping[str, Any], source: SourceFacts) -> InvoiceRecord:
    row = {**listed, **(item.payload.get("detail") or {})}
    described = text(row.get("invoice_type"), 60).replace("（", "(").replace("）", ")")
    state = text(row.get("invoice_status"), 30)
    total = money(row.get("total_amount"), "total_amount")
    unknown = [f"invoice_type={described}"] if described not in KINDS else []
    if state not in STATES:
        unknown.append(f"invoice_status={state}")
    number = text(row.get("invoice_bn"), 100)
    return InvoiceRecord(
        external_id=item.external_id,
        kind=KINDS.get(described, InvoiceKind.UNKNOWN),
        direction=Direction.OUTPUT,
        issue_date=day(row.get("issue_date"), "issue_date"),
        amount_excl_tax=money(row.get("amount"), "amount"),
        tax_amount=money(row.get("tax_amount"), "tax_amount"),
        total_amount=total,
        buyer=PartyRecord(name=text(row.get("company_name")), tax_no=tax_number(row.get("tax_no"))),
        seller=_seller(source.company),
        status=STATES.get(state, InvoiceStatus.UNKNOWN),
        lines=_lines(row),
        link_keys=_link(source, number, red=total is not None and total < 0),
        unknown_codes=tuple(unknown),
        facts={"invoice_bn": number, "invoice_status": state},
    )


def _result(item: RawItem, row: Mapping[str, Any], source: SourceFacts) -> InvoiceRecord:
    red = text(row.get("billing_type"), 4) == _RED
    total, tax = money(row.get("amount"), "amount"), money(row.get("cost_tax"), "cost_tax")
    if red:
        total, tax = (-abs(amount) if amount is not None else None for amount in (total, tax))
    code, number = number_text(row.get("invoice_code")), number_text(row.get("invoice_no"))
    digital = number if len(number) == 20 and number.isdigit() else ""
    if not number:
        raise BadRecord("record.missing", field="invoice_no")
    order = text(row.get("order_bn"), 100)
    names = ("serial_no", "create_time", "invoice_action_type", "mode")
    return InvoiceRecord(
        external_id=item.external_id,
        kind=_result_kind(row, code, bool(digital)),
        direction=Direction.OUTPUT,
        code=code,
        number=number,
        digital_number=digital,
        amount_excl_tax=total - tax if total is not None and tax is not None else None,
        tax_amount=tax,
        total_amount=total,
        seller=_seller(source.company),
        link_keys=_link(source, order, red=red) if source.options["result_link"] == "order_bn" else (),
        unknown_codes=() if text(row.get("type_id"), 4) in ("0", "1") else (f"type_id={text(row.get('type_id'), 20)}",),
        file_url=text(row.get("url"), 500),
        facts={"order_bn": order} | {name: value for name in names if (value := text(row.get(name), 60))},
    )


def _result_kind(row: Mapping[str, Any], code: str, digital: bool) -> InvoiceKind:
    """The page tells general from special; paper or electronic is told by the number's form alone."""
    special = {"0": False, "1": True}.get(text(row.get("type_id"), 4))
    if special is None:
        return InvoiceKind.UNKNOWN
    if digital:
        return InvoiceKind.DIGITAL_SPECIAL if special else InvoiceKind.DIGITAL_GENERAL
    electronic = len(code) == 12 and code.endswith(("11", "13"))
    if electronic:
        return InvoiceKind.VAT_SPECIAL_ELECTRONIC if special else InvoiceKind.VAT_GENERAL_ELECTRONIC
    return InvoiceKind.VAT_SPECIAL_PAPER if special else InvoiceKind.VAT_GENERAL_PAPER


def _link(source: SourceFacts, number: str, *, red: bool) -> tuple[str, ...]:
    return (f"{number}/{'red' if red else 'blue'}",) if number else ()


def _seller(company: CompanyFacts) -> PartyRecord:
    return PartyRecord(name=company.name, tax_no=company.tax_no)


def _lines(row: Mapping[str, Any]) -> tuple[LineRecord, ...]:
    return tuple(
        LineRecord(
            name=text(line.get("item_name")),
            spec=text(line.get("spec")),
            unit=text(line.get("unit"), 100),
            quantity=decimal(line.get("quantity"), "quantity"),
            unit_price=decimal(line.get("price"), "price"),
            amount=money(line.get("amount"), "items.amount"),
            tax_rate=rate(line.get("tax_rate"), "tax_rate", percent=True),
        )
        for line in row.get("items") or ()
        if isinstance(line, dict)
    )
