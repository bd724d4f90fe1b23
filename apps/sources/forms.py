"""The form of a source, made from what its connector says it needs.

Secrets are write-only: they are never rendered, an empty field keeps what is stored, and what is not required can be
cleared. An option left empty is left out, so that the connector's default applies, today's and tomorrow's.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from unfold import widgets

from .connectors import CONNECTORS
from .connectors.base import Parameter
from .definitions import has_received
from .models import Source
from .services import problems_of

_BETWEEN = re.compile(r"[\s,，、;；]+")
_DEFAULT = "__default__"  # chosen in a list: leave it to the connector


class _ObjectField(forms.JSONField):
    """JSON; what is not set is an empty field."""

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else super().prepare_value(value)


class _ListField(_ObjectField):
    """A list as people type it, between commas, spaces or lines; JSON for whoever prefers it."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value.strip() and value.strip()[0] not in "[{" and value.strip() != "null":
            return [part for part in _BETWEEN.split(value) if part]
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        if (
            value
            and isinstance(value, list)
            and all(isinstance(one, str) and one and not _BETWEEN.search(one) for one in value)
        ):
            return ", ".join(value)
        return super().prepare_value(value)


class SourceForm(forms.ModelForm):
    """Base; ``form_for`` adds the fields of a kind, named ``credentials_x``, ``clear_x`` and ``options_x``."""

    kind: str
    specs: Mapping[str, Parameter]

    base_url = forms.URLField(
        label=_("base URL"), max_length=500, assume_scheme="https", widget=widgets.UnfoldAdminURLInputWidget
    )

    class Meta:
        model = Source
        fields = ["name", "company", "base_url", "enabled", "interval_minutes"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.kind = self.kind
        stored = {"credentials": self.instance.credentials, "options": self.instance.options}
        for name, spec in self.specs.items():
            group = name.partition("_")[0]
            value = stored[group].get(spec.name)
            if spec.secret:
                state = _("Stored; leave empty to keep it.") if value else _("Not set.")
                self.fields[name].help_text = format_lazy("{} {}", spec.help, state)
            elif name not in self.initial:
                self.initial[name] = _shown(spec, value)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.credentials, self.options = dict(self._entered("credentials")), dict(self._entered("options"))
        problems = problems_of(self.kind, cleaned.get("base_url") or "", self.credentials, self.options)
        for place, sentences in problems.items():
            name = place.replace(".", "_", 1)
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, [*sentences])
        company = cleaned.get("company")
        if company and self.instance.pk and "company" in self.changed_data and has_received(self.instance):
            self.add_error("company", _("What it received belongs to its company. Make a new source instead."))
        return cleaned

    def save(self, commit: bool = True) -> Source:
        self.instance.credentials, self.instance.options = self.credentials, self.options
        return super().save(commit)

    def _entered(self, group: str) -> Iterator[tuple[str, Any]]:
        stored = getattr(self.instance, group)
        for name, spec in self.specs.items():
            if not name.startswith(f"{group}_"):
                continue
            value = self.cleaned_data.get(name)
            if spec.secret and not value and not self.cleaned_data.get(f"clear_{spec.name}"):
                value = stored.get(spec.name)
            if isinstance(value, date):
                value = value.isoformat()
            if value not in (None, "", _DEFAULT):
                yield spec.name, value


def form_for(kind: str) -> type[SourceForm]:
    """The form class of a kind; a kind that is not pulled has no fields of its own."""
    connector = CONNECTORS.get(kind)
    groups = {"credentials": connector.credentials, "options": connector.options} if connector else {}
    specs = {f"{group}_{spec.name}": spec for group, parameters in groups.items() for spec in parameters}
    fields: dict[str, Any] = {}
    for name, spec in specs.items():
        fields[name] = _field(spec)
        if spec.secret and not spec.required:
            label = format_lazy(_("Clear: {label}"), label=spec.label)
            fields[f"clear_{spec.name}"] = forms.BooleanField(
                label=label, required=False, widget=widgets.UnfoldBooleanSwitchWidget
            )
    return type(f"{kind.title()}SourceForm", (SourceForm,), {**fields, "kind": kind, "specs": specs})


def fieldsets_for(kind: str) -> list[tuple[Any, dict[str, Any]]]:
    names = [name for name in form_for(kind).declared_fields if name not in SourceForm.Meta.fields]
    options = [name for name in names if name.startswith("options_")]
    sets = [
        (None, {"fields": list(SourceForm.Meta.fields)}),
        (_("Credentials"), {"fields": [name for name in names if name not in options]}),
        (_("Options"), {"fields": options}),
    ]
    return [(title, content) for title, content in sets if content["fields"]]


def _field(spec: Parameter) -> forms.Field:
    common: dict[str, Any] = {
        "label": spec.label,
        "help_text": spec.help,
        "required": spec.required and not spec.secret,
    }
    hint = {"placeholder": _as_text(spec.default)}
    if spec.secret:
        keep = {"autocomplete": "new-password"}
        return forms.CharField(widget=widgets.UnfoldAdminPasswordWidget(keep), strip=True, **common)
    if spec.kind == "choice":
        names = dict(spec.choices)
        return forms.ChoiceField(
            choices=[(_DEFAULT, _as_default(names.get(spec.default, spec.default))), *spec.choices],
            widget=widgets.UnfoldAdminSelectWidget(),
            **common,
        )
    if spec.kind == "boolean":
        answers = [("true", _("yes")), ("false", _("no"))]
        return forms.TypedChoiceField(
            choices=[(_DEFAULT, _as_default(_("yes") if spec.default else _("no"))), *answers],
            coerce=lambda value: value if value == _DEFAULT else value == "true",
            widget=widgets.UnfoldAdminSelectWidget(),
            **common,
        )
    if spec.kind == "integer":
        return forms.IntegerField(widget=widgets.UnfoldAdminIntegerFieldWidget(hint), **common)
    if spec.kind == "number":
        return forms.FloatField(widget=widgets.UnfoldAdminDecimalFieldWidget({**hint, "step": "any"}), **common)
    if spec.kind == "date":
        return forms.DateField(widget=widgets.UnfoldAdminTextInputWidget({"placeholder": "2025-01-31"}), **common)
    if spec.kind in ("list", "object"):
        field = _ListField if spec.kind == "list" else _ObjectField
        return field(widget=widgets.UnfoldAdminTextareaWidget({**hint, "rows": 2}), **common)
    return forms.CharField(widget=widgets.UnfoldAdminTextInputWidget(hint), **common)


def _shown(spec: Parameter, value: Any) -> Any:
    """A stored value as its field takes it."""
    if spec.kind == "boolean":
        return _DEFAULT if value is None else "true" if value else "false"
    if spec.kind == "choice":
        return _DEFAULT if value is None else value
    return value


def _as_default(text: Any) -> Any:
    return format_lazy(_("as usual: {value}"), value=text) if text not in (None, "") else _("as usual")


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=list)
