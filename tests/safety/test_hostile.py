"""Texts from outside are escaped: every text of the sample data is an attack, and every page is requested. Also checks
the content policy of every page, and that none shows a secret."""

import csv
import re
from html.parser import HTMLParser
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from tests.factories import AdminFactory

from .addresses import addresses
from .conftest import common, whole
from .world import World, company_with_everything

ATTACKS = [
    "<script>1</script>",
    "\"' onerror=1 x='",
    "=cmd|'/C x'!A0",
    "@SUM(1)\u202e\u200b\u2066{{7*7}}{% now %}",
    "javascript:1//%(x)s%",
]
PARTS = 2  # of the addresses: no test is to take minutes on a slow machine
SECRET = re.compile(r"[^\s]*-secret\b")


class Page(HTMLParser):
    """Collects scripts of a page without its nonce, and scripts that a click would run."""

    def __init__(self, text: str, nonce: str) -> None:
        super().__init__()
        self.nonce, self.scripts = nonce, list[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        kind = values.get("type") or "module"
        runs = tag == "script" and "src" not in values and kind in ("module", "text/javascript")
        if runs and values.get("nonce") != self.nonce:
            self.scripts.append(f"script without nonce: {self.get_starttag_text()}")
        for name, value in attrs:
            address = re.sub(r"[\s\x00-\x1f]", "", value or "").lower()
            if re.fullmatch(r"on\w+", name):
                self.scripts.append(f"handler: {self.get_starttag_text()}")
            if name in ("href", "src", "action", "formaction") and address.startswith(("javascript:", "vbscript:")):
                self.scripts.append(f"address: {self.get_starttag_text()}")


def attacked(mark: str) -> World:
    """Sample data marked with this text, cut to the width of the columns."""
    with transaction.atomic():
        world = company_with_everything(mark)
        return world | common(world["person"])


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_runs_as_a_script(attack: str, part: int) -> None:
    cache.clear()
    world, client = attacked(attack), Client(raise_request_exception=False)
    client.force_login(AdminFactory())
    troubles = []
    for address in addresses()[part::PARTS]:
        if "GET" not in address.methods or address.route.startswith("account/") or address.route.endswith("logout/"):
            continue
        answer: Any = client.get(address.filled(world))
        text = whole(answer).decode(errors="replace")
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code >= 500:
            troubles.append((address.route, "error"))
        if match := SECRET.search(text):
            troubles.append((address.route, f"secret {match[0]}"))
        if kind.startswith("text/html"):
            policy = answer.headers.get("Content-Security-Policy", "")
            nonce = re.search(r"'nonce-([^']+)'", policy)
            if "object-src 'none'" not in policy or "script-src 'self'" not in policy:
                troubles.append((address.route, f"policy {policy}"))
            troubles += [(address.route, script) for script in Page(text, nonce[1] if nonce else "").scripts]
            if attack.startswith("<") and attack in text:
                troubles.append((address.route, "unescaped"))
    assert troubles == []


@pytest.mark.django_db
@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_of_an_export_is_a_formula(client: Client, start: str) -> None:
    company_with_everything(f"{start}cmd|x")
    client.force_login(AdminFactory())
    rows = list(csv.reader(StringIO(whole(client.get("/invoices/export.csv")).decode().removeprefix("\ufeff"))))
    texts = [cell for row in rows[1:] for cell in row if "cmd" in cell]
    assert texts
    assert [cell for cell in texts if cell.lstrip().startswith(("=", "+", "-", "@"))] == []
    sheet = openpyxl.load_workbook(BytesIO(whole(client.get("/invoices/export.xlsx")))).worksheets[0]
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if "cmd" in str(cell.value)]
    assert {cell.data_type for cell in cells} == {"s"}
