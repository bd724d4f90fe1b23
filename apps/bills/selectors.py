"""Reads about bills: which bills have reserved an invoice, sums, and differences from what the upstreams list."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.db import connection
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from apps.accounts.names import name_of
from apps.accounts.visibility import CompanyQuerySet
from apps.duplicates.claims import ClaimEvidence
from apps.invoices.masters import family_ids, master_ids
from apps.invoices.models import Invoice
from apps.sources.connectors.base import OpenBill
from apps.sources.pushes import BillType
from apps.sources.watch_providers import Watched

from .amounts import ZERO, BillAmounts, LineAmounts
from .choices import UPSTREAMS, BillInvoiceState
from .models import Bill, BillInvoice, BillLine, ReservationPolicy, UpstreamListing
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
    """The bill invoices that are not released, contested ones included."""
    return bill_invoices.exclude(state=BillInvoiceState.RELEASED)


def reservations_of(invoice_ids: Collection[int]) -> dict[int, list[BillInvoice]]:
    """Master invoice id → the reservations that exclude other bills, the oldest first; those of merged invoices
    count."""
    members = family_ids(invoice_ids)
    by_master: dict[int, list[BillInvoice]] = defaultdict(list)
    bill_invoices = live(BillInvoice.objects.filter(invoice__in=members, contested=False))
    for bill_invoice in (
        bill_invoices.select_related("bill", "bill__source", "picked_by")
        .defer("bill__source__credentials")
        .order_by("pk")
    ):
        by_master[members[bill_invoice.invoice_id]].append(bill_invoice)
    return by_master


def double_claims(invoice_ids: Collection[int]) -> dict[int, list[ClaimEvidence]]:
    """Master invoice id → claims, for these masters that several bills have reserved as a whole; the oldest claim
    first.

    The database refuses a second reservation of one invoice, so both were made before two invoices were merged: only
    invoices into which others were merged are checked.
    """
    merged = Invoice.objects.filter(merged_into=None, redirects__isnull=False, pk__in=invoice_ids)
    claims_of = {
        pk: [_claimed(bill_invoice) for bill_invoice in bill_invoices if not bill_invoice.shared]
        for pk, bill_invoices in reservations_of(merged.distinct().values_list("pk", flat=True)).items()
    }
    return {pk: claims for pk, claims in claims_of.items() if len(claims) > 1}


def _claimed(bill_invoice: BillInvoice) -> ClaimEvidence:
    """The reservation as a claim: by the bill's employee, else by the person who reserved the invoice."""
    bill, picker = bill_invoice.bill, bill_invoice.picked_by
    return ClaimEvidence(
        source_id=None,
        external_id=str(bill_invoice.pk),
        person=(bill.employee or name_of(picker))[:100],
        department=bill.department[:100],
        bill_number=bill.number,
        entered_at=f"{timezone.localtime(bill_invoice.picked_at):%Y-%m-%d %H:%M}",
        deleted=False,
    )


def bill_invoices_of(invoice_id: int) -> CompanyQuerySet[BillInvoice]:
    """All reservations of an invoice and of those merged with it, released ones too, the newest first."""
    members = family_ids([invoice_id])
    return BillInvoice.objects.filter(invoice__in=members).select_related("bill").order_by("-pk")


def bill_links(invoice_ids: Sequence[int], company_ids: Collection[int] | None) -> dict[int, list[dict[str, Any]]]:
    """The canonical field ``bills``: the bills an invoice is on now, of companies the reader may see. One query."""
    everybody = company_ids is None
    with connection.cursor() as cursor:
        cursor.execute(_BILL_LINKS, {"ids": list(invoice_ids), "all": everybody, "companies": list(company_ids or ())})
        rows = cursor.fetchall()
    links: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for invoice, bill, number, state, amount, contested in rows:
        worth = None if amount is None else f"{amount:.2f}"
        values = {"id": bill, "number": number, "state": state, "amount": worth, "contested": contested}
        links[invoice].append(values)
    return links


