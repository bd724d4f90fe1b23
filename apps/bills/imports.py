"""Bills from an Excel sheet: one row per line; rows with one number form one bill. ``plan`` reads, ``carry_out``
writes.

A bill is created as a whole or not at all. A bill that exists already is left unchanged, so importing a file twice is
harmless. A column is named by its field or by one of the Chinese names below. Any other column is an error, because the
values of a misspelt column would be lost.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import IO, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.accounts.models import Company, User
from apps.core import workbooks
from apps.core.errors import HubError
from apps.invoices.identity import fold
from apps.invoices.models import Invoice
from apps.invoices.selectors import ledger

from . import services
from .choices import BillType
from .models import Bill, BillLine

MOST_ROWS = 5000
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("单号", "报销单号"),
    "company_tax_no": ("公司税号", "税号"),
    "type": ("单据类型", "类型"),
    "title": ("事由",),
    "employee": ("报销人", "员工"),
    "department": ("部门",),
    "payee": ("收款方",),
    "bill_date": ("单据日期", "日期"),
    "cost_type": ("费用类型",),
    "description": ("说明", "摘要"),
    "spent_on": ("发生日期",),
    "amount": ("金额", "报销金额"),
    "without_invoice_reason": ("无票原因", "无票事由"),
    "invoices": ("发票号码", "发票"),
}
REQUIRED = ("number",)
_FIELD_OF = {name: name for name in COLUMNS} | {word: name for name, words in COLUMNS.items() for word in words}
_HEAD = ("type", "title", "employee", "department", "payee", "bill_date")
_ENTRY = ("cost_type", "description", "spent_on", "amount", "without_invoice_reason")
_LONGEST = {
    name: int(model._meta.get_field(name).max_length or 0)  # type: ignore[union-attr]
    for model, names in (
        (Bill, ("number", "title", "employee", "department", "payee")),
        (BillLine, ("cost_type", "description", "without_invoice_reason")),
    )
    for name in names
}
_DATES = ("bill_date", "spent_on")
SheetRow = dict[str, str]


class BadSheetError(Exception):
    """The sheet cannot be read as bills; ``str()`` gives the reason."""


@dataclass
class Planned:
    """A bill of the sheet, and the problems that keep it from being created."""

    number: str
    rows: list[SheetRow]
    company: Company | None = None
    invoices: dict[str, int] = field(default_factory=dict)  # number as written → invoice
    exists: bool = False
    problems: list[str] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        return sum((_rounded_amount(row["amount"]) or Decimal() for row in self.rows if row.get("amount")), Decimal())

    @property
    def fits(self) -> bool:
        return not self.problems and not self.exists


@dataclass
class Imported:
    """Result of an import: bills created, bills that existed already, and refused ones (number, sentence)."""

    made: int = 0
    skipped: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def read(file: IO[bytes]) -> list[SheetRow]:
    """The rows of the first sheet by field. Raises BadSheetError."""
    try:
        with workbooks.opened(file, values=True) as book:
            return _rows(workbooks.rows(book.worksheets[0]))
    except (workbooks.UnreadableWorkbookError, IndexError) as error:
        raise BadSheetError(_("The file is not an Excel workbook, or it is damaged.")) from error


def _rows(rows: Iterator[tuple[Any, ...]]) -> list[SheetRow]:
    fields = _fields([workbooks.text(value) for value in next(rows, ())])
    sheet_rows = []
    for values in rows:
        if any(value not in (None, "") for value in values):
            sheet_rows.append(
                {name: workbooks.text(value) for name, value in zip(fields, values, strict=False) if name}
            )
        if len(sheet_rows) > MOST_ROWS:
            raise BadSheetError(_("More than %(most)s rows. Import the bills in parts.") % {"most": MOST_ROWS})
    return sheet_rows


def _fields(heading: Sequence[str]) -> list[str]:
    unknown = [name for name in heading if name and name not in _FIELD_OF]
    if unknown:
        names = ", ".join(words[0] for words in COLUMNS.values())
        raise BadSheetError(
            _("Unknown columns: %(unknown)s. Known: %(known)s.") % {"unknown": ", ".join(unknown), "known": names}
        )
    fields = [_FIELD_OF.get(name, "") for name in heading]
    missing = [COLUMNS[name][0] for name in REQUIRED if name not in fields]
    if missing:
        raise BadSheetError(_("The column %(missing)s is missing.") % {"missing": ", ".join(missing)})
    return fields


def plan(rows: Iterable[SheetRow], user: User | None) -> list[Planned]:
    """The bills that the rows describe, in the order of the sheet, each with its problems. Reads only."""
    by_number: dict[str, Planned] = {}
    for row in rows:
        number = row.get("number", "")
        by_number.setdefault(number, Planned(number, [])).rows.append(row)
    companies = list(Company.objects.visible_to(user) if user else Company.objects.all())
    for planned in by_number.values():
        _set_company(planned, companies)
        planned.problems += _unreadable(planned)
    _look_up(list(by_number.values()), user)
    going = [planned for planned in by_number.values() if planned.fits]
    for place, error in services.hindrances([_new(planned) for planned in going], user).items():
        going[place].problems.append(str(error))
    return list(by_number.values())


def _set_company(planned: Planned, companies: Sequence[Company]) -> None:
    tax_numbers = {row.get("company_tax_no", "") for row in planned.rows} - {""}
    fitting = [company for company in companies if company.tax_no in tax_numbers] if tax_numbers else companies
    if len(fitting) == 1 and len(tax_numbers) <= 1:
        planned.company = fitting[0]
    else:
        planned.problems.append(_("Which company? Enter the taxpayer number of one that you may see."))


def _unreadable(planned: Planned) -> list[str]:
    problems = [] if planned.number else [_("The number is missing.")]
    for row in planned.rows:
        problems += [
            _("The column %(column)s takes %(most)s characters; “%(value)s…” is longer.")
            % {"column": COLUMNS[name][0], "most": most, "value": row[name][:20]}
            for name, most in _LONGEST.items()
            if len(row.get(name, "")) > most
        ]
        bad = [name for name in _DATES if row.get(name) and _day(row[name]) is None]
        bad += [name for name in ("number", "company_tax_no") if workbooks.rounded(row.get(name, ""))]
        if row.get("amount") and _rounded_amount(row["amount"]) is None:
            bad.append("amount")
        if row.get("type") and _type(row["type"]) is None:
            bad.append("type")
        problems += [
            _("“%(value)s” does not fit the column %(column)s.") % {"value": row[name], "column": COLUMNS[name][0]}
            for name in bad
        ]
    return problems


def _look_up(planned: Sequence[Planned], user: User | None) -> None:
    """Mark the bills that exist already, and find the invoices by number: two queries for all."""
    existing = set(Bill.objects.filter(number__in=[one.number for one in planned]).values_list("company", "number"))
    numbers = {number for one in planned for row in one.rows for number in _invoices(row)}
    visible = ledger(user) if user else Invoice.objects.filter(merged_into=None)
    ids: dict[str, list[int]] = {}
    matching = visible.filter(Q(number__in=numbers) | Q(digital_number__in=numbers))
    for pk, number, digital in matching.values_list("pk", "number", "digital_number"):
        for name in {number, digital} & numbers:
            ids.setdefault(name, []).append(pk)
    for one in planned:
        one.exists = one.company is not None and (one.company.pk, one.number) in existing
        for number in (number for row in one.rows for number in _invoices(row)):
            fitting = ids.get(number, [])
            if len(fitting) == 1:
                one.invoices[number] = fitting[0]
            elif fitting:
                one.problems.append(
                    _("There are several invoices %(number)s. Use the 20-digit one.") % {"number": number}
                )
            else:
                one.problems.append(_("There is no invoice %(number)s in the ledger.") % {"number": number})


def carry_out(planned: Sequence[Planned], user: User | None) -> Imported:
    """Create the bills without problems. When another bill has reserved an invoice since ``plan``, its bill is refused
    as a whole."""
    going = [one for one in planned if one.fits]
    errors = services.make_all([_new(one) for one in going], user)
    why = {going[place].number: str(error) for place, error in errors.items()}
    for one in planned:
        if one.problems and not one.exists:
            why[one.number] = str(HubError("bills.import_problem", problem=" ".join(one.problems)))
    refused = [(one.number, why[one.number]) for one in planned if one.number in why]
    return Imported(len(going) - len(errors), sum(one.exists for one in planned), refused)


def _new(planned: Planned) -> services.NewBill:
    """Only for a bill without problems, which therefore has a company."""
    first = planned.rows[0]
    head: dict[str, Any] = {name: first[name] for name in _HEAD if first.get(name)}
    if "type" in head:
        head["type"] = _type(head["type"])
    if "bill_date" in head:
        head["bill_date"] = _day(head["bill_date"])
    lines = []
    for row in planned.rows:
        values: dict[str, Any] = {name: row.get(name, "") for name in _ENTRY}
        values |= {"spent_on": _day(values["spent_on"]), "amount": _rounded_amount(values["amount"])}
        invoices = [planned.invoices[number] for number in _invoices(row)]
        lines.append(services.NewLine(values if any(values.values()) else {}, invoices))
    return services.NewBill(planned.company, planned.number, head, lines)  # type: ignore[arg-type]


def _invoices(row: SheetRow) -> list[str]:
    listed = row.get("invoices", "").replace("，", ",").replace("、", ",").replace(";", ",").replace("；", ",")
    parts = (fold(part) for piece in listed.split(",") for part in piece.split())
    return list(dict.fromkeys(part for part in parts if part))


def _rounded_amount(text: str) -> Decimal | None:
    """Yuan, rounded half up to the cent as a spreadsheet shows it; None for a text that is no amount below 10 ** 16."""
    try:
        value = Decimal(text.replace(",", "").replace("¥", "").replace("￥", "").strip())
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value) >= Decimal(10) ** 16:
        return None
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip().replace("/", "-").replace(".", "-"))
    except ValueError:
        return None


def _type(text: str) -> str | None:
    """A type by its value or by its label in the language of the reader."""
    labels = {str(label): value for value, label in BillType.choices}
    return text if text in BillType.values else labels.get(text)
