"""The ledger's rows as COPY and UPDATE want them. Column lists and the functions that fill them stand side by side."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
from django.db import connection

from apps.core.bulk import copy_rows
from apps.sources.records import PartyRecord, dumps

from .identity import IDENTITY_VERSION
from .source_records import Seat

if TYPE_CHECKING:
    from .ledger import Outcome

INVOICE = (
    "id",
    "key",
    "identity_version",
    "kind",
    "direction",
    "code",
    "number",
    "digital_number",
    "check_code",
    "issue_date",
    "currency",
    "amount_excl_tax",
    "tax_amount",
    "total_amount",
    "buyer_id",
    "seller_id",
    "status",
    "verification",
    "expense_status",
    "deduction_status",
    "deduction_period",
    "deductible_tax",
    "remark",
    "travel",
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


def invoice(outcome: "Outcome", parties: dict[tuple[str, str], int], now: str) -> tuple[Any, ...]:
    """The values of INVOICE."""
    record = outcome.record
    return (
        outcome.invoice_id,
        outcome.key,
        IDENTITY_VERSION,
        record.kind.value,
        record.direction.value,
        record.code,
        record.number,
        record.digital_number,
        record.check_code,
        record.issue_date,
        record.currency,
        record.amount_excl_tax,
        record.tax_amount,
        record.total_amount,
        _party_id(record.buyer, parties),
        _party_id(record.seller, parties),
        record.status.value,
        record.verification.value,
        record.expense_status.value,
        record.deduction_status.value,
        record.deduction_period,
        record.deductible_tax,
        record.remark,
        msgspec.to_builtins(record.travel, builtin_types=()) if record.travel else None,
        outcome.flags,
        sorted({seat.company_id for seat in outcome.seats}),
        sorted({seat.source_id for seat in outcome.seats}),
        outcome.canonical.deleted,
        None,
        now,
        now,
    )


def source_record(seat: Seat, invoice_id: int, now: str) -> tuple[Any, ...]:
    """The values of SOURCE_RECORD."""
    return (seat.source_id, seat.external_id, *source_record_update(seat, invoice_id, now), now)


def source_record_update(seat: Seat, invoice_id: int, now: str) -> tuple[Any, ...]:
    """The values of SOURCE_RECORD_UPDATE."""
    record = seat.record
    return (
        invoice_id,
        seat.raw_id,
        dumps(record),
        seat.keys,
        IDENTITY_VERSION,
        record.deleted,
        record.changed_at,
        now,
    )


def lines(outcome: "Outcome") -> list[tuple[Any, ...]]:
    """The values of LINE for each line of the invoice."""
    return [
        (
            outcome.invoice_id,
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
        for position, line in enumerate(outcome.record.lines, 1)
    ]


def replace_lines(outcomes: Sequence["Outcome"]) -> set[int]:
    """Write the lines of existing invoices anew where they differ; the ids of those invoices."""
    if not outcomes:
        return set()
    stored: dict[int, list[tuple[Any, ...]]] = {outcome.invoice_id: [] for outcome in outcomes}
    columns = ", ".join(LINE)
    with connection.cursor() as cursor:
        statement = (
            f"SELECT {columns} FROM invoices_invoiceline WHERE invoice_id = ANY(%s) ORDER BY invoice_id, position"  # noqa: S608
        )
        cursor.execute(statement, [list(stored)])
        for row in cursor.fetchall():
            stored[row[0]].append(row)
        wanted = {outcome.invoice_id: lines(outcome) for outcome in outcomes}
        differing = {pk for pk in stored if stored[pk] != wanted[pk]}
        if differing:
            cursor.execute("DELETE FROM invoices_invoiceline WHERE invoice_id = ANY(%s)", [list(differing)])
    copy_rows("invoices_invoiceline", LINE, [line for pk in sorted(differing) for line in wanted[pk]])
    return differing


def replace_aliases(invoice_ids: Iterable[int], wanted: set[tuple[str, int]]) -> None:
    """Give existing invoices exactly these aliases (key, invoice id)."""
    ids = list(invoice_ids)
    if not ids:
        return
    pairs = sorted(wanted)
    arrays: list[list[Any]] = [[key for key, _ in pairs], [pk for _, pk in pairs]]
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM invoices_invoicekey a WHERE a.invoice_id = ANY(%s) AND NOT EXISTS"
            " (SELECT FROM unnest(%s::text[], %s::bigint[]) AS w(key, pk) WHERE w.key = a.key AND w.pk = a.invoice_id)",
            [ids, *arrays],
        )
        cursor.execute(
            "INSERT INTO invoices_invoicekey (key, invoice_id) SELECT * FROM unnest(%s::text[], %s::bigint[])"
            " ON CONFLICT (key, invoice_id) DO NOTHING",
            arrays,
        )


def touch(invoice_ids: Iterable[int], now: str) -> None:
    """Mark invoices as changed whose own row stayed the same (their lines changed)."""
    ids = list(invoice_ids)
    if ids:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE invoices_invoice SET updated_at = %s WHERE id = ANY(%s)", [now, ids])


def make_redirects(moves: Sequence[tuple[int, int]], now: str) -> None:
    """(old, new): the old invoice has no source records left; it stays as a signpost to the new one, without lines."""
    if not moves:
        return
    arrays = [[old for old, _ in moves], [new for _, new in moves]]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE invoices_invoice i SET merged_into_id = m.new, updated_at = %s"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS m(old, new) WHERE i.id = m.old",
            [now, *arrays],
        )
        cursor.execute("DELETE FROM invoices_invoiceline WHERE invoice_id = ANY(%s)", [arrays[0]])


def _party_id(party: PartyRecord, parties: dict[tuple[str, str], int]) -> int | None:
    return parties.get((party.name, party.tax_no))


def _bounded(value: Decimal | None, step: Decimal, most: Decimal) -> Decimal | None:
    """Rounded to the column's decimals; None when the column cannot hold it (the source record keeps what came)."""
    if value is None or abs(value) >= most:
        return None
    return value.quantize(step)
