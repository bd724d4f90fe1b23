"""The form of a check's settings."""

from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from .checks import CHECKS
from .choices import CheckLevel, check_label
from .models import CheckSetting

_LONGEST = 200


class CheckSettingForm(forms.ModelForm):
    entries = forms.CharField(
        label=gettext_lazy("List"),
        required=False,
        widget=UnfoldAdminTextareaWidget({"rows": 5}),
    )

    class Meta:
        model = CheckSetting
        fields = ("check_code", "company", "bill_type", "level", "limit", "entries")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["entries"] = "\n".join(self.instance.entries)
        if "level" in self.fields:
            presets = format_html_join("", "<br>{}: {}", _presets())
            meaning = _(
                "Note: shown quietly. Warn: shown. Block: the bill is not submitted, approved or booked unless"
                " somebody with the right lets it pass with a reason. What is preset:"
            )
            self.fields["level"].help_text = format_html("{}{}", meaning, presets)
        inherited = _("Empty: as set for all companies and types, else preset.")
        if "limit" in self.fields:
            limits = [_(one.limit.help) % {"preset": one.limit.preset} for one in CHECKS.values() if one.limit]
            self.fields["limit"].help_text = " ".join([*limits, inherited])
        if "entries" in self.fields:
            lists = [_(one.entries.help) for one in CHECKS.values() if one.entries]
            self.fields["entries"].help_text = " ".join([_("One a line."), *lists, inherited])

    def clean_entries(self) -> list[str]:
        """The lines, without empty and repeated ones."""
        lines = [line.strip() for line in self.cleaned_data["entries"].splitlines()]
        if any(len(line) > _LONGEST for line in lines):
            raise forms.ValidationError(_("A line has no more than %(most)s characters."), params={"most": _LONGEST})
        return list(dict.fromkeys(line for line in lines if line))

    def clean(self) -> dict[str, Any]:
        """Refuse a limit or list that the check does not have, because it would have no effect."""
        cleaned = super().clean() or {}
        check, limit = CHECKS.get(cleaned.get("check_code", "")), cleaned.get("limit")
        if check is None:
            return cleaned
        if limit is not None and check.limit is None:
            self.add_error("limit", _("This check knows no limit. Leave it empty."))
        elif limit is not None and check.limit is not None and limit > check.limit.highest:
            self.add_error("limit", _("No more than %(most)s makes sense here.") % {"most": check.limit.highest})
        if cleaned.get("entries") and check.entries is None:
            self.add_error("entries", _("This check knows no list. Leave it empty."))
        return cleaned


def _presets() -> list[tuple[str, str]]:
    """Each level with the checks that have it as their preset."""
    labels: dict[str, list[str]] = {level: [] for level in CheckLevel}
    for code, check in CHECKS.items():
        labels[check.level].append(check_label(code))
    return [(str(CheckLevel(level).label), _(", ").join(names)) for level, names in labels.items() if names]
