"""Every role has exactly the permissions in ``docs/permissions.md``, tested by requests.

After an intended change, ``WRITE_PERMISSIONS=1 pytest tests/safety/test_roles.py`` rewrites the page.
"""

import os
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.db import transaction
from django.test import Client, RequestFactory

from apps.accounts import duties
from apps.accounts.models import ApprovalLimit, DutyPolicy, User
from apps.accounts.roles import ROLES
from tests.factories import UserFactory

from .addresses import Address, addresses
from .conftest import whole
from .test_anonymous import OPEN
from .world import World

PAGE = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
NOBODY, ANYBODY = "none", "no role"
PEOPLE = (ANYBODY, *ROLES)
HEAD = """# Permissions

Written by `tests/safety/test_roles.py`, which asks every address in the name of every role, and fails when this page
says something else. A role may do what those before it may: viewer, accountant, reviewer, finance manager,
administrator. “No role”: whoever is logged in. What they may see is a matter of their companies, whatever the role; the
administration is for staff. The last table has the steps that a second person takes ([duties](duties.md)), as they are
without any policy and limit.

"""
WORKSPACE = "| page | look | act |\n|---|---|---|\n"
REST = "| REST | role |\n|---|---|\n"
ADMIN = "| administration | view | add | change | delete |\n|---|---|---|---|---|\n"
DUTIES = "| duty | permission | role | one's own | others' | limited |\n|---|---|---|---|---|---|\n"


@pytest.fixture
def people(mine: World) -> Mapping[str, User]:
    """One person of each role, all of them staff, so that the admin checks permissions."""
    company = mine["company"]
    by_role = {role: UserFactory(role=role, is_staff=True, companies=[company]) for role in ROLES}
    by_role[ANYBODY] = UserFactory(is_staff=True, companies=[company])
    for person in by_role.values():
        person.window = Client(raise_request_exception=False)
        person.window.force_login(person)
    return {name: by_role[name] for name in PEOPLE}


def least(allowed: Mapping[str, bool]) -> str:
    """The first role that is allowed; fails when a later one is not."""
    first = next((name for name in PEOPLE if allowed[name]), NOBODY)
    assert first == NOBODY or all(allowed[name] for name in PEOPLE[PEOPLE.index(first) :]), allowed
    return first


def least_role(people: Mapping[str, User], method: str, path: str) -> str:
    """The least role that is not refused; '–' when the method is not supported."""
    allowed = {}
    for name, person in people.items():
        cache.clear()
        with transaction.atomic():
            answer: Any = person.window.generic(method, path)  # type: ignore[attr-defined]
            whole(answer)
            transaction.set_rollback(True)
        if answer.status_code == 405:
            return "–"
        assert answer.status_code < 500, f"{method} {path} as {name}"
        allowed[name] = answer.status_code not in (401, 403)
    return least(allowed)


def ours(address: Address) -> bool:
    """Excludes the login and addresses about the logged-in person."""
    return address.route not in OPEN and not address.route.startswith("account/")


def pages(people: Mapping[str, User], mine: World, part: slice) -> Iterator[str]:
    def listed(address: Address) -> bool:
        custom = address.in_admin and address.route.rstrip("/").endswith("_now")
        return ours(address) and not address.in_api and (custom or not address.in_admin)

    for address in list(filter(listed, addresses()))[part]:
        look, act = (least_role(people, method, address.filled(mine)) for method in ("GET", "POST"))
        yield f"| {address.route or '/'} | {look} | {act} |"


def endpoints(people: Mapping[str, User], mine: World, part: slice) -> Iterator[str]:
    verbs = [(address, method) for address in addresses() if address.in_api for method in sorted(address.methods)]
    for address, method in verbs[part]:
        yield f"| {method} {address.route} | {least_role(people, method, address.filled(mine))} |"


def models(people: Mapping[str, User], mine: World, part: slice) -> Iterator[str]:
    for model, page in sorted(admin.site._registry.items(), key=lambda item: item[0]._meta.label_lower)[part]:
        cells = []
        for verb in ("view", "add", "change", "delete"):
            allowed = {}
            for name, person in people.items():
                request = RequestFactory().get("/")
                request.user = person
                allowed[name] = bool(getattr(page, f"has_{verb}_permission")(request))
            cells.append(least(allowed))
        yield f"| {model._meta.label_lower} | {' | '.join(cells)} |"


def duty_rows(people: Mapping[str, User], mine: World, part: slice) -> Iterator[str]:
    """By default, without any policy and limit; the sample company is asked, after its rows are deleted."""
    DutyPolicy.objects.all().delete()
    ApprovalLimit.objects.all().delete()
    company = mine["company"].pk
    for duty, permission in list(duties.PERMISSIONS.items())[part]:
        first = least({name: person.has_perm(permission) for name, person in people.items()})
        own, others, large = (
            "yes" if not duties.refusals(people[first], duty, [duties.Document(0, company, owners, amount)]) else "no"
            for owners, amount in (
                ({people[first].pk}, Decimal(1)),
                ({None}, Decimal(1)),
                ({None}, Decimal(10) ** 12),
            )
        )
        yield f"| {duty.value} | {permission} | {first} | {own} | {others} | {'no' if large == 'yes' else 'yes'} |"


TABLES = {
    "pages": (WORKSPACE, pages),
    "endpoints": (REST, endpoints),
    "models": (ADMIN, models),
    "duties": (DUTIES, duty_rows),
}
WRITE = bool(os.environ.get("WRITE_PERMISSIONS"))
PARTS = {"pages": 1 if WRITE else 3}  # parts keep a test short on a slow machine; writing needs the whole page
ASKED = [(name, part) for name in TABLES for part in range(PARTS.get(name, 1))]


@pytest.mark.parametrize(("name", "part"), ASKED)
def test_roles_have_the_documented_permissions(people: Mapping[str, User], mine: World, name: str, part: int) -> None:
    head, rows_of = TABLES[name]
    every = slice(part, None, PARTS.get(name, 1))
    rows = list(rows_of(people, mine, every))
    introduction = HEAD.strip().split("\n\n")
    place = len(introduction) + list(TABLES).index(name)
    blocks = PAGE.read_text().strip().split("\n\n")
    if WRITE:
        blocks[: len(introduction)], blocks[place : place + 1] = introduction, [head + "\n".join(rows)]
        PAGE.write_text("\n\n".join(blocks) + "\n")
    advice = f"if it is meant so: WRITE_PERMISSIONS=1 pytest {Path(__file__).name}"
    lines = blocks[place].splitlines()
    assert blocks[: len(introduction)] == introduction, advice
    assert lines[:2] == head.splitlines(), advice
    assert lines[2:][every] == rows, advice
    assert len(blocks) == len(introduction) + len(TABLES), advice
