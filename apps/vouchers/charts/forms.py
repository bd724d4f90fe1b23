"""Forms of charts of accounts and dimension lists. What is entered is parsed and checked as a row of an import is."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.errors import HubError
from apps.vouchers.choices import Dimension, Side
from apps.vouchers.forms import Small
from apps.vouchers.models import Account, AccountBook, AccountMapping, DimensionItem

from . import selectors
from .chart import code_of
from .tables import FORMATS

_LONGEST_FILE = 10 * 1024 * 1024  # bytes
MAPPED = ("debit_account", "tax_account", "pending_tax_account", "transfer_out_account", "credit_account")


class AccountForm(Small, forms.ModelForm):
    """An account; the code of one that exists stays. ``book``: whose chart it belongs to."""

    parent = forms.CharField(
        required=False,
        max_length=100,
        label=_("parent account"),
        help_text=_("Empty: the account with the longest code that this one begins with."),
    )
    direction = forms.ChoiceField(
        choices=[("", "—"), *Side.choices],
        required=False,
        label=_("normal side"),
        help_text=_("Empty: that of the parent."),
    )
    dimensions = forms.MultipleChoiceField(
        choices=Dimension.choices,
        required=False,
        label=_("dimensions required"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("An entry on the account must state them."),
    )

    class Meta:
        model = Account
        fields = ("code", "name", "parent", "direction", "dimensions", "active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account: Account = self.instance
        if account.pk:
            self.fields["code"].disabled = True
            self.initial["parent"] = account.parent.code if account.parent else ""
        self.dress()

    def clean_parent(self) -> str:
        text: str = self.cleaned_data["parent"]
        return code_of(text) or text

    def row(self) -> dict[str, Any]:
        """The entered values, as ``services.put_account`` takes them."""
        return dict(self.cleaned_data)

    def _post_clean(self) -> None:
        """Does nothing: the service checks the values and writes them."""


class ItemForm(Small, forms.ModelForm):
    class Meta:
        model = DimensionItem
        fields = ("kind", "code", "name", "active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dress()

    def row(self) -> dict[str, Any]:
        """The entered values, as ``services.put_item`` takes them."""
        return dict(self.cleaned_data)

    def _post_clean(self) -> None:
        """Does nothing: the service checks the values and writes them."""


class TableForm(forms.Form):
    file = forms.FileField(label=_("file"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith(FORMATS):
            raise forms.ValidationError(_("Choose an Excel file (.xlsx) or a CSV file."))
        if file.size > _LONGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 10 MB. Split it."))
        return file


class MappingForm(forms.ModelForm):
    """Accounts of a mapping. In a book with a chart they must be usable accounts of it; stored is “code name”."""

    class Meta:
        model = AccountMapping
        fields = ("cost_type", *MAPPED)

    def clean(self) -> Any:
        cleaned = super().clean()
        book: AccountBook | None = self.instance.book if self.instance.book_id else None
        if book and selectors.has_chart(book):
            self._check(book, [name for name in MAPPED if self.cleaned_data.get(name)])
        return cleaned

    def _check(self, book: AccountBook, names: Iterable[str]) -> None:
        for name in names:
            account = selectors.usable_account(book, self.cleaned_data[name])
            if account:
                self.cleaned_data[name] = account
            else:
                self.add_error(name, str(HubError("chart.account_unusable", account=self.cleaned_data[name])))
