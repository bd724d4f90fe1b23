"""$label against an upstream of a few lines: the first half of the conformance suite, and what is its own."""

from collections.abc import Iterator
from typing import Any

import pytest

from $module import $class_name
from tests.core.upstream import Answer, Asked, said
from tests.sources.connectors.first_half import FirstHalf, LocalDesk

ENTRY = {"name": "$kind", "credentials": {"token": "token-very-secret"}, "options": {"page_size": 3}}


def rows() -> list[Any]:
    """Ten invoices; the amount of the last one cannot be read."""
    sound = {
        "type": "special", "state": "ok", "date": "2026-11-01", "net": 100, "tax": "13.00", "gross": "113.00",
        "buyer": "甲公司", "buyer_tax_no": "91310000MA1FL0AB3C",
        "seller": "乙公司", "seller_tax_no": "91440000100017600N",
    }  # fmt: skip
    some = [{**sound, "id": f"no{number}", "number": f"2631200000000000000{number}"} for number in range(10)]
    some[-1]["gross"] = "many"
    return some


def answer(asked: Asked, rows: list[Any]) -> Answer:
    """The upstream's page of invoices behind the one it is asked for."""
    if asked.headers["Authorization"] != "Bearer token-very-secret":
        return said({"code": "bad_token"})
    begin, size = int(asked.query.get("after") or 0), int(asked.query["size"])
    page = rows[begin : begin + size]
    end = begin + len(page)
    return said({"invoices": page, "next": str(end) if page else "", "more": end < len(rows)})


@pytest.fixture
def desk() -> Iterator[LocalDesk]:
    with LocalDesk($class_name, ENTRY, rows(), answer) as desk:
        yield desk


class TestFirstHalf(FirstHalf):
    quarantine_codes = frozenset({"record.bad_amount"})


def test_a_code_nobody_knows_is_kept_and_flagged(desk: LocalDesk) -> None:
    desk.rows[0]["type"] = "papyrus"
    desk.pull()
    record = desk.store.records["no0"]
    assert (record.kind, record.unknown_codes, record.flags) == ("unknown", ("type=papyrus",), ("unknown_code",))
