"""Forms of the voucher pages."""

import re
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.bills.models import Bill
from apps.invoices.identity import fold
from apps.invoices.models import Invoice
from apps.invoices.selectors import ledger

from . import attachments, dimensions
from .choices import Dimension
from .content import ZERO, EntryContent
from .models import AccountBook, Voucher, VoucherEntry
from .selectors import ENTERED_FIELDS, ENTRY_FIELDS
from .services import InvoiceLink

_LONGEST_FILE = 10 * 1024 * 1024  # bytes
_CSS = {"CheckboxInput": "form-check-input", "Select": "form-select"}


class Small:
    """Sets Tabler's CSS classes on the inputs. ``placeholders``: show the label as the placeholder."""

    placeholders = False

    def dress(self: Any) -> None:
        for name, field in self.fields.items():
            css = _CSS.get(type(field.widget).__name__, "form-control")
            field.widget.attrs.setdefault("class", css)
            field.widget.attrs.setdefault("aria-label", field.label or name)
            if self.placeholders:
                field.widget.attrs.setdefault("placeholder", field.label or name)


class YuanField(forms.DecimalField):
    """An amount that may have thousands separators: 1,234.50. Empty: None."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_digits=18, decimal_places=2, required=False, widget=widget, **options)

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", "") if isinstance(value, str) else value)


class VoucherForm(Small, forms.ModelForm):
    """The head of a voucher. A draft may lack any field; the checks report what a collect needs. Number and people are
    entered by the steps."""

    bills = forms.CharField(
        required=False,
        max_length=2000,
        label=_("Bills"),
        help_text=_("Numbers of the bills it books, separated by commas."),
    )

    attachments_count = forms.IntegerField(
        required=False, min_value=0, max_value=32767, label=_("attachments"), help_text=_("Empty: they are counted.")
    )

    class Meta:
        model = Voucher
        fields = tuple(name for name in ENTERED_FIELDS if name != "vouch_no")
        widgets = {
            "type": forms.TextInput(attrs={"list": "voucher-types"}),
            "business_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "account_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "period": forms.TextInput(attrs={"placeholder": "202601", "inputmode": "numeric"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.was_sent:
            self.fields["vouch_id"].disabled = True
        count = attachments.counted([self.instance.pk])[self.instance.pk] if self.instance.pk else 0
        self.fields["attachments_count"].widget.attrs["placeholder"] = _("computed: %(count)s") % {"count": count}
        if not self.instance.attachments_by_hand:
            self.initial["attachments_count"] = None
        self.dress()

    def clean_bills(self) -> list[int]:
        """Ids of the bills with the entered numbers; all must belong to the company of the book."""
        numbers = [part.strip() for part in re.split(r"[,，、;；\s]+", self.cleaned_data["bills"]) if part.strip()]
        company = self.instance.book.company_id
        ids = dict(Bill.objects.filter(company=company, number__in=numbers).values_list("number", "pk"))
        missing = [number for number in numbers if number not in ids]
        if missing:
            raise forms.ValidationError(
                _("The company has no bill %(numbers)s."), params={"numbers": ", ".join(missing)}
            )
        return [ids[number] for number in dict.fromkeys(numbers)]

    def validate_unique(self) -> None:
        """Does nothing: the service checks this under a lock."""

    def validate_constraints(self) -> None:
        """Does nothing, like ``validate_unique``."""


class EntryForm(Small, forms.ModelForm):
    """An entry. ``book``: one with a chart of accounts, from which account and dimensions are chosen; None: both are
    plain text. ``required``: text of an account → the dimensions that it requires."""

    placeholders = True

    class Meta:
        model = VoucherEntry
        fields = ENTRY_FIELDS
        widgets = {
            "due_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    debit = YuanField(label=_("debit"))
    credit = YuanField(label=_("credit"))
    amount = YuanField(label=_("amount in its currency"))

    def __init__(
        self,
        *args: Any,
        book: AccountBook | None = None,
        required: Mapping[str, Collection[str]] = MappingProxyType({}),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.book, self.required = book, required
        if book:
            self._offer_lists(book)
        self.fields["currency"].required = False
        for side in ("debit", "credit"):
            self.fields[side].widget.attrs["data-side"] = side
            if not self.initial.get(side):
                self.initial[side] = None  # show an empty input instead of 0.00
        self.dress()

    def _offer_lists(self, book: AccountBook) -> None:
        """Let account and dimensions be chosen from lists; ``dimension`` keeps what is in none of them."""
        self.fields["account"].widget.attrs |= {
            "data-choices": reverse("account_choices", args=[book.pk]),
            "autocomplete": "off",
        }
        stored = dimensions.parse(self.initial.get("dimension") or "")
        self.initial.update({**stored.items, "dimension": "；".join(stored.others)})
        items = reverse("dimension_item_choices", args=[book.pk])
        for kind, label in Dimension.choices:
            widget = forms.TextInput(attrs={"data-choices": f"{items}?kind={kind}", "autocomplete": "off"})
            self.fields[kind] = forms.CharField(required=False, max_length=200, label=label, widget=widget)
        self.fields["dimension"].label = _("further dimensions")

    def list_fields(self) -> list[tuple[Any, bool]]:
        """The fields of dimensions with a list, and whether the account requires each; [] without a chart."""
        required = self.required.get(self["account"].value() or "", ())
        return [(self[kind], kind in required) for kind in Dimension.values] if self.book else []

    @property
    def filled(self) -> bool:
        """Whether any field but the currency was entered."""
        return any(value for name, value in self.cleaned_data.items() if name not in ("currency", "DELETE", "id"))

    def content(self) -> EntryContent:
        values = {name: value for name, value in self.cleaned_data.items() if name in ENTRY_FIELDS}
        if self.book:
            chosen = {kind: self.cleaned_data[kind] for kind in Dimension.values if self.cleaned_data[kind]}
            typed = dimensions.parse(values["dimension"])
            values["dimension"] = dimensions.compose({**typed.items, **chosen}, typed.others)[: dimensions.LONGEST]
        values["currency"] = (values["currency"] or "CNY").upper()
        return EntryContent(**{**values, "debit": values["debit"] or ZERO, "credit": values["credit"] or ZERO})


class InvoiceLinkForm(Small, forms.Form):
    """An invoice by its number, and the deduction of its tax. ``user``: whose visible invoices can be entered."""

    placeholders = True
    invoice = forms.CharField(max_length=260, label=_("invoice number"))
    deductible = forms.TypedChoiceField(
        required=False,
        label=_("tax deductible"),
        choices=[("", _("by the rules")), ("on", _("yes")), ("off", _("no"))],
        coerce=lambda chosen: chosen == "on",
        empty_value=None,
    )
    deduction_tax = YuanField(label=_("deducted tax"))
    transfer_out_remark = forms.CharField(max_length=300, required=False, label=_("reason for transfer-out"))

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.dress()

    @property
    def filled(self) -> bool:
        return bool(self.cleaned_data.get("invoice"))

    def clean_invoice(self) -> Invoice:
        entered = self.cleaned_data["invoice"].strip()
        visible = ledger(self.user)
        matches = list(visible.filter(digital_number=fold(entered))[:2] or visible.filter(number=fold(entered))[:2])
        if not matches:
            matches = list(visible.filter(key=entered)[:1])
        if not matches:
            raise forms.ValidationError(_("There is no invoice %(number)s in the ledger."), params={"number": entered})
        if len(matches) > 1:
            raise forms.ValidationError(
                _("Several invoices have the number %(number)s. Enter the invoice's key instead, like %(key)s."),
                params={"number": entered, "key": matches[0].key},
            )
        return matches[0]

    def link(self) -> InvoiceLink:
        """What is entered beside "by the rules" is a decision, too."""
        entered = self.cleaned_data
        deductible, tax, remark = entered["deductible"], entered["deduction_tax"], entered["transfer_out_remark"]
        if deductible is None and (tax is not None or remark):
            deductible = tax is not None
        return InvoiceLink(entered["invoice"].pk, deductible, tax, remark)


EntryFormSet: Any = forms.formset_factory(EntryForm, extra=0, can_delete=True, max_num=500, absolute_max=500)
InvoiceLinkFormSet: Any = forms.formset_factory(
    InvoiceLinkForm, extra=0, can_delete=True, max_num=1000, absolute_max=1000
)


class ImportForm(forms.Form):
    file = forms.FileField(label=_("file"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith((".json", ".xlsx")):
            raise forms.ValidationError(_("Choose an Excel file (.xlsx) or a JSON file."))
        if file.size > _LONGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 10 MB. Split it."))
        return file


class TemplateNameForm(forms.Form):
    name = forms.CharField(max_length=100, error_messages={"required": _("Give the template a name.")})


class NoteForm(forms.Form):
    note = forms.CharField(max_length=300, error_messages={"required": _("Say what you did about it.")})


def numbers(text: str) -> Sequence[int]:
    """Ids in a text like ``3,5,8``; parts that are not numbers are left out."""
    return [int(part) for part in text.split(",") if part.isascii() and part.isdecimal() and len(part) < 19]
