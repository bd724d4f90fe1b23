"""A connector in an external package: registered at start-up, offered in forms, pulled by the real engine."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client

from apps.accounts.models import Company
from apps.invoices.fields import INVOICE_FIELDS
from apps.invoices.models import Invoice
from apps.invoices.pull import pull
from apps.invoices.source_records import Origin, SourceRecordState
from apps.invoices.survivorship import resolve
from apps.sources.choices import RunTrigger
from apps.sources.connectors import BUILT_IN, CONNECTORS
from apps.sources.connectors.base import Connector
from apps.sources.connectors.registry import ENTRY_POINT_GROUP, build_registry
from apps.sources.kinds import kind_choices
from apps.sources.models import QuarantinedRecord, Source, SyncRun
from apps.sources.records import InvoiceKind, InvoiceRecord
from apps.sources.services import queue_run
from tests.core.upstream import Answer, Asked, Upstream, said
from tests.factories import AdminFactory, CompanyFactory, SourceFactory

from .installing import install

PACKAGE = Path(__file__).parent / "external_connector"
LIST_KINDS = (
    "import django; django.setup(); from apps.sources.kinds import kind_choices; print([*dict(kind_choices())])"
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A directory with the installed package."""
    install(PACKAGE, tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def acme_class(tmp_path_factory: pytest.TempPathFactory) -> Iterator[type[Connector]]:
    """The connector of a package installed in this process; imported once, because its messages are registered once."""
    site = tmp_path_factory.mktemp("site")
    install(PACKAGE, site)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(site))
        yield build_registry(BUILT_IN, entry_points(group=ENTRY_POINT_GROUP))["acme"]


@pytest.fixture
def acme(acme_class: type[Connector], monkeypatch: pytest.MonkeyPatch) -> str:
    """The kind of the connector, which is registered during the test."""
    monkeypatch.setitem(CONNECTORS, acme_class.kind, acme_class)
    return acme_class.kind


def started(site: Path) -> subprocess.CompletedProcess[str]:
    """Start a process with this directory on its path. It prints the kinds it offers."""
    environment = {**os.environ, "PYTHONPATH": f"{site}{os.pathsep}{settings.BASE_DIR}"}
    return subprocess.run(
        [sys.executable, "-c", LIST_KINDS], capture_output=True, text=True, env=environment, cwd=site, check=False
    )


def test_process_registers_installed_connectors_at_start(site: Path) -> None:
    process = started(site)
    assert process.returncode == 0, process.stderr
    assert process.stdout.strip() == str([*(connector.kind for connector in BUILT_IN), "acme", "file"])


def test_two_connectors_of_one_kind_prevent_start_with_message(site: Path) -> None:
    (metadata,) = site.glob("*.dist-info")
    (metadata / "entry_points.txt").write_text(
        "[invoicehub.connectors]\na = invoicehub_acme:Acme\nb = invoicehub_acme:Acme\n"
    )
    process = started(site)
    assert process.returncode != 0
    assert "Two connectors have the kind “acme”" in process.stderr
    assert "package invoicehub-acme" in process.stderr


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("no_such_module:Acme", "cannot be loaded: No module named 'no_such_module'"),
        ("apps.sources.parsing:Nothing", "cannot be loaded"),
        ("apps.sources.records:InvoiceRecord", "is no connector"),
        ("apps.sources.connectors.base:Connector", "has the kind “”"),
        ("apps.sources.connectors.checker:Checker", "Two connectors have the kind “checker”"),
    ],
)
def test_invalid_entry_point_is_reported(value: str, sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=sentence):
        build_registry(BUILT_IN, [EntryPoint("some", value, ENTRY_POINT_GROUP)])


ROWS = [
    {"id": f"a{number}", "number": f"2631200000000000000{number}", "date": "2026-11-01", "total": "113.00",
     "seller": "甲公司"}
    for number in range(5)
]  # fmt: skip


