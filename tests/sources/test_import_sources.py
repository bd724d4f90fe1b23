"""``import_sources`` and ``rotate_credentials`` write all or nothing and print no secret."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection

from apps.accounts.models import Company
from apps.sources.models import Source, SourceState
from tests.factories import CompanyFactory, RawRecordFactory, SourceFactory

pytestmark = pytest.mark.django_db

SOURCE = {
    "name": "查重",
    "kind": "checker",
    "base_url": "https://upstream.example",
    "company_tax_no": "91310000000000001A",
    "credentials": {"authcode": "authcode-very-secret", "des_key": "des-key-very-secret"},
    "options": {"des_mode": "ecb"},
    "enabled": False,
}


@pytest.fixture(autouse=True)
def company() -> Company:
    return CompanyFactory(tax_no="91310000000000001A")


def load(tmp_path: Path, *sources: Any, companies: Any = None) -> str:
    file, out = tmp_path / "sources.json", io.StringIO()
    file.write_text(json.dumps(sources))
    options = []
    if companies is not None:
        (tmp_path / "companies.json").write_text(json.dumps(companies))
        options = ["--companies", str(tmp_path / "companies.json")]
    call_command("import_sources", str(file), *options, stdout=out)
    return out.getvalue()


def test_source_is_created(tmp_path: Path, company: Company) -> None:
    assert load(tmp_path, SOURCE) == "source 查重: created\n"
    source = Source.objects.get()
    assert (source.kind, source.company, source.enabled) == ("checker", company, False)
    assert source.credentials == SOURCE["credentials"]
    assert source.options == {"des_mode": "ecb"}


def test_source_is_updated_by_name_without_printing_secrets(tmp_path: Path) -> None:
    load(tmp_path, SOURCE)
    assert load(tmp_path, SOURCE) == "source 查重: unchanged\n"
    changed = {
        **SOURCE,
        "enabled": True,
        "credentials": {"authcode": "another-secret", "des_key": "des-key-very-secret"},
    }
    printed = load(tmp_path, changed)
    assert printed == "source 查重: changed (credentials, enabled)\n"
    assert Source.objects.get().credentials["authcode"] == "another-secret"


def test_omitted_fields_stay_unchanged(tmp_path: Path) -> None:
    load(tmp_path, SOURCE)
    load(tmp_path, {name: SOURCE[name] for name in ("name", "kind", "base_url", "company_tax_no")})
    source = Source.objects.get()
    assert (source.credentials, source.options, source.enabled) == (SOURCE["credentials"], SOURCE["options"], False)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"colour": 1}, "colour"),
        ({"options": {"colour": 1}}, "options.colour"),
        ({"credentials": {"authcode": "authcode-very-secret"}}, "credentials.des_key"),
        ({"kind": "nothing"}, "nothing"),
        ({"base_url": "upstream"}, "base_url"),
        ({"company_tax_no": ""}, "company_tax_no"),
        ({"name": ""}, "name"),
        ({"enabled": "yes"}, "bool"),
        ({"credentials": {"authcode": ["authcode-very-secret"], "des_key": "x" * 8}}, "credentials.authcode"),
    ],
)
def test_invalid_entry_prevents_all_changes(tmp_path: Path, change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence) as refused:
        load(tmp_path, {**SOURCE, "name": "well"}, {**SOURCE, **change})
    assert "very-secret" not in str(refused.value)
    assert not Source.objects.exists()


def test_duplicate_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="twice"):
        load(tmp_path, SOURCE, SOURCE)
    assert not Source.objects.exists()


def test_unknown_company_is_created_and_reported(tmp_path: Path) -> None:
    printed = load(tmp_path, {**SOURCE, "company_tax_no": "91310000000000009Z"})
    assert "company 91310000000000009Z: created under its number" in printed
    assert Source.objects.get().company.tax_no == "91310000000000009Z"


def test_companies_can_be_imported_too(tmp_path: Path) -> None:
    companies = [{"name": "甲公司", "tax_no": "91310000000000009Z", "former_names": ["旧名"], "small_scale": True}]
    load(tmp_path, {**SOURCE, "company_tax_no": "91310000000000009Z"}, companies=companies)
    company = Source.objects.get().company
    assert (company.name, company.former_names, company.small_scale) == ("甲公司", ["旧名"], True)
    assert "company 甲公司: unchanged" in load(tmp_path, companies=companies)


def test_kind_and_company_are_fixed_once_records_exist(tmp_path: Path, company: Company) -> None:
    source = SourceFactory(name="查重", company=company)
    RawRecordFactory(source=source)
    other = CompanyFactory()
    with pytest.raises(CommandError, match="belongs to another company"):
        load(tmp_path, {**SOURCE, "company_tax_no": other.tax_no})
    with pytest.raises(CommandError, match="of kind checker"):
        load(tmp_path, {**SOURCE, "kind": "etax"})


@pytest.mark.parametrize("content", ["{", '{"name": 1}', "[1]"])
def test_file_with_wrong_format_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(CommandError, match=r"x\.json is not as expected"):
        call_command("import_sources", str(tmp_path / "x.json"))


def stored(source: Source) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials FROM sources_source WHERE id = %s", [source.pk])
        return str(cursor.fetchone()[0])


def test_old_key_is_not_needed_after_rotation(settings: Any) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.CREDENTIAL_KEYS = [old]
    source = SourceFactory()
    SourceState.objects.create(source=source, token={"value": "token"})
    before = stored(source)
    settings.CREDENTIAL_KEYS = [new, old]
    call_command("rotate_credentials", stdout=io.StringIO())
    assert stored(source) != before
    settings.CREDENTIAL_KEYS = [new]
    assert Source.objects.get().credentials == source.credentials
    assert SourceState.objects.get().token == {"value": "token"}
    settings.CREDENTIAL_KEYS = [old]
    with pytest.raises(ImproperlyConfigured):
        Source.objects.get()


def test_rotation_works_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.sources.management.commands.rotate_credentials._BATCH", 2)
    sources = SourceFactory.create_batch(5)
    before = [stored(source) for source in sources]
    out = io.StringIO()
    call_command("rotate_credentials", stdout=out)
    assert not set(before) & {stored(source) for source in sources}
    assert ": 5 " in out.getvalue()
