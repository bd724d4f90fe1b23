"""Forms of the ledger's pages."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .choices import LABELS_OF, ConflictState
from .fields import FIELDS_BY_NAME
from .models import FieldConflict

OTHER = "other"


class SettleForm(forms.Form):
    """One of the values the sources claim, or another one typed in, and why."""

    choice = forms.CharField(required=False)
    other = forms.CharField(required=False, strip=True, max_length=300)
    reason = forms.CharField(
        max_length=300, error_messages={"required": _("Say why: the reason is kept with the decision.")}
    )

    def __init__(self, *args: Any, conflict: FieldConflict, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflict = conflict

    def clean(self) -> dict[str, Any]:
        """Adds ``value``: the chosen text in the form conflicts keep it."""
        cleaned = super().clean() or {}
        choice, other = self.data.get("choice"), cleaned.get("other", "")
        if self.conflict.state == ConflictState.GONE:
            raise forms.ValidationError(_("The sources agree by now; there is nothing to settle."))
        if choice is None or (choice == OTHER and not other):
            raise forms.ValidationError(_("Choose a value, or type the right one."))
        value = other if choice == OTHER else choice.removeprefix("claim:")
        if choice != OTHER and value not in {claim["value"] for claim in self.conflict.claims}:
            raise forms.ValidationError(_("The sources have changed their values meanwhile. Look again."))
        cleaned["value"] = self._normalised(value)
        return cleaned

    def _normalised(self, value: str) -> str:
        field = FIELDS_BY_NAME.get(self.conflict.field)  # None for an identity conflict
        if field is None:
            return value
        try:
            if field.is_amount:
                return str(forms.DecimalField(max_digits=18, decimal_places=2).clean(value.replace(",", "")))
            if field.is_date:
                return date.fromisoformat(value).isoformat()
        except (forms.ValidationError, ValueError):
            raise forms.ValidationError(_("“%(value)s” does not fit this field."), params={"value": value}) from None
        if field.is_choice and value not in LABELS_OF[field.value_type]:
            raise forms.ValidationError(_("“%(value)s” does not fit this field."), params={"value": value})
        return value


class DismissForm(forms.Form):
    comment = forms.CharField(max_length=300, error_messages={"required": _("Say why this record is not needed.")})
