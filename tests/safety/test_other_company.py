"""A person who sees one company gets no information about another one.

Every request is made twice, with the other company in the database and, rolled back, without it. The answers must be
equal, so that no name, amount, count, choice or error text depends on it and its ids look like unknown ones.
"""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from apps.accounts.models import User

from .addresses import Address, addresses
from .conftest import common, whole
from .world import World, company_with_everything

AMOUNT = "9876543.21"
MARKS = ("乙密", AMOUNT, "9,876,543.21", "乙密".encode().hex())
PARTS = 3  # of the requests: no test is to take minutes on a slow machine
NOON = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)
# Pages about the state of the machine, which differ each time; pages that only redirect.
NOT_OURS = ("health/", "metrics", "(object_id)/")
# Values that differ each time: keys of forms, of the page, of new rows.
VARYING = re.compile(
    r"""(?:csrfmiddlewaretoken" value|name="rows" value|nonce|"?X-CSRFToken"?)[=:-] ?"?[\w+/=:-]+"""
    r"|(?=[0-9-]*[a-f])[0-9a-f-]{15,}"
    r'|"rule_version":\d+'  # counts how often any rule was set
    r'|"(?:updated|changed)_at":"[^"]+"'  # the clock of the database
)
# Reset the sequences, since a rollback does not: new rows get the same ids both times.
HIGHEST_ID = "SELECT max(COALESCE(pg_sequence_last_value(oid), 0)) FROM pg_class WHERE relkind = 'S'"
NEXT_IDS = "SELECT setval(oid, %s) FROM pg_class WHERE relkind = 'S'"


@dataclass(frozen=True)
class Asked:
    """A request, and whether its data is sent as JSON."""

    method: str
    path: str
    data: Mapping[str, Any] = field(default_factory=dict)
    json: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path} {dict(self.data) or ''}"


def answer(client: Client, request: Asked, highest_id: int) -> str:
    """Status, redirect, messages and page of a request; its changes are rolled back."""
    cache.clear()
    with connection.cursor() as cursor:
        cursor.execute(NEXT_IDS, [highest_id])
    more: dict[str, Any] = {"content_type": "application/json"} if request.json else {}
    with transaction.atomic():
        response: Any = getattr(client, request.method.lower())(request.path, dict(request.data), **more)
        body = whole(response)
        messages = [str(message) for message in get_messages(response.wsgi_request)]
        transaction.set_rollback(True)
    where = response.headers.get("Location", "")
    return VARYING.sub("~", f"{response.status_code} {where}\n{messages}\n{_readable(body)}")


