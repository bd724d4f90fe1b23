"""One record of the checker as a canonical record. Pure. The English field names mislead: map by the Chinese labels."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from apps.core.decoding import decode_json
from apps.core.errors import BadRecord, TryLater
from apps.sources.connectors.base import RawItem
from apps.sources.connectors.items import own_payload
from apps.sources.parsing import day, decimal, moment, money, number_text, rate, tax_number, text
from apps.sources.records import (
    ClaimRecord,
    InvoiceKind,
    InvoiceRecord,
    InvoiceStatus,
    LineRecord,
    PartyRecord,
)

KINDS = {
    "0": InvoiceKind.VAT_GENERAL_ELECTRONIC,
    "1": InvoiceKind.VAT_SPECIAL_PAPER,
    "2": InvoiceKind.VAT_GENERAL_PAPER,
    "3": InvoiceKind.VAT_ROLL,
    "4": InvoiceKind.VEHICLE_SALE,
    "5": InvoiceKind.VAT_FREIGHT,
}
# The vendor's list is older than digital invoices: one of 20 digits without a code can only be their counterpart.
_DIGITAL_KINDS = {
    InvoiceKind.VAT_GENERAL_ELECTRONIC: InvoiceKind.DIGITAL_GENERAL,
    InvoiceKind.VAT_GENERAL_PAPER: InvoiceKind.DIGITAL_GENERAL,
    InvoiceKind.VAT_SPECIAL_PAPER: InvoiceKind.DIGITAL_SPECIAL,
    InvoiceKind.VEHICLE_SALE: InvoiceKind.DIGITAL_VEHICLE,
}
# The page lists no values for ``state``; these are the words of the checker's own screens.
STATES = {
    "": InvoiceStatus.UNKNOWN,
    "正常": InvoiceStatus.NORMAL,
    "作废": InvoiceStatus.VOID,
    "已作废": InvoiceStatus.VOID,
    "红冲": InvoiceStatus.RED,
    "已红冲": InvoiceStatus.RED,
    "部分红冲": InvoiceStatus.PARTLY_RED,
    "全额红冲": InvoiceStatus.FULLY_RED,
    "失控": InvoiceStatus.LOST_CONTROL,
    "异常": InvoiceStatus.ABNORMAL,
}
ENTRY_METHODS = {
    "0": "微信扫描",
    "1": "微信手工",
    "2": "电脑手工",
    "3": "扫描枪",
    "4": "Excel 导入",
    "5": "邮箱导入",
}
FILE_ORIGINS = {"0": "", "1": "本地选择", "2": "微信对话", "3": "QQ 邮箱", "4": "微信卡包", "5": "其他"}
# What the details call their columns is not documented either; both the checker's own style and the labels are read.
_LINE_NAMES = {
    "name": ("goodsname", "name", "货物名称", "名称"),
    "spec": ("specification", "spec", "规格型号"),
    "unit": ("unit", "单位"),
    "quantity": ("quantity", "num", "数量"),
    "unit_price": ("unitprice", "price", "单价"),
    "amount": ("amount", "money", "金额"),
    "tax_rate": ("taxrate", "ratenum", "税率"),
    "tax_amount": ("taxamount", "ratemoney", "税额"),
    "goods_code": ("goodscode", "taxcode", "税收分类编码"),
}


def lowered(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record with its keys in lower case: the vendor writes code and Code, isdel and Isdel."""
    return {key.lower(): value for key, value in record.items()}


def read(item: RawItem) -> InvoiceRecord:
    """The canonical record. A deleted one stays a tombstone even when its amounts are illegible. Raises BadRecord."""
    fields = lowered(own_payload(item, "Id"))
    try:
        return _read(item.external_id, fields)
    except BadRecord:
        if not _is_deleted(fields):
            raise
        return InvoiceRecord(external_id=item.external_id, kind=InvoiceKind.UNKNOWN, deleted=True)


def _is_deleted(fields: Mapping[str, Any]) -> bool:
    return text(fields.get("isdel")) == "1"


def _read(external_id: str, fields: Mapping[str, Any]) -> InvoiceRecord:
    unknown: list[str] = []
    kind = _coded(fields, "invoicetype", KINDS, InvoiceKind.UNKNOWN, unknown, "invoiceType")
    status = _coded(fields, "state", STATES, InvoiceStatus.UNKNOWN, unknown, "state")
    entry_method = _coded(fields, "inputtype", {"": "", **ENTRY_METHODS}, "", unknown, "inputType")
    code, number, digital, swapped = statutory_numbers(fields.get("invoicenum"), fields.get("invoicecode"))
    lines, details, damaged = _details(fields.get("invoicedetail"))
    flags = [("unknown_code", bool(unknown)), ("names_swapped", swapped), ("damaged_details", damaged)]
    return InvoiceRecord(
        external_id=external_id,
        kind=_DIGITAL_KINDS.get(kind, kind) if digital and not code else kind,
        code=code,
        number=number,
        digital_number=digital,
        check_code=number_text(fields.get("invoicevalcode")),
        issue_date=day(fields.get("invoicedate"), "invoiceDate"),
        amount_excl_tax=money(fields.get("invoicemoney"), "invoiceMoney"),
        tax_amount=money(fields.get("ratemoney"), "rateMoney"),
        total_amount=money(fields.get("invoicemoneyrate"), "invoiceMoneyRate"),
        buyer=_party(fields, "purchaser"),
        seller=_party(fields, "sales"),
        status=status,
        remark=text(fields.get("remarks"), 1000),
        lines=lines,
        claim=_claim(fields, entry_method),
        file_url=_file_url(fields),
        machine_number=number_text(fields.get("machinecode")),
        deleted=_is_deleted(fields),
        changed_at=moment(fields.get("createtime"), "CreateTime"),
        flags=tuple(name for name, doubted in flags if doubted),
        unknown_codes=tuple(unknown),
        facts=_facts(fields, details),
    )


