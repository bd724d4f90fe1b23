"""The ledger's rows as COPY and UPDATE take them. Column lists and the functions that fill them stand side by side."""

from collections.abc import Mapping
from decimal import Decimal
from operator import attrgetter
from typing import Any

import msgspec

from apps.sources.records import InvoiceRecord, dumps

from .fields import FIELDS_BY_NAME, PLAIN_COLUMNS
from .identity import IDENTITY_VERSION
from .source_records import SourceRecordState


class ResolvedInvoice(msgspec.Struct, frozen=True):
    """One invoice as it will be stored: its row, key and values, and the source records it is made of."""

    invoice_id: int
    key: str
    record: InvoiceRecord
    deleted: bool
    flags: list[str]
    source_records: tuple[SourceRecordState, ...]


_plain_values = attrgetter(*(f"{name}.value" if FIELDS_BY_NAME[name].is_choice else name for name in PLAIN_COLUMNS))

INVOICE = (
    "id",
    "key",
    "identity_version",
    *PLAIN_COLUMNS,
    "travel",
    "buyer_id",
    "seller_id",
    "flags",
    "company_ids",
    "source_ids",
    "deleted",
    "merged_into_id",
    "updated_at",
    "created_at",
)
INVOICE_UPDATE = INVOICE[:-1]
SOURCE_RECORD = (
    "source_id",
    "external_id",
    "invoice_id",
    "raw_id",
    "record",
    "keys",
    "identity_version",
    "deleted",
    "changed_at",
    "updated_at",
    "first_seen_at",
)
SOURCE_RECORD_UPDATE = SOURCE_RECORD[2:-1]
LINE = (
    "invoice_id",
    "position",
    "name",
    "spec",
    "unit",
    "quantity",
    "unit_price",
    "amount",
    "tax_rate",
    "tax_amount",
    "goods_code",
)

_TENTH_DECIMAL, _SIXTH_DECIMAL = Decimal("1e-10"), Decimal("1e-6")
_MOST_QUANTITY, _MOST_RATE = Decimal("1e17"), Decimal(99)


def invoice_row(invoice: ResolvedInvoice, parties: Mapping[tuple[str, str], int], moment: str) -> tuple[Any, ...]:
    """The values of INVOICE. ``parties``: (name, taxpayer number) → id."""
    record = invoice.record
    origins = [state.origin for state in invoice.source_records]
    return (
        invoice.invoice_id,
        invoice.key,
        IDENTITY_VERSION,
        *_plain_values(record),
        msgspec.to_builtins(record.travel, builtin_types=()) if record.travel else None,
        parties.get((record.buyer.name, record.buyer.tax_no)),
        parties.get((record.seller.name, record.seller.tax_no)),
        invoice.flags,
        sorted({origin.company_id for origin in origins}),
        sorted({origin.source_id for origin in origins}),
        invoice.deleted,
        None,
        moment,
        moment,
    )


def source_record_row(state: SourceRecordState, invoice_id: int, moment: str) -> tuple[Any, ...]:
    """The values of SOURCE_RECORD."""
    return (
        state.origin.source_id,
        state.external_id,
        *source_record_update_row(state, invoice_id, moment),
        moment,
    )


def source_record_update_row(state: SourceRecordState, invoice_id: int, moment: str) -> tuple[Any, ...]:
    """The values of SOURCE_RECORD_UPDATE."""
    record = state.record
    return (
        invoice_id,
        state.raw_id,
        dumps(record),
        state.keys,
        IDENTITY_VERSION,
        record.deleted,
        record.changed_at,
        moment,
    )


def line_rows(invoice: ResolvedInvoice) -> list[tuple[Any, ...]]:
    """The values of LINE for each line of the invoice."""
    return [
        (
            invoice.invoice_id,
            position,
            line.name,
            line.spec,
            line.unit,
            _bounded(line.quantity, _TENTH_DECIMAL, _MOST_QUANTITY),
            _bounded(line.unit_price, _TENTH_DECIMAL, _MOST_QUANTITY),
            line.amount,
            _bounded(line.tax_rate, _SIXTH_DECIMAL, _MOST_RATE),
            line.tax_amount,
            line.goods_code,
        )
        for position, line in enumerate(invoice.record.lines, 1)
    ]


def _bounded(value: Decimal | None, step: Decimal, most: Decimal) -> Decimal | None:
    """Rounded to the column's decimals; None when the column cannot hold it (the source record keeps the original)."""
    if value is None or abs(value) >= most:
        return None
    return value.quantize(step)