def _readable(body: bytes) -> str:
    """The text of an answer; of a workbook, the cells of its sheets."""
    if not body.startswith(b"PK\x03\x04"):
        return body.decode(errors="replace")
    with ZipFile(BytesIO(body)) as parts:
        return "\n".join(parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets"))


def of_room(room: str) -> list[Address]:
    rooms = {one: "admin" if one.in_admin else "api" if one.in_api else "workspace" for one in addresses()}
    return [one for one, its in rooms.items() if its == room and not one.route.endswith(NOT_OURS)]


def reading(room: str, mine: World, theirs: World) -> Iterator[Asked]:
    """Requests of every page of mine and of theirs, and of every list filtered by values of theirs."""
    for address in of_room(room):
        if "GET" in address.methods:
            yield Asked("GET", address.filled(mine))
            if address.places:
                yield Asked("GET", address.filled(theirs))
        if "GET" in address.methods and not address.places and not address.route.startswith("account/"):
            narrowed = [{"q": "乙密"}] if address.in_admin else narrowing(theirs)
            yield from (Asked("GET", address.filled(mine), one) for one in narrowed)


def narrowing(theirs: World) -> list[dict[str, Any]]:
    """One request per filter, since filters may have several names for the same value."""
    pk = {name: row.pk for name, row in theirs.items()}
    return [
        {"q": "乙密"},
        {"source": pk["source"], "book": pk["book"], "batch": theirs["decision"].batch},
        {"company": pk["company"], "ids": f"{pk['voucher']},{pk['booked']}"},
        {"subject": f"voucher:{pk['booked']}", "bill": pk["bill"], "assigned_to": pk["person"]},
        {"state": "needs_person", "code": "http.timeout"},
    ]


def writing(room: str, mine: World, theirs: World) -> Iterator[Asked]:
    """Writing requests on rows of theirs, and on rows of mine with ids of theirs in the form."""
    for address in of_room(room):
        for method in sorted(address.methods - {"GET", "HEAD"}):
            for body in bodies(theirs)[: 1 if address.in_admin else 2]:
                yield Asked(method, address.filled(mine), body, json=address.in_api)
                if address.places:
                    yield Asked(method, address.filled(theirs), body, json=address.in_api)


def bodies(theirs: World) -> list[dict[str, Any]]:
    """Bodies with ids of theirs under every field name of forms and endpoints, and the other required fields."""
    pk = {name: row.pk for name, row in theirs.items()}
    words = dict.fromkeys(("text", "reason", "note", "comment", "order", "override_reason"), "x")
    rows = {
        "invoice": [pk["free_invoice"]], "invoices": [pk["free_invoice"]], "bill_invoice": [pk["bill_invoice"]],
        "bill_invoices": [pk["bill_invoice"]],
        "voucher": [pk["voucher"], pk["booked"]], "bill": [pk["approved"]], "bills": theirs["approved"].number,
        "book": pk["book"], "line": pk["line"], "master": pk["free_invoice"], "finding": [pk["finding"]],
        "override": pk["override"], "source": pk["source"], "company": pk["company"], "companies": [pk["company"]],
        "to": theirs["person"].username, "assigned_to": pk["person"], "_selected_action": [pk["voucher"]],
        "number": "x", "employee": "x", "bill_date": "2026-03-02", "currency": "CNY", "type": "expense",
        "value": "x", "sure": "yes", "revision": "1",
    }  # fmt: skip
    return [{**words, **rows, "action": action} for action in ("collect", "dismiss")]


def recorded(client: Client, requests: list[Asked], highest_id: int) -> dict[str, str]:
    """Request → answer. Each is made with the cookies of the first, since one of them logs out."""
    cookies, answers = client.cookies.output(header="", sep=";"), {}
    for one in requests:
        client.cookies = SimpleCookie(cookies)
        answers[str(one)] = answer(client, one, highest_id)
    return answers


def _noticed(
    everyman: User, mine: World, requests_of: Callable[[World, World], Iterator[Asked]], part: int
) -> list[str]:
    """Requests of this part whose answers differ while the other company exists."""
    client = Client(raise_request_exception=False)
    client.force_login(everyman)
    with time_machine.travel(NOON, tick=False):
        with transaction.atomic():
            theirs = company_with_everything("乙密", AMOUNT)
            theirs |= common(theirs["person"])
            requests = list({str(one): one for one in requests_of(mine, theirs)}.values())[part::PARTS]
            with connection.cursor() as cursor:
                cursor.execute(HIGHEST_ID)
                highest_id: int = cursor.fetchone()[0]
            beside = recorded(client, requests, highest_id)
            transaction.set_rollback(True)
        alone = recorded(client, requests, highest_id)
    broken = [f"{request}\n{text[:3]}" for request, text in alone.items() if text.startswith("5")]
    differences = [
        f"{request}\n{_difference(alone[request], beside[request])}"
        for request in alone
        if alone[request] != beside[request]
    ]
    return broken + differences


def _difference(alone: str, beside: str) -> str:
    """The first differences, with their context."""
    lines = difflib.unified_diff(alone.splitlines(), beside.splitlines(), lineterm="", n=0)
    pairs = [line for line in lines if not line.startswith(("---", "+++", "@@"))][:10]
    both = list(zip(pairs[0], pairs[1], strict=False))[1:] if len(pairs) == 2 else []
    same = next((at for at, (one, other) in enumerate(both) if one != other), 0)
    return "\n".join(f"{line[0]}{line[1:][max(same - 60, 0) :][:200]}" for line in pairs)


@pytest.mark.parametrize("room", ["workspace", "api", "admin"])
@pytest.mark.parametrize("asking", [reading, writing])
@pytest.mark.parametrize("part", range(PARTS))
def test_no_answer_depends_on_another_company(
    everyman: User, mine: World, room: str, asking: Callable[[str, World, World], Iterator[Asked]], part: int
) -> None:
    noticed = _noticed(everyman, mine, partial(asking, room), part)
    assert not noticed, f"{len(noticed)} answers tell of another company:\n" + "\n\n".join(noticed)
