"""REST representations of vouchers, and the bodies of changes."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from apps.bills.models import Bill
from apps.core.errors import HubError
from apps.vouchers import pushing, selectors, services
from apps.vouchers.content import EntryContent
from apps.vouchers.models import AccountBook, Voucher, VoucherEntry, VoucherInvoice

DRAFT = OpenApiExample(
    "draft",
    {
        "book": 1,
        "type": "记",
        "business_date": "2026-03-02",
        "account_date": "2026-03-03",
        "period": "202603",
        "entries": [
            {"summary": "打印纸", "account": "660201", "debit": "100.00"},
            {"summary": "进项税额", "account": "22210101", "debit": "13.00"},
            {"summary": "应付", "account": "2241", "credit": "113.00"},
        ],
        "invoices": [{"invoice": 17, "deductible": True, "deduction_tax": "13.00"}],
        "bills": ["BX202603000001"],
    },
    request_only=True,
)


class VoucherEntrySerializer(serializers.ModelSerializer[VoucherEntry]):
    class Meta:
        model = VoucherEntry
        fields = selectors.ENTRY_FIELDS


class VoucherInvoiceSerializer(serializers.ModelSerializer[VoucherInvoice]):
    """An invoice with nothing said about its deduction gets the one that the rules of input tax give."""

    invoice = serializers.IntegerField(source="invoice_id", min_value=1, max_value=2**63 - 1, help_text=_("Its id."))

    class Meta:
        model = VoucherInvoice
        fields = ("invoice", "deductible", "deduction_tax", "transfer_out_remark")


class VoucherSerializer(serializers.ModelSerializer[Voucher]):
    """Amounts are text with two decimals, in the book's base currency. ``revision`` counts the versions: send the one
    you have seen with a change."""

    book: "serializers.PrimaryKeyRelatedField[AccountBook]" = serializers.PrimaryKeyRelatedField(
        queryset=AccountBook.objects.none()
    )
    entries = VoucherEntrySerializer(many=True, required=False)
    invoices = VoucherInvoiceSerializer(
        many=True, required=False, source="seen_links",
        help_text=_("Those that you may see; others that it books stay as they are, whatever you send."),
    )  # fmt: skip
    bills: "serializers.ListField" = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, help_text=_("Numbers of bills of its company.")
    )
    revision = serializers.IntegerField(required=False, min_value=1)
    attachments_count = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=32767,
        help_text=_("Null: counted from invoices and cover sheets of bills, as without one."),
    )  # fmt: skip
    reversed_by = serializers.IntegerField(
        source="live_reversal", read_only=True, allow_null=True, help_text=_("The voucher that reverses it, if any.")
    )

    class Meta:
        model = Voucher
        fields = (
            "id", "book", *selectors.HEAD_FIELDS, "attachments_by_hand", "state", "push_state", "revision",
            "total_debit", "total_credit", "entries", "invoices", "bills", "reversal_of", "reversed_by", "void_reason",
            "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = (
            *selectors.PEOPLE_FIELDS, "attachments_by_hand", "state", "push_state", "total_debit", "total_credit",
            "reversal_of", "void_reason",
        )  # fmt: skip
        extra_kwargs = {
            "vouch_id": {"required": False},
            "vouch_no": {
                "help_text": _("Leave it out: it is given when the voucher is audited. Of another system: its own.")
            },
        }
        validators: list[Any] = []  # the service checks uniqueness under a lock

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["book"].queryset = selectors.books(request.user)  # type: ignore[attr-defined]
        if self.instance is not None:
            fields["book"].read_only = True
        return fields

    def to_representation(self, instance: Voucher) -> dict[str, Any]:
        shown = super().to_representation(instance)
        shown["bills"] = [link.bill.number for link in instance.bill_links.all()]
        return shown

    def validate_bills(self, numbers: list[str]) -> list[str]:
        return list(dict.fromkeys(numbers))

    def validate_invoices(self, links: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Replace invoices by their masters. Raises ValidationError for those that the caller may not see."""
        masters = selectors.visible_masters({link["invoice_id"] for link in links}, self.context["request"].user)
        unknown = [{} if link["invoice_id"] in masters else _no_invoice(link["invoice_id"]) for link in links]
        if any(unknown):
            raise ValidationError(unknown)
        return [{**link, "invoice_id": masters[link["invoice_id"]]} for link in links]

    def change(self, book: AccountBook) -> services.Change:
        """The change of the validated body. Raises ValidationError for a bill that the company does not have."""
        body = dict(self.validated_data)
        entries, links, bills = body.get("entries"), body.get("seen_links"), body.get("bills")
        return services.Change(
            head={name: body[name] for name in selectors.ENTERED_FIELDS if name in body},
            entries=None if entries is None else [_entry(entry) for entry in entries],
            invoices=None if links is None else [_link(link) for link in links],
            bills=None if bills is None else _bills(book, bills),
        )


def _entry(body: dict[str, Any]) -> EntryContent:
    return EntryContent(**{name: value for name, value in body.items() if name in selectors.ENTRY_FIELDS})


def _link(body: dict[str, Any]) -> services.InvoiceLink:
    tax: Decimal | None = body.get("deduction_tax")
    remark = body.get("transfer_out_remark", "")
    left_open = tax is None and not remark
    return services.InvoiceLink(body["invoice_id"], body.get("deductible", None if left_open else False), tax, remark)


def _no_invoice(pk: int) -> dict[str, list[str]]:
    text = serializers.PrimaryKeyRelatedField.default_error_messages["does_not_exist"]
    return {"invoice": [text.format(pk_value=pk)]}


def _bills(book: AccountBook, numbers: list[str]) -> list[int]:
    ids = dict(Bill.objects.filter(company=book.company_id, number__in=numbers).values_list("number", "pk"))
    missing = [number for number in numbers if number not in ids]
    if missing:
        raise ValidationError({"bills": [_("The company has no bill %(numbers)s.") % {"numbers": ", ".join(missing)}]})
    return [ids[number] for number in numbers]


class VoucherRevisionSerializer(serializers.Serializer[Any]):
    revision = serializers.IntegerField(
        required=False, min_value=1, help_text=_("The version you have seen; without it, whatever it is now.")
    )


class NewDraftSerializer(VoucherRevisionSerializer):
    date = serializers.DateField(required=False, help_text=_("Accounting date of the new draft; without it, today."))


class VoidSerializer(VoucherRevisionSerializer):
    reason = serializers.CharField(max_length=pushing.LONGEST_REASON, help_text=_("Why it is voided."))


class ChosenVoucherSerializer(VoucherRevisionSerializer):
    id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class SeveralVouchersSerializer(serializers.Serializer[Any]):
    vouchers = ChosenVoucherSerializer(
        many=True, allow_empty=False, help_text=_("In the order in which they are to go.")
    )


class VoidSeveralSerializer(SeveralVouchersSerializer):
    reason = serializers.CharField(max_length=pushing.LONGEST_REASON, help_text=_("Why they are voided."))


class VoucherOutcomeSerializer(serializers.Serializer[Any]):
    """The result for one of several vouchers. ``code`` and ``reason`` are empty when it went."""

    id = serializers.IntegerField()
    went = serializers.BooleanField()
    code = serializers.CharField()
    reason = serializers.CharField()


def outcome_of(pk: int, error: HubError | None) -> dict[str, Any]:
    if error is None:
        return {"id": pk, "went": True, "code": "", "reason": ""}
    return {"id": pk, "went": False, "code": error.message.code, "reason": pushing.reason_of(error)}
