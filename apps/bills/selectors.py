"""What a person may see of bills, who holds an invoice, and what the upstreams list on them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.db import connection
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from apps.accounts.visibility import CompanyQuerySet
from apps.duplicates.claims import ClaimEvidence
from apps.invoices.masters import family_ids, master_ids
from apps.invoices.models import Invoice
from apps.sources.connectors.base import OpenBill
from apps.sources.pushes import BillType
from apps.sources.watch_providers import Watched

from .choices import UPSTREAMS, BillInvoiceState
from .models import Bill, BillInvoice, ReservationPolicy, UpstreamListing
from .states import OPEN

_MOST_WATCHED = 5000
_BILL_LINKS = """
SELECT family.master_id, u.bill_id, b.number, u.state, u.amount, u.contested
  FROM invoice_families(%(ids)s::bigint[]) AS family
  JOIN bills_billinvoice u ON u.invoice_id = family.invoice_id JOIN bills_bill b ON b.id = u.bill_id
 WHERE u.state <> 'released' AND (%(all)s OR b.company_id = ANY(%(companies)s::bigint[]))
 ORDER BY u.id
"""


def live(bill_invoices: QuerySet[BillInvoice]) -> QuerySet[BillInvoice]:
    """Those that are still on their bill, contested ones included."""
    return bill_invoices.exclude(state=BillInvoiceState.RELEASED)


def holders(invoice_ids: Collection[int]) -> dict[int, list[BillInvoice]]:
    """Living invoice id → the uses that keep others away, the oldest first; those of merged invoices count too."""
    members = family_ids(invoice_ids)
    found: dict[int, list[BillInvoice]] = defaultdict(list)
    bill_invoices = live(BillInvoice.objects.filter(invoice__in=members, contested=False))
    for bill_invoice in (
        bill_invoices.select_related("bill", "bill__source", "picked_by")
        .defer("bill__source__credentials")
        .order_by("pk")
    ):
        found[members[bill_invoice.invoice_id]].append(bill_invoice)
    return found


def double_claims(invoice_ids: Collection[int]) -> dict[int, list[ClaimEvidence]]:
    """Those of these living invoices that are held whole more than once, with the holds as claims, the oldest first.

    The database refuses a second hold, so both were there before two invoices became one: only invoices that others
    were merged into are looked at.
    """
    merged = Invoice.objects.filter(merged_into=None, redirects__isnull=False, pk__in=invoice_ids)
    found = {
        pk: [_claimed(bill_invoice) for bill_invoice in bill_invoices if not bill_invoice.shared]
        for pk, bill_invoices in holders(merged.distinct().values_list("pk", flat=True)).items()
    }
    return {pk: claims for pk, claims in found.items() if len(claims) > 1}


def _claimed(bill_invoice: BillInvoice) -> ClaimEvidence:
    """Whom the bill pays, else who put the invoice there; since when it lies there."""
    bill, picker = bill_invoice.bill, bill_invoice.picked_by
    return ClaimEvidence(
        source_id=None,
        external_id=str(bill_invoice.pk),
        person=bill.employee or ((picker.get_full_name() or picker.get_username()) if picker else "")[:100],
        department=bill.department[:100],
        bill_number=bill.number,
        entered_at=f"{timezone.localtime(bill_invoice.picked_at):%Y-%m-%d %H:%M}",
        deleted=False,
    )


def bill_invoices_of(invoice_id: int) -> CompanyQuerySet[BillInvoice]:
    """All uses an invoice has or had, its merged copies' too, the newest first."""
    members = family_ids([invoice_id])
    return BillInvoice.objects.filter(invoice__in=members).select_related("bill").order_by("-pk")


def bill_links(invoice_ids: Sequence[int], company_ids: Collection[int] | None) -> dict[int, list[dict[str, Any]]]:
    """The canonical field ``bills``: which bills an invoice is on now, of companies the reader may see. One query."""
    everybody = company_ids is None
    with connection.cursor() as cursor:
        cursor.execute(_BILL_LINKS, {"ids": list(invoice_ids), "all": everybody, "companies": list(company_ids or ())})
        rows = cursor.fetchall()
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for invoice, bill, number, state, amount, contested in rows:
        worth = None if amount is None else f"{amount:.2f}"
        values = {"id": bill, "number": number, "state": state, "amount": worth, "contested": contested}
        found[invoice].append(values)
    return found