def shares_by_amount(company_id: int, bill_type: str) -> bool:
    """Whether bills of this type may share an invoice: by the most specific policy; without a policy they may not."""
    return sharing_policies()(company_id, bill_type)


def sharing_policies() -> Callable[[int, str], bool]:
    """``shares_by_amount`` for many bills: one query for all of them."""
    rows = list(ReservationPolicy.objects.all())

    def shares(company_id: int, bill_type: str) -> bool:
        policies = [row for row in rows if row.company_id in (None, company_id) and row.bill_type in ("", bill_type)]
        policy = max(policies, key=lambda row: (row.company_id is not None, row.bill_type != ""), default=None)
        return policy is not None and policy.share_by_amount

    return shares


def amounts_of(bills: Sequence[Bill]) -> dict[int, BillAmounts]:
    """Bill id → its money, without contested invoices. Two queries."""
    used: dict[tuple[int, int | None], tuple[Decimal, int]] = {}
    rows = live(BillInvoice.objects.filter(bill__in=bills, contested=False)).values_list("bill", "line")
    for bill, line, amount, number in rows.annotate(Sum("amount"), Count("pk")).order_by():
        used[bill, line] = amount or ZERO, number
    lines: dict[int, list[LineAmounts]] = defaultdict(list)
    for line in BillLine.objects.filter(bill__in=bills).order_by("bill_id", "position"):
        lines[line.bill_id].append(line_amounts(line, *used.get((line.bill_id, line.pk), (ZERO, 0))))
    return {
        bill.pk: BillAmounts(bill.amount, tuple(lines[bill.pk]), *used.get((bill.pk, None), (ZERO, 0)))
        for bill in bills
    }


def line_amounts(line: BillLine, invoices: Decimal, count: int) -> LineAmounts:
    """The money of a line. ``invoices``: the sum used of its invoices; ``count``: their number."""
    reason = line.without_invoice_reason
    return LineAmounts(line.pk, line.position, line.cost_type, line.amount, invoices, count, reason)


@dataclass(frozen=True)
class Difference:
    """An invoice that only our bill or only the upstream's list has, or that is contested. ``reserved_by``: the oldest
    reservation that excludes this bill, None when there is none."""

    kind: Literal["only_here", "only_there", "contested"]
    invoice: Invoice
    reserved_by: BillInvoice | None = None


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
    masters = master_ids(listed | bill_invoices.keys())
    theirs = {masters.get(pk, pk) for pk in listed}
    ours = {masters.get(pk, pk): bill_invoice for pk, bill_invoice in bill_invoices.items()}
    contested = {pk for pk, bill_invoice in ours.items() if bill_invoice.contested}
    differing = (theirs ^ ours.keys()) | contested
    invoices = Invoice.objects.select_related("seller").defer("travel", "remark").in_bulk(differing)
    reservations = reservations_of((theirs - ours.keys()) | contested)
    result = []
    for pk in sorted(differing):
        kind: Any = "contested" if pk in contested else "only_there" if pk in theirs else "only_here"
        result.append(Difference(kind, invoices[pk], next(iter(reservations.get(pk, ())), None)))
    return result


def watched(source_id: int, what: Watched) -> list[Any]:
    """What a pull of this source should request: numbers of bills, or forms, that may still change, the newest
    first."""
    if what not in ("bills", "forms"):
        return []
    bills = Bill.objects.filter(source=source_id, state__in=OPEN).order_by("-pk")
    if what == "bills":
        return list(bills.values_list("number", flat=True)[:_MOST_WATCHED])
    forms = bills.values_list("number", "type")[:_MOST_WATCHED]
    return [OpenBill(number, BillType(bill_type)) for number, bill_type in forms]


def origin_of(source_kind: str) -> str:
    """The origin of the bills that sources of this kind list; '' for kinds that list none."""
    return source_kind if source_kind in UPSTREAMS else ""
