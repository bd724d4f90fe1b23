"""Hand-made rows and answers of the tax bureau."""

import base64
import io
import json
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from apps.sources.connectors.base import CompanyFacts, SourceFacts
from apps.sources.connectors.etax import Etax
from apps.sources.connectors.etax.listing import listed
from apps.sources.records import InvoiceRecord

SAMPLES = Path(__file__).parents[1] / "samples" / "etax"
DIGITAL = "26312000000123456789"


def sample(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text(), parse_float=Decimal)


def parse(row: Mapping[str, Any], rzzt: str = "10", **options: Any) -> InvoiceRecord:
    (item,) = listed({"InvoiceList": [dict(row)]}, rzzt).items
    return Etax.parse(item, SourceFacts("bureau", "etax", CompanyFacts(), options))


def row(**changes: Any) -> dict[str, Any]:
    plain = {
        "invoiceCode": "",
        "invoiceNumber": DIGITAL,
        "invoiceType": "81",
        "billingDate": "2026-03-10",
        "state": "0",
        "totalAmount": Decimal("100.00"),
        "totalTax": Decimal("13.00"),
        "validTax": Decimal("13.00"),
        "checkStatus": "0",
        "deductible": "0",
        "managementStatus": "0",
        "ylzd4": "",
        "ylzd5": "",
    }
    return plain | changes


def packed(plain: bytes) -> str:
    return base64.b64encode(plain).decode()


def archive(*entries: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as opened_archive:
        for place, entry in enumerate(entries):
            opened_archive.writestr(f"{place}.json", entry)
    return buffer.getvalue()
