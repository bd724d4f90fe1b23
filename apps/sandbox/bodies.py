"""Validates the bodies of changing calls. The vendor documents fields and formats, not how strictly it checks them; the
sandbox checks everything, so that it accepts exactly what the documentation describes."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

FAILED = "3000"
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_TICKET = re.compile(r"[01]{4,5}")
_ENTRY_NUMBERS = ("amount", "exchangeRate", "price", "num", "creditAmount", "debitsAmount")
STATUSES = ("1", "30", "60", "65")


class Refused(Exception):
    """A refusal with the vendor's code; ``outcome`` is written to the journal."""

    def __init__(self, text: str, code: str = FAILED, outcome: str = "") -> None:
        super().__init__(text)
        self.code, self.text, self.outcome = code, text, outcome or f"errcode {code}"


def check_voucher(body: Mapping[str, Any]) -> None:
    """Validate a voucher for additionalInformation/collect."""
    no_floats(body)
    voucher = _objects([body.get("voucherInfo")], "voucherInfo")[0]
    required(voucher, "vouchId", "vouchNo", "businessDate", "accountDate", "period")
    _day(voucher, "businessDate")
    _day(voucher, "accountDate")
    _month(voucher["period"])
    _numbers(voucher, "supInformationAmount", "accountItemAmount")
    for entry in _objects(voucher.get("entries", []), "entries"):
        _numbers(entry, *_ENTRY_NUMBERS)
        if entry.get("dueDate"):
            _day(entry, "dueDate")
    _objects([body[name] for name in ("accountInfo", "companyInfo") if name in body], "accountInfo,companyInfo")
    for name in ("expenseIdArray", "serialNoArray"):
        texts(body.get(name, []), name)
    for invoice in _objects(body.get("invoiceData", []), "invoiceData"):
        required(invoice, "serialNo")
        _one_of(invoice, "deductionFlag", ("0", "1"))
        _numbers(invoice, "deductionTaxAmount")


def check_relation(body: Mapping[str, Any], *, final: bool) -> None:
    """Validate a bill with its invoices for entry/cache and (``final``) entry/save."""
    no_floats(body)
    required(body, "eid", "billTypeId", "billnumber", "bxd_key", "tin", "data")
    if final and body.get("coverBase64"):
        required(body, "coverFileType", "coverNumber")
    for entry in _objects(body["data"], "data"):
        if "entryid" not in entry:
            raise Refused("参数不能为空:entryid")
        required(entry, "fid")
        texts(entry["fid"], "fid")


def check_status(body: Mapping[str, Any]) -> None:
    no_floats(body)
    required(body, "expenseStatus", "billnumber", "bxd_key", "tin", "eid")
    _one_of(body, "expenseStatus", STATUSES)
    _ticket(body)
    for invoice in _objects(body.get("invoiceData") or [], "invoiceData"):
        required(invoice, "serialNo")
        if invoice.get("canBeDeduction", "") != "":
            _one_of(invoice, "canBeDeduction", ("0", "1"))
        _numbers(invoice, "entryAmount")


def check_removal(body: Mapping[str, Any], *, entry: bool) -> None:
    no_floats(body)
    required(body, "billnumber", "bxd_key", "tin", "eid", *(("branch_id",) if entry else ()))
    if entry and body.get("entryid", body["branch_id"]) != body["branch_id"]:
        raise Refused("参数错误:entryid与branch_id不一致")
    _ticket(body)


def required(body: Mapping[str, Any], *names: str) -> None:
    missing = [name for name in names if body.get(name) in (None, "", [], {})]
    if missing:
        raise Refused("参数不能为空:" + ",".join(missing))


def texts(value: Any, name: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise Refused(f"参数错误:{name}须为文本数组")
    return value


def no_floats(value: Any, name: str = "") -> None:
    """Refuse numbers with a fraction: amounts must not pass through binary floating point."""
    if isinstance(value, float):
        raise Refused(f"参数错误:{name}不得为浮点数")
    inner: Iterable[tuple[str, Any]] = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = ((name, one) for one in value)
    for below, one in inner:
        no_floats(one, below)


def _objects(value: Any, name: str) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Refused(f"参数错误:{name}")
    return value


def _numbers(body: Mapping[str, Any], *names: str) -> None:
    for name in names:
        value = body.get(name, "")
        if not isinstance(value, str) or (value and not _DECIMAL.fullmatch(value)):
            raise Refused(f"参数错误:{name}须为十进制数字文本")


def _one_of(body: Mapping[str, Any], name: str, allowed: tuple[str, ...]) -> None:
    if str(body.get(name)) not in allowed:
        raise Refused(f"参数错误:{name}")


def _day(body: Mapping[str, Any], name: str) -> None:
    _moment(body[name], name, r"[0-9]{4}_[0-9]{2}_[0-9]{2}", "%Y_%m_%d")


def _month(value: Any) -> None:
    _moment(value, "period", r"[0-9]{6}", "%Y%m")


def _moment(value: Any, name: str, form: str, read: str) -> None:
    if not isinstance(value, str) or not re.fullmatch(form, value):
        raise Refused(f"参数错误:{name}格式")
    try:
        datetime.strptime(value, read)  # noqa: DTZ007 - only checks that the day exists
    except ValueError:
        raise Refused(f"参数错误:{name}格式") from None


def _ticket(body: Mapping[str, Any]) -> None:
    if body.get("ticketParam") and not _TICKET.fullmatch(str(body["ticketParam"])):
        raise Refused("参数错误:ticketParam")
