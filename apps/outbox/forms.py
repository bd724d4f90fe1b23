"""What people enter about pushes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.sources.choices import PushKind
from apps.sources.connectors import CONNECTORS
from apps.sources.models import Source


def _takes_orders() -> list[str]:
    return [kind for kind, connector in CONNECTORS.items() if PushKind.ORDER_INVOICE in connector.pushes]


class OrderNumberForm(forms.Form):
    """The printed number of a paper invoice, and the order it belongs to."""

    source = forms.ModelChoiceField(Source.objects.none(), label=_("Shop"), empty_label=None)
    order = forms.CharField(max_length=50, label=_("Order number"))
    number = forms.CharField(max_length=50, label=_("Printed invoice number"))

    def __init__(self, *arguments: Any, user: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        shops = Source.objects.visible_to(user).filter(kind__in=_takes_orders(), enabled=True).select_related("company")
        self.fields["source"].queryset = shops.defer("credentials")  # type: ignore[attr-defined]
