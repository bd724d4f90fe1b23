"""One S000621 row as a canonical record. Pure. Codes are the tax bureau's own; facts: ``docs/upstreams/etax.md``."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_noop as _

from apps.sources.connectors.base import RawItem, SourceFacts
from apps.sources.connectors.items import own_payload
from apps.sources.parsing import day, money, number_text, slip_text, tax_number, text
from apps.sources.records import DeductionStatus, InvoiceKind, InvoiceRecord, InvoiceStatus, PartyRecord

KINDS = {
    "01": InvoiceKind.VAT_SPECIAL_PAPER,
    "02": InvoiceKind.VAT_FREIGHT,
    "03": InvoiceKind.VEHICLE_SALE,
    "04": InvoiceKind.VAT_GENERAL_PAPER,
    "08": InvoiceKind.VAT_SPECIAL_ELECTRONIC,
    "10": InvoiceKind.VAT_GENERAL_ELECTRONIC,
    "11": InvoiceKind.VAT_ROLL,
    "14": InvoiceKind.VAT_TOLL,
    "15": InvoiceKind.USED_VEHICLE,
    "17": InvoiceKind.CUSTOMS_PAYMENT,
    "18": InvoiceKind.TAX_PAYMENT_PROOF,
    "09": InvoiceKind.DIGITAL_SPECIAL,
    "81": InvoiceKind.DIGITAL_SPECIAL,
    "90": InvoiceKind.DIGITAL_GENERAL,
    "82": InvoiceKind.DIGITAL_GENERAL,
    "83": InvoiceKind.DIGITAL_VEHICLE,
    "84": InvoiceKind.DIGITAL_USED_VEHICLE,
    "85": InvoiceKind.DIGITAL_PAPER_SPECIAL,
    "86": InvoiceKind.DIGITAL_PAPER_GENERAL,
    "87": InvoiceKind.DIGITAL_PAPER_VEHICLE,
    "88": InvoiceKind.DIGITAL_PAPER_USED_VEHICLE,
    "51": InvoiceKind.DIGITAL_RAIL,
    "61": InvoiceKind.DIGITAL_AIR,
    "8208": InvoiceKind.DIGITAL_TOLL,
}
STATES = {
    "0": InvoiceStatus.NORMAL,
    "1": InvoiceStatus.VOID,
    "2": InvoiceStatus.RED,
    "3": InvoiceStatus.LOST_CONTROL,
    "4": InvoiceStatus.ABNORMAL,
    "7": InvoiceStatus.PARTLY_RED,
    "8": InvoiceStatus.FULLY_RED,
    "80": InvoiceStatus.RED_PENDING,
}
MANAGEMENT = {
    "0": "",
    "1": "疑点发票",
    "2": "异常凭证",
    "3": "红字锁定",
    "4": "禁止勾选退税",
    "5": "机动车高风险",
    "6": "机动车低风险",
}
_HARMLESS = frozenset({"", "0", "6"})
NOT_DEDUCTIBLE = {"1": "非应税项目", "2": "免税项目", "3": "福利消费", "4": "非正常损失", "5": "其他"}
ABNORMALITIES = {"0": "状态异常", "1": "用途变更", "2": "管理状态异常"}
MODES = {"1": "抵扣", "2": "退税", "4": "不抵扣勾选"}
METHODS = {"1": "勾选", "2": "扫描"}
BUSINESS = {"06": "不动产", "08": "通行费", "12": "自产农产品", "16": "自小规模处采购农产品"}

_SLIP_KINDS = frozenset({InvoiceKind.CUSTOMS_PAYMENT, InvoiceKind.TAX_PAYMENT_PROOF})


def read(item: RawItem, source: SourceFacts) -> InvoiceRecord:
    """Raises BadRecord for what has no number, or impossible amounts or dates."""
    row = own_payload(item, "invoiceNumber")
    unknown: list[str] = []
    kind = _coded(row, "invoiceType", KINDS, InvoiceKind.UNKNOWN, unknown)
    status = _coded(row, "state", STATES, InvoiceStatus.UNKNOWN, unknown)
    code, number, digital = _numbers(row, kind)
    amount, tax = money(row.get("totalAmount"), "totalAmount"), money(row.get("totalTax"), "totalTax")
    facts = _facts(row, source, unknown)
    deduction = _deduction(row, unknown)
    doubts = {
        "unknown_code": bool(unknown),
        "not_deductible_reason": _said(row, "ylzd4") != "",
        "abnormal_management": text(row.get("managementStatus"), 20) not in _HARMLESS,
    }
    return InvoiceRecord(
        external_id=item.external_id,
        kind=kind,
        code=code,
        number=number,
        digital_number=digital,
        check_code=number_text(row.get("checkCode")),
        issue_date=day(row.get("billingDate"), "billingDate"),
        amount_excl_tax=amount,
        tax_amount=tax,
        total_amount=_total(kind, amount, tax),
        buyer=PartyRecord(name=text(row.get("purchaserName")), tax_no=tax_number(row.get("purchaserTaxNo"))),
        seller=PartyRecord(name=text(row.get("salesTaxName")), tax_no=tax_number(row.get("salesTaxNo"))),
        status=status,
        deduction_status=deduction,
        deduction_period=number_text(row.get("deductiblePeriod") or row.get("skssq"), 6),
        deductible_tax=money(row.get("validTax"), "validTax"),
        flags=tuple(flag for flag, holds in doubts.items() if holds),
        unknown_codes=tuple(unknown),
        facts=facts,
    )


def _coded(row: Mapping[str, Any], field: str, table: Mapping[str, Any], other: Any, unknown: list[str]) -> Any:
    """What a code means; ``other`` for none, and for one nobody knows, which joins ``unknown``."""
    value = text(row.get(field), 40)
    if value and value not in table:
        unknown.append(f"{field}={value}")
    return table.get(value, other)


def _said(row: Mapping[str, Any], field: str) -> str:
    """The text of a field in which '0' means no."""
    value = text(row.get(field), 60)
    return "" if value == "0" else value


def _numbers(row: Mapping[str, Any], kind: InvoiceKind) -> tuple[str, str, str]:
    """Code, number, digital number. A digital invoice on paper has all three: ``ylzd5`` is its digital number."""
    code, on_paper = number_text(row.get("invoiceCode")), number_text(row.get("ylzd5"))
    if kind in _SLIP_KINDS:
        return code, slip_text(row.get("invoiceNumber")), ""
    number = number_text(row.get("invoiceNumber"))
    if _is_digital(number):
        return code, "", number
    return code, number, on_paper if _is_digital(on_paper) else ""


def _is_digital(number: str) -> bool:
    return len(number) == 20 and number.isdigit()


def _total(kind: InvoiceKind, amount: Decimal | None, tax: Decimal | None) -> Decimal | None:
    """The bureau states no total. A customs slip has none; a proof of payment is worth the tax it proves."""
    if kind is InvoiceKind.TAX_PAYMENT_PROOF:
        return tax
    return amount + tax if amount is not None and tax is not None else None


def _deduction(row: Mapping[str, Any], unknown: list[str]) -> DeductionStatus:
    ticked = _coded(row, "checkStatus", {"0": False, "1": True}, None, unknown)
    deducted = _coded(row, "deductible", {"0": False, "1": True}, None, unknown)
    mode = _coded(row, "deductibleMode", MODES, "", unknown)
    if ticked is None and deducted is None:
        return DeductionStatus.UNKNOWN
    if not ticked and not deducted:
        return DeductionStatus.NOT_TICKED
    if mode == MODES["4"]:
        return DeductionStatus.NOT_DEDUCTIBLE
    if mode == MODES["2"]:
        return DeductionStatus.REFUND
    return DeductionStatus.CERTIFIED if deducted else DeductionStatus.TICKED


def _facts(row: Mapping[str, Any], source: SourceFacts, unknown: list[str]) -> dict[str, str]:
    rzzt, reason = text(row.get("rzzt"), 20), _said(row, "ylzd4")
    facts = {
        _("List at the tax bureau"): str((source.options.get("rzzt_labels") or {}).get(rzzt, rzzt)),
        _("Management status"): _coded(row, "managementStatus", MANAGEMENT, "", unknown),
        _("Abnormality"): _coded(row, "abnormalType", ABNORMALITIES, "", unknown),
        _("Reason not deductible"): NOT_DEDUCTIBLE.get(reason, reason),
        _("Ticked on"): text(row.get("checkDate"), 10),
        _("Deducted on"): text(row.get("deductibleDate"), 10),
        _("Way of deduction"): MODES.get(text(row.get("deductibleMode"), 20), ""),
        _("Way of ticking"): _coded(row, "deductibleType", METHODS, "", unknown),
        _("Line of business"): BUSINESS.get(text(row.get("tdyslxDm"), 20), text(row.get("tdyslxDm"), 20)),
        _("Entered with differences"): "fact.yes" if _said(row, "ylzd2") else "",
        _("Certificate of turning to domestic sale"): _said(row, "ylzd3"),
    }
    return {label: value for label, value in facts.items() if value}
