"""One S000621 row into a canonical record. Pure. Codes are the tax bureau's own; facts: ``docs/upstreams/etax.md``."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.core.errors import BadRecord
from apps.sources.parsing import day, money, number_text, slip_text, tax_number, text
from apps.sources.records import DeductionStatus, InvoiceKind, InvoiceRecord, InvoiceStatus, PartyRecord

from ..base import RawItem, SourceFacts
from ..items import own_payload

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
    "09": InvoiceKind.DIGITAL_SPECIAL,
    "81": InvoiceKind.DIGITAL_SPECIAL,
    "90": InvoiceKind.DIGITAL_GENERAL,
    "82": InvoiceKind.DIGITAL_GENERAL,
    "83": InvoiceKind.DIGITAL_VEHICLE,
    "84": InvoiceKind.DIGITAL_USED_VEHICLE,
    "51": InvoiceKind.DIGITAL_RAIL,
    "61": InvoiceKind.DIGITAL_AIR,
    "8208": InvoiceKind.DIGITAL_TOLL,
    "85": InvoiceKind.DIGITAL_PAPER_SPECIAL,
    "86": InvoiceKind.DIGITAL_PAPER_GENERAL,
    "87": InvoiceKind.DIGITAL_PAPER_VEHICLE,
    "88": InvoiceKind.DIGITAL_PAPER_USED_VEHICLE,
    "17": InvoiceKind.CUSTOMS_PAYMENT,
    "18": InvoiceKind.TAX_PAYMENT_PROOF,
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
_MANAGEMENT = {"1": "疑点发票", "2": "异常凭证", "3": "红字锁定", "4": "禁止勾选退税", "5": "机动车高风险", "6": "机动车低风险"}
_NOT_DEDUCTIBLE = {"1": "非应税项目", "2": "免税项目", "3": "福利消费", "4": "非正常损失", "5": "其他"}
_SLIPS = {"17", "18"}


def external_id(row: Mapping[str, Any]) -> str:
    """The bureau gives no record id: code and number, else the number alone (a digital one is unique, slips carry their
    type); '' without a number."""
    number = slip_text(row.get("invoiceNumber"), 60)
    code, kind = number_text(row.get("invoiceCode")), text(row.get("invoiceType"), 10)
    if not number:
        return ""
    return f"{code}:{number}" if code else f"{kind}:{number}" if kind in _SLIPS else number


def read(item: RawItem, source: SourceFacts) -> InvoiceRecord:
    """Raises BadRecord for what has no number or impossible values."""
    row = own_payload(item, "invoiceNumber")
    kind_code, state_code = text(row.get("invoiceType"), 10), text(row.get("state"), 10)
    kind = KINDS.get(kind_code, InvoiceKind.UNKNOWN)
    amount, tax = money(row.get("totalAmount"), "totalAmount"), money(row.get("totalTax"), "totalTax")
    number = slip_text(row.get("invoiceNumber"))
    code, paired = number_text(row.get("invoiceCode")), number_text(row.get("ylzd5"))
    digital = paired or (number if len(number) == 20 and number.isdigit() and kind_code not in _SLIPS else "")
    deducted = text(row.get("deductible")) == "1"
    issued = day(row.get("billingDate"), "billingDate")
    if issued is None:
        raise BadRecord("record.missing", field="billingDate")
    flags, facts = _doubts(row)
    return InvoiceRecord(
        external_id=item.external_id,
        kind=kind,
        code=code,
        number=number,
        digital_number=digital,
        check_code=text(row.get("checkCode"), 40),
        issue_date=issued,
        amount_excl_tax=None if kind == InvoiceKind.CUSTOMS_PAYMENT else amount,
        tax_amount=tax,
        total_amount=_total(kind_code, amount, tax),
        buyer=PartyRecord(name=text(row.get("purchaserName")), tax_no=tax_number(row.get("purchaserTaxNo"))),
        seller=PartyRecord(name=text(row.get("salesTaxName")), tax_no=tax_number(row.get("salesTaxNo"))),
        status=STATES.get(state_code, InvoiceStatus.UNKNOWN),
        deduction_status=_deduction(row, deducted),
        deduction_period=text(row.get("deductiblePeriod"), 6),
        deductible_tax=money(row.get("validTax"), "validTax"),
        flags=flags,
        unknown_codes=_unknown(kind_code, state_code),
        facts=facts,
    )


def _total(kind_code: str, amount: Decimal | None, tax: Decimal | None) -> Decimal | None:
    if kind_code == "18":
        return tax  # a proof of payment is worth the tax it proves
    return amount + tax if amount is not None and tax is not None else None


def _deduction(row: Mapping[str, Any], deducted: bool) -> DeductionStatus:
    if not deducted:
        return DeductionStatus.TICKED if text(row.get("checkStatus")) == "1" else DeductionStatus.NOT_TICKED
    modes = {"2": DeductionStatus.REFUND, "4": DeductionStatus.NOT_DEDUCTIBLE}
    return modes.get(text(row.get("deductibleMode")), DeductionStatus.CERTIFIED)


def _doubts(row: Mapping[str, Any]) -> tuple[tuple[str, ...], dict[str, str]]:
    flags, facts = [], {}
    management, reason = text(row.get("managementStatus"), 4), text(row.get("ylzd4"), 50)
    if management not in ("", "0"):
        flags.append("abnormal_management")
        facts["managementStatus"] = _MANAGEMENT.get(management, management)
    if reason:
        flags.append("not_deductible_reason")
        facts["ylzd4"] = _NOT_DEDUCTIBLE.get(reason, reason)
    for name in ("abnormalType", "deductibleDate", "deductibleType", "checkDate", "tdyslxDm", "ylzd2", "ylzd3"):
        value = text(row.get(name), 60)
        if value and value != "0":
            facts[name] = value[:10] if name.endswith("Date") else value
    return tuple(flags), facts


def _unknown(kind_code: str, state_code: str) -> tuple[str, ...]:
    unknown = [f"invoiceType={kind_code}"] if kind_code not in KINDS else []
    return (*unknown, f"state={state_code}") if state_code not in STATES else tuple(unknown)
