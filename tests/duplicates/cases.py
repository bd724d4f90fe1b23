"""Cases for tests of pages, made without a search."""

from typing import Any

from django.utils import timezone

from apps.duplicates.models import CandidatePair, CaseMember, DuplicateCase
from tests.factories import InvoiceFactory


def a_case(source: Any, members: int = 2, **values: Any) -> DuplicateCase:
    """An open, certain suspect case between invoices of this source."""
    invoices = [InvoiceFactory(seen_by=[source]) for _ in range(members)]
    facts = {"kind": "suspect", "tier": "certain", "score": "0.992", "rule_version": 1, "changed_at": timezone.now()}
    case = DuplicateCase.objects.create(
        signature=f"s{invoices[0].pk}", company_ids=[source.company_id], total_amount="113.00", **{**facts, **values}
    )
    CaseMember.objects.bulk_create(CaseMember(case=case, invoice=one, key=one.key) for one in invoices)
    CandidatePair.objects.create(
        case=case, left=invoices[0], right=invoices[1], rules=["look_alike"], fields={}, tier="certain", score="0.992"
    )
    return case
