"""Parses 商派's invoices and issuing results into invoice records. Pure. Facts: ``docs/upstreams/shopex.md``.

These are output invoices: our company is the seller. An invoice of the shop has no statutory number; the issuing result
has it. ``link_keys`` join the two when the shop gives both the same number. Red-letter invoices have link keys of their
own, so that an order's reversal is not joined with its invoice.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.core.decoding import decode_json
from apps.core.errors import BadRecord, TryLater
from apps.sources.connectors.base import CompanyFacts, RawItem, SourceFacts
from apps.sources.connectors.items import own_payload
from apps.sources.parsing import day, decimal, money, number_text, rate, require_object, tax_number, text
from apps.sources.records import Direction, InvoiceKind, InvoiceRecord, InvoiceStatus, LineRecord, PartyRecord

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
_BILLING = {"1": False, "2": True}  # whether it is red
_SPECIAL = {"0": False, "1": True}


def read(item: RawItem, source: SourceFacts) -> InvoiceRecord:
    """Parse a row. Raises BadRecord when it has no number, or impossible values."""
    payload = own_payload(item, "invoice_bn / serial_no")
    if "result" in payload:
        return _result(item, require_object(payload["result"]), source)
    return _invoice(item, require_object(payload["list"]), source)


def _invoice(item: RawItem, listed: Mapping[str, Any], source: SourceFacts) -> InvoiceRecord:
    row = {**listed, **(item.payload.get("detail") or {})}
    described = text(row.get("invoice_type"), 60).replace("（", "(").replace("）", ")")
    state = text(row.get("invoice_status"), 30)
    total = money(row.get("total_amount"), "total_amount")
    unknown = [f"invoice_type={described}"] if described not in KINDS else []
    if state not in STATES:
        unknown.append(f"invoice_status={state}")
    number = text(row.get("invoice_bn"), 100)
    lines, damaged = _lines(row, None, red=False)
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
        lines=lines,
        link_keys=_link(source, number, red=total is not None and total < 0),
        flags=_flags(unknown, damaged),
        unknown_codes=tuple(unknown),
        facts={"invoice_bn": number, "invoice_status": state},
    )


def _result(item: RawItem, row: Mapping[str, Any], source: SourceFacts) -> InvoiceRecord:
    code, number = number_text(row.get("invoice_code")), number_text(row.get("invoice_no"))
    if not number:
        raise BadRecord("record.missing", field="invoice_no")
    digital = number if len(number) == 20 and number.isdigit() else ""
    billing, special = text(row.get("billing_type"), 20), text(row.get("type_id"), 20)
    unknown = [f"billing_type={billing}"] if billing not in _BILLING else []
    if special not in _SPECIAL:
        unknown.append(f"type_id={special}")
    red = _BILLING.get(billing, False)
    total, tax = _signed(money(row.get("amount"), "amount"), red), _signed(money(row.get("cost_tax"), "cost_tax"), red)
    tax_rate = rate(row.get("tax_rate"), "tax_rate", percent=True)
    lines, damaged = _lines(row, tax_rate, red=red)
    order, url = text(row.get("order_bn"), 100), text(row.get("url"), 500)
    names = ("serial_no", "create_time", "invoice_action_type", "mode")
    return InvoiceRecord(
        external_id=item.external_id,
        kind=_result_kind(_SPECIAL.get(special), code, bool(digital)),
        direction=Direction.OUTPUT,
        code=code,
        number=number,
        digital_number=digital,
        amount_excl_tax=total - tax if total is not None and tax is not None else None,
        tax_amount=tax,
        total_amount=total,
        seller=_seller(source.company),
        lines=lines,
        link_keys=_link(source, order, red=red),
        flags=_flags(unknown, damaged),
        unknown_codes=tuple(unknown),
        file_url=url if url.startswith(("http://", "https://")) else "",
        facts={"order_bn": order} | {name: value for name in names if (value := text(row.get(name), 60))},
    )


def _result_kind(special: bool | None, code: str, digital: bool) -> InvoiceKind:
    """General or special is known from the page; paper or electronic only from the form of the number."""
    if special is None:
        return InvoiceKind.UNKNOWN
    if digital:
        return InvoiceKind.DIGITAL_SPECIAL if special else InvoiceKind.DIGITAL_GENERAL
    electronic = len(code) == 12 and code.endswith(("11", "13"))
    if electronic:
        return InvoiceKind.VAT_SPECIAL_ELECTRONIC if special else InvoiceKind.VAT_GENERAL_ELECTRONIC
    return InvoiceKind.VAT_SPECIAL_PAPER if special else InvoiceKind.VAT_GENERAL_PAPER


def _link(source: SourceFacts, number: str, *, red: bool) -> tuple[str, ...]:
    if not number or source.options["result_link"] != "order_bn":
        return ()
    return (f"{number}/{'red' if red else 'blue'}",)


def _seller(company: CompanyFacts) -> PartyRecord:
    return PartyRecord(name=company.name, tax_no=company.tax_no)


def _flags(unknown: list[str], damaged: bool) -> tuple[str, ...]:
    return tuple(name for name, doubted in (("unknown_code", bool(unknown)), ("damaged_details", damaged)) if doubted)


def _signed(amount: Decimal | None, red: bool) -> Decimal | None:
    """Negative for red-letter results, whose amounts the vendor sends as positive."""
    return -abs(amount) if red and amount is not None else amount


def _lines(row: Mapping[str, Any], tax_rate: Decimal | None, *, red: bool) -> tuple[tuple[LineRecord, ...], bool]:
    """(lines, whether some could not be parsed). ``tax_rate``: that of the whole invoice."""
    items = row.get("items") or []
    try:
        items = decode_json(items) if isinstance(items, str) else items
        return tuple(_line(require_object(line), tax_rate, red=red) for line in items), False
    except (BadRecord, TryLater, TypeError):
        return (), True


def _line(line: Mapping[str, Any], tax_rate: Decimal | None, *, red: bool) -> LineRecord:
    own_rate = rate(line.get("tax_rate"), "tax_rate", percent=True)
    return LineRecord(
        name=text(line.get("item_name")),
        spec=text(line.get("spec")),
        unit=text(line.get("unit"), 100),
        quantity=_signed(decimal(line.get("quantity"), "quantity"), red),
        unit_price=decimal(line.get("price"), "price"),
        amount=_signed(money(line.get("amount"), "items.amount"), red),
        tax_rate=tax_rate if own_rate is None else own_rate,
    )
