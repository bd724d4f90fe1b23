"""One record of $label as a canonical record. Pure: the vendor's words stop here."""

from apps.sources.connectors.base import RawItem
from apps.sources.connectors.items import own_payload
from apps.sources.parsing import day, money, number_text, tax_number, text
from apps.sources.records import InvoiceKind, InvoiceRecord, InvoiceStatus, PartyRecord

_KINDS = {"special": InvoiceKind.DIGITAL_SPECIAL, "general": InvoiceKind.DIGITAL_GENERAL}
_STATUSES = {"ok": InvoiceStatus.NORMAL, "void": InvoiceStatus.VOID}


def read(item: RawItem) -> InvoiceRecord:
    """Raises BadRecord with the field that cannot be read. A code nobody knows is kept and flagged, never guessed."""
    fields = own_payload(item, "id")
    kind, status = text(fields.get("type"), 40), text(fields.get("state"), 40)
    unknown = [f"type={kind}"] if kind not in _KINDS else []
    unknown += [f"state={status}"] if status not in _STATUSES else []
    return InvoiceRecord(
        external_id=item.external_id,
        kind=_KINDS.get(kind, InvoiceKind.UNKNOWN),
        digital_number=number_text(fields.get("number")),
        issue_date=day(fields.get("date"), "date"),
        amount_excl_tax=money(fields.get("net"), "net"),
        tax_amount=money(fields.get("tax"), "tax"),
        total_amount=money(fields.get("gross"), "gross"),
        buyer=PartyRecord(text(fields.get("buyer")), tax_number(fields.get("buyer_tax_no"))),
        seller=PartyRecord(text(fields.get("seller")), tax_number(fields.get("seller_tax_no"))),
        status=_STATUSES.get(status, InvoiceStatus.UNKNOWN),
        flags=("unknown_code",) if unknown else (),
        unknown_codes=tuple(unknown),
    )
