"""Forms of bills."""

from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Company
from apps.accounts.names import name_of
from apps.sources.models import Source

from .choices import UPSTREAMS
from .covers.services import MOST_BYTES, TYPES
from .input_tax.deciding import TAX_FIELDS
from .models import Bill, BillInvoice, BillLine

_MOST_MEGABYTES = 10


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


class HeadForm(forms.ModelForm):
    """The head of a bill, in the workspace and in the administration."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        company, source = cleaned.get("company"), cleaned.get("source")
        company_id = company.pk if company else self.instance.company_id
        if source is not None and company_id is not None and source.company_id != company_id:
            self.add_error("source", _("This system belongs to another company."))
        return cleaned


class BillForm(HeadForm):
    """A bill's head. The company can be chosen only for a new bill."""

    bill_date = _day(_("date"))

    class Meta:
        model = Bill
        fields = [
            "company",
            "number",
            "type",
            "title",
            "employee",
            "department",
            "payee",
            "bill_date",
            "amount",
            "source",
        ]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].required = False
        self.fields["number"].help_text = _("Empty: the next free one.")
        self.fields["amount"].help_text = _("Empty: what the lines add up to.")
        self.fields["employee"].help_text = _("Whose expenses these are. Needed before it is submitted.")
        if self.instance.pk:
            del self.fields["company"]
        else:
            self.fields["bill_date"].initial = timezone.localdate
            self.fields["employee"].initial = name_of(user)
            companies = Company.objects.visible_to(user)
            self.fields["company"].queryset = companies  # type: ignore[attr-defined]
            self.fields["company"].initial = companies.first() if len(companies[:2]) == 1 else None

        upstreams = Source.objects.visible_to(user).filter(kind__in=UPSTREAMS)
        self.fields["source"].queryset = upstreams  # type: ignore[attr-defined]

    def clean_number(self) -> str:
        return str(self.cleaned_data["number"] or self.instance.number)

    def _get_validation_exclusions(self) -> set[str]:
        """Leave the uniqueness of the number to the service, which refuses it with its own message."""
        return {*super()._get_validation_exclusions(), "number"}  # type: ignore[misc]


class BillLineForm(forms.ModelForm):
    spent_on = _day(_("spent on"))

    class Meta:
        model = BillLine
        fields = ["cost_type", "description", "spent_on", "amount", "without_invoice_reason"]
        widgets = {
            "cost_type": forms.TextInput({"list": "cost-types"}),
            "without_invoice_reason": forms.TextInput({"list": "reasons-without-invoice"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].help_text = _("Empty: what its invoices come to.")
        self.fields["without_invoice_reason"].help_text = _("Needed when the line claims more than its invoices.")


class BillInvoiceForm(forms.ModelForm):
    """Line, amount and deduction of an invoice on a bill. ``deductible`` None: as computed."""

    deductible = forms.NullBooleanField(
        label=_("deductible"),
        required=False,
        widget=forms.Select(choices=[("", _("as computed")), ("true", _("yes")), ("false", _("no"))]),
    )

    class Meta:
        model = BillInvoice
        fields = ["line", "amount", "deductible", "input_tax", "transfer_out_reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = self.instance.bill.lines.all()  # type: ignore[attr-defined]
        self.fields["input_tax"].help_text = _("Empty: what the document offers.")
        self.fields["transfer_out_reason"].label = _("reason")
        decided = self.instance.deductible if self.instance.tax_by_hand else None
        self.initial["deductible"] = "" if decided is None else str(decided).lower()

    def changes(self) -> dict[str, Any]:
        """What the person changed. Fields of the tax only when one of them was touched, so that saving another field
        decides nothing; a tax that is entered beside "as computed" is a decision."""
        values = dict(self.cleaned_data)
        touched = set(self.changed_data) & set(TAX_FIELDS)
        if not touched:
            return {name: value for name, value in values.items() if name not in TAX_FIELDS}
        if values["deductible"] is None and "deductible" not in touched:
            values["deductible"] = bool(values["input_tax"])
        return values


class UploadForm(forms.Form):
    file = forms.FileField(label=_("Excel file"), widget=forms.FileInput({"accept": ".xlsx"}))

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if Path(file.name or "").suffix.lower() != ".xlsx":
            raise forms.ValidationError(_("Choose an Excel file (.xlsx)."))
        if (file.size or 0) > _MOST_MEGABYTES * 1024 * 1024:
            raise forms.ValidationError(_("The file is larger than %(most)s MB."), params={"most": _MOST_MEGABYTES})
        return file


class CoverForm(forms.Form):
    file = forms.FileField(label=_("file"), help_text=_("PDF, OFD or a picture of at most 2 MB."))
    number = forms.CharField(label=_("cover number"), max_length=100)

    @property
    def file_type(self) -> str:
        return Path(self.cleaned_data["file"].name or "").suffix.lower().removeprefix(".")

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if Path(file.name or "").suffix.lower().removeprefix(".") not in TYPES or (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("Choose a PDF, an OFD or a picture of at most 2 MB."))
        return file
