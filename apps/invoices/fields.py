"""The canonical fields of an invoice: one row per field. Pure.

Everything that lists fields derives from this table: the ledger's columns (``rows``), which source wins
(``survivorship``), JSONL, REST and table headings (``canonical``, ``api``), the comparison of sources (``comparison``)
and the reading of files (``imports``). A new column therefore needs an attribute of ``InvoiceRecord``, a column of
``models.Invoice`` with its migration, and a row here.
"""

from datetime import date
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from typing import Any, Literal, get_args

import msgspec

from apps.sources.records import InvoiceRecord

# The order in which sources are believed, the first one that states a value wins. The tax bureau states law, an issuing
# system knows its own invoices, scans come last.
_FACTS = ("etax", "shopex", "piaozone", "maycur", "checker", "file")
_STATUS = ("etax", "shopex", "piaozone", "checker", "maycur", "file")
_VERIFICATION = ("piaozone", "maycur", "checker", "etax", "shopex", "file")
_TAX = ("etax", "piaozone", "checker", "maycur", "shopex", "file")
_LINES = ("shopex", "piaozone", "maycur", "checker", "etax", "file")
_TRAVEL = ("maycur", "piaozone", "etax", "checker", "shopex", "file")

Form = Literal["text", "code", "number", "slip", "tax_number"]
Whole = Literal["", "amounts", "buyer", "seller"]


class InvoiceField(msgspec.Struct, frozen=True):
    """One canonical field.

    ``path``: the attribute of ``InvoiceRecord``. ``value_type``: its type without None; of a list the type of an item.
    ``label``: the msgid of its name on pages, '' for structured fields that pages show in a way of their own.
    ``belief``: kinds of source, the most believed first. ``whole``: fields that are taken together from one source.
    ``form``: how texts in files are read. ``disputed``: sources that disagree open a FieldConflict.
    """

    name: str
    path: str
    value_type: type
    default: Any
    label: str
    belief: tuple[str, ...]
    whole: Whole = ""
    form: Form = "text"
    max_length: int = 300
    disputed: bool = False
    help_text: str = ""

    def position_of(self, source_kind: str) -> int:
        """The place of a kind of source in the order of belief; unknown kinds come last."""
        return self.belief.index(source_kind) if source_kind in self.belief else len(self.belief)

    @property
    def is_choice(self) -> bool:
        return issubclass(self.value_type, Enum)

    @property
    def is_amount(self) -> bool:
        return self.value_type is Decimal

    @property
    def is_date(self) -> bool:
        return self.value_type is date

    @property
    def is_text(self) -> bool:
        return self.value_type is str

    @property
    def is_number(self) -> bool:
        """Whether it is a number kept as text, which a spreadsheet may have rounded."""
        return self.form != "text"

    @property
    def is_structured(self) -> bool:
        return not (self.is_choice or self.is_amount or self.is_date or self.is_text)


_ATTRIBUTES = {attribute.name: attribute for attribute in msgspec.structs.fields(InvoiceRecord)}


def gettext_noop(message: str) -> str:
    """Marks a label for translation; ``comparison.LABELS`` translates it."""
    return message


def _field(name: str, label: str, belief: tuple[str, ...], **options: Any) -> InvoiceField:
    if options.get("whole") in ("buyer", "seller"):
        return InvoiceField(name, name.replace("_", ".", 1), str, "", label, belief, **options)
    attribute = _ATTRIBUTES[name]
    value_type = next((part for part in get_args(attribute.type) if part is not type(None)), attribute.type)
    default = attribute.default if attribute.default is not msgspec.NODEFAULT else value_type("unknown")
    return InvoiceField(name, name, value_type, default, label, belief, **options)


_ = gettext_noop
INVOICE_FIELDS: tuple[InvoiceField, ...] = (
    _field("kind", _("Kind"), _FACTS),
    _field("direction", _("Direction"), _FACTS),
    _field("code", _("Invoice code"), _FACTS, form="number"),
    _field("number", _("Invoice number"), _FACTS, form="slip"),
    _field("digital_number", _("Digital invoice number"), _FACTS, form="number"),
    _field("check_code", _("Check code"), _TAX, form="code", max_length=40),
    _field("issue_date", _("Issue date"), _FACTS, disputed=True),
    _field("currency", _("Currency"), _FACTS, max_length=3),
    _field("amount_excl_tax", _("Amount excl. tax"), _FACTS, whole="amounts", disputed=True),
    _field("tax_amount", _("Tax"), _FACTS, whole="amounts", disputed=True),
    _field("total_amount", _("Total incl. tax"), _FACTS, whole="amounts", disputed=True),
    _field("buyer_name", _("Buyer"), _FACTS, whole="buyer", disputed=True),
    _field("buyer_tax_no", _("Buyer's taxpayer number"), _FACTS, whole="buyer", form="tax_number", disputed=True),
    _field("seller_name", _("Seller"), _FACTS, whole="seller", disputed=True),
    _field("seller_tax_no", _("Seller's taxpayer number"), _FACTS, whole="seller", form="tax_number", disputed=True),
    _field("status", _("Status"), _STATUS, disputed=True),
    _field("verification", _("Verification"), _VERIFICATION),
    _field("expense_status", _("Expense status"), _VERIFICATION),
    _field("deduction_status", _("Deduction"), _TAX),
    _field("deduction_period", _("Deduction period"), _TAX, max_length=6, help_text="yyyyMM"),
    _field("deductible_tax", _("Deductible tax"), _TAX),
    _field("remark", _("Remark"), _LINES, max_length=1000),
    _field("travel", "", _TRAVEL),
    _field("lines", "", _LINES),
)

FIELDS_BY_NAME = {field.name: field for field in INVOICE_FIELDS}
LABELLED_FIELDS = tuple(field for field in INVOICE_FIELDS if field.label)
AMOUNT_FIELDS = tuple(field.name for field in INVOICE_FIELDS if field.is_amount)
# Fields whose column has the field's name and keeps the value as it is. Parties, journey and lines are kept otherwise.
PLAIN_COLUMNS = tuple(
    field.name for field in INVOICE_FIELDS if field.whole not in ("buyer", "seller") and not field.is_structured
)
CONFLICT_FIELDS = tuple(field.name for field in INVOICE_FIELDS if field.disputed)
VALUE_GETTERS = {field.name: attrgetter(field.path) for field in INVOICE_FIELDS}


def value_of(record: InvoiceRecord, name: str) -> Any:
    """The value of a canonical field (``buyer_name``, ``total_amount``, …) in a record."""
    return VALUE_GETTERS[name](record)
