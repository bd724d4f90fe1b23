"""The vendors' names occur only in the connectors and the sandbox."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONNECTORS, SANDBOX = ROOT / "apps" / "sources" / "connectors", ROOT / "apps" / "sandbox"
MADE_UP_ROWS = ROOT / "invoicehub" / "benchmarks" / "ingest.py"  # what Piaozone would send
# Names of fields, types and parameters as the vendors write them; whole words, upper and lower case as they stand.
WORDS = (
    # Piaozone
    "billTypeId", "billnumber", "billNumber", "bxd_key", "branch_id", "entryid", "fid", "costTypeId",
    "costTypeName", "coverBase64", "coverFileType", "coverNumber", "expenseStatus", "serialNo", "serialNos",
    "invoiceData", "canBeDeduction", "entryAmount", "outputReason", "Tra", "Pur", "BizOut", "vouchId", "vouchNo",
    "accountInfo", "voucherInfo", "companyInfo", "expenseIdArray", "serialNoArray", "deductionFlag",
    "deductionTaxAmount", "accountDimension", "debitsAmount", "creditAmount", "businessDate", "accountDate",
    "supInformation", "saveBill", "saveEntrys", "updateInvoice", "invoiceSerialNos", "traList", "ticketParam",
    "linkKey", "userKey", "gridParam", "ghf_mc", "errcode", "msgId",
    # ShopEx and Maycur
    "order_bn", "invoice_bn", "shop_id", "error_response", "formType", "formBizCode", "REIMBURSE", "CORP_REIMBURSE",
    "jsonProps", "entCode",
)  # fmt: skip
_WORD = re.compile(rf"(?<![\w-])({'|'.join(WORDS)})(?!\w)")
_VENDORS_DAY = re.compile(r"%Y_%m_%d")


def ours() -> list[Path]:
    code = [*(ROOT / "apps").rglob("*.py"), *(ROOT / "invoicehub").rglob("*.py")]
    speaking = {CONNECTORS, SANDBOX, MADE_UP_ROWS}
    return [
        *(one for one in code if not speaking & {one, *one.parents}),
        *(ROOT / "templates").rglob("*.html"),
    ]


def test_vendor_words_occur_only_in_connectors_and_sandbox():
    spoken = [
        f"{path.relative_to(ROOT)}:{number}: {match.group()}"
        for path in ours()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        for match in (*_WORD.finditer(line), *_VENDORS_DAY.finditer(line))
    ]
    assert spoken == []


@pytest.mark.parametrize("word", WORDS)
def test_every_vendor_word_is_in_use(word):
    """A word without use was renamed or is misspelt here."""
    spoken = (path.read_text() for folder in (CONNECTORS, SANDBOX) for path in folder.rglob("*.py"))
    assert any(re.search(rf"(?<![\w-]){word}(?!\w)", text) for text in spoken)
