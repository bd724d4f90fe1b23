"""Sources written down as JSON: checked as a whole, then made or brought up to date by name."""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.db import transaction

from apps.accounts.models import Company

from .models import RawRecord, Source
from .services import problems_of


class SourceDefinition(msgspec.Struct, forbid_unknown_fields=True):
    """One source. What an existing source has and the definition leaves out stays as it is."""

    name: str
    kind: str
    base_url: str
    company_tax_no: str
    credentials: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    options: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    enabled: bool | msgspec.UnsetType = msgspec.UNSET


class CompanyDefinition(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    tax_no: str
    former_names: list[str] | msgspec.UnsetType = msgspec.UNSET
    small_scale: bool | msgspec.UnsetType = msgspec.UNSET


class BadDefinitionsError(Exception):
    """``problems`` has one sentence for each thing that is wrong; none of them holds a secret."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(*problems)
        self.problems = problems


@transaction.atomic
def apply(sources: Sequence[SourceDefinition], companies: Sequence[CompanyDefinition] = ()) -> list[str]:
    """Make or update all of them; one line for each that says what was done, without secrets.

    A company nobody knows yet is made under its taxpayer number. Raises BadDefinitionsError, and nothing is written.
    """
    said = [_apply_company(company) for company in companies]
    problems = _repeated([source.name for source in sources])
    for wanted in sources:
        company = Company.objects.filter(tax_no=wanted.company_tax_no).first()
        if company is None and wanted.company_tax_no:
            company = Company.objects.create(name=wanted.company_tax_no, tax_no=wanted.company_tax_no)
            said.append(f"company {company.tax_no}: created under its number; name it in the administration")
        old = Source.objects.select_for_update().filter(name=wanted.name).first()
        found = _problems(wanted, old, company)
        problems += [f"{wanted.name}: {problem}" for problem in found]
        if company and not found:
            said.append(f"source {wanted.name}: {_apply_source(wanted, old, company)}")
    if problems:
        raise BadDefinitionsError(problems)
    return said


def has_received(source: Source) -> bool:
    """Whether anything came from it: what did belongs to its company for good."""
    return RawRecord.objects.filter(source=source).exists()


def _apply_company(wanted: CompanyDefinition) -> str:
    values = msgspec.structs.asdict(wanted)
    values = {name: value for name, value in values.items() if name != "tax_no" and value is not msgspec.UNSET}
    company, created = Company.objects.get_or_create(tax_no=wanted.tax_no, defaults=values)
    return f"company {wanted.name}: {'created' if created else _brought_to(company, values)}"


def _problems(wanted: SourceDefinition, old: Source | None, company: Company | None) -> list[str]:
    values = _values(wanted, old)
    found = [
        f"{place}: {sentence}"
        for place, sentences in problems_of(
            wanted.kind, wanted.base_url, values["credentials"], values["options"]
        ).items()
        for sentence in sentences
    ]
    if not wanted.name or len(wanted.name) > 100:
        found.append("name: between 1 and 100 characters.")
    if company is None:
        found.append("company_tax_no: this entry is required.")
    if old and old.kind != wanted.kind:
        found.append(f"kind: this source is of kind {old.kind}. Another kind needs a source of its own.")
    if old and company and old.company_id != company.pk and has_received(old):
        found.append("company_tax_no: what it received belongs to another company. Make a new source instead.")
    return found


def _values(wanted: SourceDefinition, old: Source | None) -> dict[str, Any]:
    before = {"credentials": old.credentials, "options": old.options, "enabled": old.enabled} if old else {}
    defaults = {"credentials": {}, "options": {}, "enabled": True} | before
    given = {name: getattr(wanted, name) for name in defaults}
    return {name: defaults[name] if value is msgspec.UNSET else value for name, value in given.items()}


def _apply_source(wanted: SourceDefinition, old: Source | None, company: Company) -> str:
    values = _values(wanted, old) | {"base_url": wanted.base_url, "company": company}
    if old:
        return _brought_to(old, values)
    Source.objects.create(name=wanted.name, kind=wanted.kind, **values)
    return "created"


def _brought_to(row: Any, values: dict[str, Any]) -> str:
    """Write only what differs, so that the history shows real changes."""
    differing = [name for name, value in values.items() if getattr(row, name) != value]
    for name in differing:
        setattr(row, name, values[name])
    if not differing:
        return "unchanged"
    row.save()
    return f"changed ({', '.join(differing)})"


def _repeated(names: Sequence[str]) -> list[str]:
    return [f"{name}: this name is there twice." for name in sorted(set(names)) if names.count(name) > 1]