def shares_by_amount(company_id: int, bill_type: str) -> bool:
    """Whether bills of this type may share an invoice: the most particular policy says, without any they may not."""
    return sharing_policies()(company_id, bill_type)


def sharing_policies() -> Callable[[int, str], bool]:
    """``shares_by_amount`` for many bills: one query for all of them."""
    rows = list(ReservationPolicy.objects.all())

    def shares(company_id: int, bill_type: str) -> bool:
        fitting = [row for row in rows if row.company_id in (None, company_id) and row.bill_type in ("", bill_type)]
        found = max(fitting, key=lambda row: (row.company_id is not None, row.bill_type != ""), default=None)
        return found is not None and found.share_by_amount

    return shares


@dataclass(frozen=True)
class Totals:
    """What is on a bill (yuan): its invoices, its lines, and how far apart they are."""

    invoices: int
    used: Decimal
    input_tax: Decimal
    lines: Decimal
    claimed: Decimal | None

    @property
    def difference(self) -> Decimal:
        """ClaimEvidence (by the bill, else by its lines) minus what its invoices prove; 0 when they agree."""
        return (self.lines if self.claimed is None else self.claimed) - self.used


def totals(bill: Bill) -> Totals:
    proven = live(bill.bill_invoices.all()).aggregate(number=Count("pk"), used=Sum("amount"), tax=Sum("input_tax"))
    lines = bill.lines.aggregate(amount=Sum("amount"))["amount"]
    zero = Decimal()
    return Totals(proven["number"], proven["used"] or zero, proven["tax"] or zero, lines or zero, bill.amount)


def sums(found: Sequence[Bill]) -> dict[int, tuple[int, Decimal]]:
    """Bill id → (invoices, their amount used) for a page of bills."""
    rows = live(BillInvoice.objects.filter(bill__in=[bill.pk for bill in found])).values_list("bill")
    return {pk: (number, used or Decimal()) for pk, number, used in rows.annotate(Count("pk"), Sum("amount"))}


@dataclass(frozen=True)
class Difference:
    """An invoice on which we and the upstream disagree. ``kind``: only_here, only_there, or contested."""

    kind: Literal["only_here", "only_there", "contested"]
    invoice: Invoice
    holder: BillInvoice | None = None  # who has it instead


def differences(bill: Bill) -> list[Difference] | None:
    """Where the upstream's list of this bill's invoices differs from ours; None when no upstream has listed any."""
    if bill.source_id is None:
        return None
    listed = set(
        UpstreamListing.objects.filter(source=bill.source_id, number=bill.number).values_list("invoice_id", flat=True)
    )
    if not listed and bill.upstream_seen_at is None:
        return None
    bill_invoices = {bill_invoice.invoice_id: bill_invoice for bill_invoice in live(bill.bill_invoices.all())}
    living = master_ids(listed | bill_invoices.keys())
    theirs = {living.get(pk, pk) for pk in listed}
    ours = {living.get(pk, pk): bill_invoice for pk, bill_invoice in bill_invoices.items()}
    contested = {pk for pk, bill_invoice in ours.items() if bill_invoice.contested}
    differing = (theirs ^ ours.keys()) | contested
    invoices = Invoice.objects.select_related("seller").defer("travel", "remark").in_bulk(differing)
    held = holders((theirs - ours.keys()) | contested)
    found = []
    for pk in sorted(differing):
        kind: Any = "contested" if pk in contested else "only_there" if pk in theirs else "only_here"
        found.append(Difference(kind, invoices[pk], next(iter(held.get(pk, ())), None)))
    return found


def watched(source_id: int, what: Watched) -> list[Any]:
    """What a pull of this source should ask for: bills (numbers) or forms that may still change, the newest first."""
    if what not in ("bills", "forms"):
        return []
    bills = Bill.objects.filter(source=source_id, state__in=OPEN).order_by("-pk")
    if what == "bills":
        return list(bills.values_list("number", flat=True)[:_MOST_WATCHED])
    forms = bills.values_list("number", "type")[:_MOST_WATCHED]
    return [OpenBill(number, BillType(bill_type)) for number, bill_type in forms]


def origin_of(source_kind: str) -> str:
    """Whose bills a source brings; '' when it knows none."""
    return source_kind if source_kind in UPSTREAMS else ""
