"""Signatures compared with the examples in the vendors' documentation."""

import pytest

from apps.sandbox import checker, etax, maycur, piaozone, shopex
from apps.sandbox.settings import Settings
from apps.sandbox.truth.numbers import credit_code_check

CONTENT = "eyJyenp0IjoiMTEiLCJwYWdlIjoxLCJwYWdlU2l6ZSI6MTAwLCJycV9xIjoiMjAxOC0wNy0yOCIsInJxX3oiOiIyMDE4LTA4LTIzIn0="


@pytest.mark.parametrize(
    ("mode", "sealed"),
    [
        ("ecb", "MYUxAeCngM+DN4nU67zqNZg5j1Jk1DvhR2T3/DHY4qXXHu8975OzUhbDtylMzjej"),
        ("cbc", "5g+ChY5vcaVlKapJ3qm6o1KdE+y3v7bLYA09ruAGN963LAbCNJlRfRXnobMsDgOH"),
    ],
)
def test_des_of_checker(mode, sealed):
    plain = b'[{"Id":"1","invoiceNum":"011001900111"}]'
    assert checker.encrypt(plain, "testkey1", Settings(checker_des_mode=mode)) == sealed


def test_des_with_hex_encoding_and_separate_iv():
    plain, settings = b"[]", Settings(checker_des_encoding="hex", checker_des_iv="87654321")
    sealed = checker.encrypt(plain, "testkey1", settings)
    assert bytes.fromhex(sealed)
    assert sealed != checker.encrypt(plain, "testkey1", Settings(checker_des_encoding="hex"))


def test_sign_of_shopex():
    parameters = {
        "charset": "utf-8",
        "end_date": "2024-01-31",
        "flag": "testflag",
        "method": "invoice.getInvoiceList",
        "page_no": 1,
        "page_size": 50,
        "start_date": "2024-01-01",
        "timestamp": 1704067200,
        "type": "json",
        "ver": 1,
    }
    assert shopex.sign(parameters, "testtoken123") == "C2A252CCD37BF50C8D5C87D5FBE54CB4"
    assert shopex.sign(parameters | {"sign": "whatever"}, "testtoken123") == "C2A252CCD37BF50C8D5C87D5FBE54CB4"


def test_assembled_text_omits_null_and_keeps_key_of_empty_value():
    assert shopex.assemble({"b": None, "c": "", "a": True, "d": {"y": 2, "x": 1}}) == "a1cdx1y2"


@pytest.mark.parametrize(
    ("kind", "prefix", "expected"),
    [
        ("0", "", "MMcMSSCMER6wbVxh5/FTJnckzzTOKEh+MCdf8O31pdw="),
        ("0", "?", "r4+zPpFujlDOZW0ttknXEq72VZTIdHrWgHYuI1kKvCU="),
        ("1", "", "2A3EFBE7ABB2C7CCA174F34D3EB77E2E"),
    ],
)
def test_signature_of_tax_bureau(kind, prefix, expected):
    taxpayer = "91310000000000000X"
    parameters = {"appid": "testappid", "content": CONTENT, "jtnsrsbh": taxpayer, "nsrsbh": taxpayer}
    parameters |= {"serviceid": "S000621", "signType": kind}
    assert etax.signature(parameters, "testsecret", prefix) == expected


def test_login_secret_of_expense_system():
    expected = "5ac307a1c4de8fcab05203553d01a17a630b6d939ef8eb8746913e1f194d543a"
    assert maycur.login_secret("testsecret", "testcode", 1704067200000) == expected


def test_sign_of_invoice_cloud():
    assert piaozone.sign("testclient", "testsecret", "1704067200000") == "93dca4ba582a1c67d8a8e927a26d99d5"
    assert {len(piaozone.sign("c", "s", "1", kind)) for kind in "12"} == {64}


@pytest.mark.parametrize("code", ["91440000100017600N", "9133010067675905XR"])
def test_check_character_of_tax_numbers(code):
    assert credit_code_check(code[:17]) == code[17]
