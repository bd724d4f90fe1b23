"""The form of a check's settings."""

from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from .choices import CheckCode, CheckLevel
from .models import CheckSetting
from .policy import LIMITED, LISTED, MOST, PRESETS

_LONGEST = 200


class CheckSettingForm(forms.ModelForm):
    entries = forms.CharField(
        label=gettext_lazy("List"),
        required=False,
        widget=UnfoldAdminTextareaWidget({"rows": 5}),
        help_text=gettext_lazy(
            "One a line. Blacklist: names or taxpayer numbers of sellers. Sensitive goods: words. Empty: as set for all"
            " companies and types, else preset."
        ),
    )

    class Meta:
        model = CheckSetting
        fields = ("check_code", "company", "bill_type", "level", "limit", "entries")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["entries"] = "\n".join(self.instance.entries)
        if "level" in self.fields:
            preset = format_html_join("", "<br>{}: {}", _presets())
            said = _(
                "Note: shown quietly. Warn: shown. Block: the bill is not submitted, approved or booked unless"
                " somebody with the right lets it pass with a reason. What is preset:"
            )
            self.fields["level"].help_text = format_html("{}{}", said, preset)
        if "limit" in self.fields:
            self.fields["limit"].help_text = _(
                "Too old: days (preset %(days)s). Consecutive numbers: how far apart (preset %(reach)s). Issued in"
                " another year: last year's are accepted until the end of this month, 1 to 12 (preset 0: not at all)."
                " Empty: as set for all companies and types, else preset."
            ) % {"days": PRESETS["too_old"].limit, "reach": PRESETS["consecutive"].limit}

    def clean_entries(self) -> list[str]:
        """The lines, without empty and repeated ones."""
        lines = [line.strip() for line in self.cleaned_data["entries"].splitlines()]
        if any(len(line) > _LONGEST for line in lines):
            raise forms.ValidationError(_("A line has no more than %(most)s characters."), params={"most": _LONGEST})
        return list(dict.fromkeys(line for line in lines if line))

    def clean(self) -> dict[str, Any]:
        """Refuse what the check does not know, so that nobody believes it counts."""
        cleaned = super().clean() or {}
        check, limit = cleaned.get("check_code", ""), cleaned.get("limit")
        if check and limit is not None and check not in LIMITED:
            self.add_error("limit", _("This check knows no limit. Leave it empty."))
        elif limit is not None and limit > MOST.get(check, limit):
            self.add_error("limit", _("No more than %(most)s makes sense here.") % {"most": MOST[check]})
        if check and cleaned.get("entries") and check not in LISTED:
            self.add_error("entries", _("This check knows no list. Leave it empty."))
        return cleaned


def _presets() -> list[tuple[str, str]]:
    """Each level with the checks that have it unless somebody sets them."""
    checks: dict[str, list[str]] = {level: [] for level in CheckLevel}
    for check, preset in PRESETS.items():
        checks[preset.level].append(str(CheckCode(check).label))
    return [(str(CheckLevel(level).label), _(", ").join(found)) for level, found in checks.items() if found]
