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
    outcomes = [_apply_company(company) for company in companies]
    problems = _repeated([source.name for source in sources])
    for definition in sources:
        company = Company.objects.filter(tax_no=definition.company_tax_no).first()
        if company is None and definition.company_tax_no:
            company = Company.objects.create(name=definition.company_tax_no, tax_no=definition.company_tax_no)
            outcomes.append(f"company {company.tax_no}: created under its number; name it in the administration")
        old = Source.objects.select_for_update().filter(name=definition.name).first()
        source_problems = _problems(definition, old, company)
        problems += [f"{definition.name}: {problem}" for problem in source_problems]
        if company and not source_problems:
            outcomes.append(f"source {definition.name}: {_apply_source(definition, old, company)}")
    if problems:
        raise BadDefinitionsError(problems)
    return outcomes


def has_received(source: Source) -> bool:
    """Whether anything came from it: what did belongs to its company for good."""
    return RawRecord.objects.filter(source=source).exists()


def _apply_company(definition: CompanyDefinition) -> str:
    values = msgspec.structs.asdict(definition)
    values = {name: value for name, value in values.items() if name != "tax_no" and value is not msgspec.UNSET}
    company, created = Company.objects.get_or_create(tax_no=definition.tax_no, defaults=values)
    return f"company {definition.name}: {'created' if created else _brought_to(company, values)}"


def _problems(definition: SourceDefinition, old: Source | None, company: Company | None) -> list[str]:
    values = _values(definition, old)
    problems = [
        f"{place}: {sentence}"
        for place, sentences in problems_of(
            definition.kind, definition.base_url, values["credentials"], values["options"]
        ).items()
        for sentence in sentences
    ]
    if not definition.name or len(definition.name) > 100:
        problems.append("name: between 1 and 100 characters.")
    if company is None:
        problems.append("company_tax_no: this entry is required.")
    if old and old.kind != definition.kind:
        problems.append(f"kind: this source is of kind {old.kind}. Another kind needs a source of its own.")
    if old and company and old.company_id != company.pk and has_received(old):
        problems.append("company_tax_no: what it received belongs to another company. Make a new source instead.")
    return problems


def _values(definition: SourceDefinition, old: Source | None) -> dict[str, Any]:
    before = {"credentials": old.credentials, "options": old.options, "enabled": old.enabled} if old else {}
    defaults = {"credentials": {}, "options": {}, "enabled": True} | before
    stated = {name: getattr(definition, name) for name in defaults}
    return {name: defaults[name] if value is msgspec.UNSET else value for name, value in stated.items()}


def _apply_source(definition: SourceDefinition, old: Source | None, company: Company) -> str:
    values = _values(definition, old) | {"base_url": definition.base_url, "company": company}
    if old:
        return _brought_to(old, values)
    Source.objects.create(name=definition.name, kind=definition.kind, **values)
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