def statutory_numbers(labelled_code: Any, labelled_number: Any) -> tuple[str, str, str, bool]:
    """Code, number, digital number, and whether this record's English names were right for once.

    ``labelled_code`` is the field labelled 发票代码 (``invoiceNum``). Lengths decide: a code has 10 or 12 digits, a
    number 8; 20 digits are a digital number whichever field they stand in.
    """
    code, number = number_text(labelled_code), number_text(labelled_number)
    digital = next((value for value in (number, code) if len(value) == 20 and value.isdigit()), "")
    if digital:
        code, number = ("" if value == digital else value for value in (code, number))
    for_once = len(code) == 8 or len(number) in (10, 12)
    as_ever = len(number) == 8 or len(code) in (10, 12)
    named_right = for_once and not as_ever
    return (number, code, digital, True) if named_right else (code, number, digital, False)


def _coded(
    fields: Mapping[str, Any], key: str, table: Mapping[str, Any], other: Any, unknown: list[str], name: str
) -> Any:
    value = text(fields.get(key), 40)
    if value not in table:
        unknown.append(f"{name}={value}")
    return table.get(value, other)


def _party(fields: Mapping[str, Any], prefix: str) -> PartyRecord:
    return PartyRecord(
        name=text(fields.get(f"{prefix}name")),
        tax_no=tax_number(fields.get(f"{prefix}taxno")),
        address_phone=text(fields.get(f"{prefix}addressphone")),
        bank_account=text(fields.get(f"{prefix}bank")),
    )


def _claim(fields: Mapping[str, Any], entry_method: str) -> ClaimRecord:
    return ClaimRecord(
        person=text(fields.get("reimburseperson")),
        department=text(fields.get("departname")),
        voucher_number=text(fields.get("reimbursecert")),
        purpose=text(fields.get("invoiceusetype")),
        entered_by=text(fields.get("entryperson")),
        entered_at=text(fields.get("entrytime"), 40),
        entry_method=entry_method,
    )


def _file_url(fields: Mapping[str, Any]) -> str:
    address = text(fields.get("pdfsaveaddress"), 500)
    return address if address.startswith(("http://", "https://")) else ""


def _facts(fields: Mapping[str, Any], details: str) -> dict[str, str]:
    tax_rate = rate(fields.get("ratenum"), "rateNum")
    facts = {
        _("Tax rate"): "" if tax_rate is None else f"{(tax_rate * 100).normalize():f}%",
        _("Amount in words"): text(fields.get("amounttaxcn")),
        _("Note of the reimburser"): text(fields.get("memo")),
        _("District"): text(fields.get("administrativedivisionname")),
        _("Origin of the file"): FILE_ORIGINS.get(text(fields.get("pdffrom")), text(fields.get("pdffrom"), 40)),
        _("Place of the file"): "" if _file_url(fields) else text(fields.get("pdfsaveaddress")),
        _("Details"): details,
    }
    return {label: value for label, value in facts.items() if value}


def _details(value: Any) -> tuple[tuple[LineRecord, ...], str, bool]:
    """Lines, free text, and whether something that looks like JSON could not be read."""
    if isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
        try:
            value = decode_json(value)
        except TryLater:
            return (), text(value, 1000), True
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        return (), text(value, 1000), False
    if not all(isinstance(row, dict) for row in value):
        return (), text(str(value), 1000), True
    try:
        return tuple(_line(lowered(row)) for row in value), "", False
    except BadRecord:
        return (), text(str(value), 1000), True


def _line(row: Mapping[str, Any]) -> LineRecord:
    values = {field: next((row[name] for name in names if name in row), None) for field, names in _LINE_NAMES.items()}
    return LineRecord(
        name=text(values["name"]),
        spec=text(values["spec"]),
        unit=text(values["unit"]),
        quantity=decimal(values["quantity"], "quantity"),
        unit_price=decimal(values["unit_price"], "unitPrice"),
        amount=money(values["amount"], "amount"),
        tax_rate=rate(values["tax_rate"], "taxRate", percent=True),
        tax_amount=money(values["tax_amount"], "taxAmount"),
        goods_code=number_text(values["goods_code"]),
    )
