"""Records and source records in few words, and strategies for hypothesis."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from apps.invoices.source_records import Origin, SourceRecordState
from apps.sources.records import InvoiceKind, InvoiceRecord, InvoiceStatus, PartyRecord

TWENTY = "25442000000012345678"
KINDS = ("etax", "shopex", "piaozone", "maycur", "checker", "file")
PAIR = ("044002500111", "12345678")


def record(external_id: str = "r1", kind: InvoiceKind = InvoiceKind.DIGITAL_SPECIAL, **values: Any) -> InvoiceRecord:
    return InvoiceRecord(external_id=external_id, kind=kind, **values)


def state(invoice_record: InvoiceRecord, kind: str = "file", keys: tuple[str, ...] = ()) -> SourceRecordState:
    """The record as a source of this kind states it. Sources have ids in the order of KINDS."""
    origin = Origin(source_id=KINDS.index(kind), kind=kind, company_id=1)
    return SourceRecordState(origin, invoice_record.external_id, raw_id=1, record=invoice_record, keys=keys)


numbers = st.sampled_from([TWENTY, "25442000000087654321", ""])
pairs = st.sampled_from([PAIR, ("044002500111", "87654321"), ("", "")])
amounts = st.sampled_from([Decimal("106.00"), Decimal("212.00"), None])
names = st.sampled_from(["甲（上海）有限公司", "甲(上海)有限公司", "乙有限公司", ""])


@st.composite
def records(draw: st.DrawFn, external_id: str = "x") -> InvoiceRecord:
    """Records that often share numbers, contradict each other, or say little."""
    code, number = draw(pairs)
    return InvoiceRecord(
        external_id=external_id,
        kind=draw(
            st.sampled_from([InvoiceKind.DIGITAL_PAPER_SPECIAL, InvoiceKind.VAT_SPECIAL_PAPER, InvoiceKind.UNKNOWN])
        ),
        code=code,
        number=number,
        digital_number=draw(numbers),
        issue_date=draw(st.sampled_from([date(2025, 3, 1), date(2025, 3, 2), None])),
        total_amount=draw(amounts),
        seller=PartyRecord(name=draw(names)),
        status=draw(st.sampled_from([InvoiceStatus.NORMAL, InvoiceStatus.VOID, InvoiceStatus.UNKNOWN])),
        deleted=draw(st.sampled_from([False, False, True])),
        link_keys=draw(st.sampled_from([(), (), ("order-1",)])),
    )