def answer(request: Asked) -> Answer:
    if request.headers["Authorization"] != "Bearer acme-very-secret":
        return said({"error": "token"})
    begin, size = int(request.query["after"]), int(request.query["size"])
    return said({"rows": ROWS[begin : begin + size]})


def imported(tmp_path: Path, kind: str, url: str, token: str) -> None:
    definition = {
        "name": "Acme", "kind": kind, "base_url": url, "company_tax_no": "91310000000000001A",
        "credentials": {"token": token},
    }  # fmt: skip
    (tmp_path / "sources.json").write_text(json.dumps([definition]))
    call_command("import_sources", str(tmp_path / "sources.json"), stdout=StringIO())


def pulled() -> SyncRun:
    run, started = queue_run(Source.objects.get(name="Acme"), RunTrigger.COMMAND)
    assert started
    done = pull(run.pk)
    assert done is not None
    return done


@pytest.mark.django_db
def test_external_connector_is_pulled_by_the_engine(acme: str, tmp_path: Path, settings: Any) -> None:
    settings.HEARTBEAT_SECONDS = 3600.0
    company: Company = CompanyFactory(tax_no="91310000000000001A")
    broken = {**ROWS[0], "id": "a9", "total": "many"}
    ROWS.append(broken)
    try:
        with Upstream(answer) as upstream:
            imported(tmp_path, acme, upstream.url, "wrong")
            assert str(pulled().error_message) == "Acme does not accept the token. Correct it in the source."
            imported(tmp_path, acme, upstream.url, "acme-very-secret")
            first, second = pulled(), pulled()
    finally:
        ROWS.remove(broken)
    assert (first.status, first.received, first.created, first.quarantined) == ("partial", 6, 5, 1)
    assert (second.status, second.received) == ("succeeded", 0)
    source = Source.objects.get(name="Acme")
    assert source.company == company
    assert Invoice.objects.filter(source_records__source=source).count() == 5
    assert QuarantinedRecord.objects.get(source=source).external_id == "a9"


@pytest.mark.django_db
def test_forms_filters_and_rest_offer_external_kind(acme: str, client: Client) -> None:
    client.cookies["django_language"] = "en"
    client.force_login(AdminFactory())
    assert (acme, "Acme billing") in kind_choices()
    assert "?kind=acme" in client.get("/admin/sources/source/add/").text
    assert 'name="credentials_token"' in client.get("/admin/sources/source/add/?kind=acme").text
    source = SourceFactory(kind=acme, name="by hand", credentials={"token": "x"})
    assert source.get_kind_display() == "Acme billing"
    listed = client.get("/admin/sources/source/?kind__exact=acme")
    assert "Acme billing" in listed.text
    acme_sources = client.get("/api/v1/sources/", {"kind": "acme"}).json()["results"]
    assert [one["name"] for one in acme_sources] == ["by hand"]


@pytest.mark.django_db
def test_source_of_removed_package_stays_readable(client: Client) -> None:
    client.force_login(AdminFactory())
    source = SourceFactory(kind="acme", name="orphan")
    assert source.get_kind_display() == "acme"
    assert client.get(f"/admin/sources/source/{source.pk}/change/").status_code == 200
    assert client.get("/api/v1/sources/").json()["results"][0]["kind"] == "acme"


def test_kind_missing_in_survivorship_order_comes_last() -> None:
    """For every field and regardless of change times: its values are used only where no other source has one."""
    assert not any("acme" in field.belief for field in INVOICE_FIELDS)
    states = [
        SourceRecordState(
            Origin(number, kind, 1),
            kind,
            number,
            InvoiceRecord(kind, InvoiceKind.DIGITAL_SPECIAL, remark=kind, check_code=kind),
            (),
        )
        for number, kind in enumerate(("acme", "file"))
    ]
    record = resolve(states).record
    assert (record.remark, record.check_code) == ("file", "file")
