"""Reads what earlier bills of a company tell of the cost types of invoices: by their sellers, and by their kinds."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import connection
from django.db.models import Q

from apps.invoices.models import Invoice

from .models import CostType
from .proposing import Experience, Use

# For each seller, the latest uses of its newest invoices. The limits keep the cost of a seller with very many invoices
# low. Parties with the same taxpayer number are one seller.
_USES = """
SELECT company.id, seller.id, past.cost_type, COUNT(*), MAX(past.use_id)
  FROM unnest(%(companies)s::bigint[]) AS company(id)
 CROSS JOIN unnest(%(sellers)s::bigint[]) AS seller(id)
 CROSS JOIN LATERAL (
    SELECT l.cost_type, u.id AS use_id
      FROM (SELECT seller.id
             UNION
            SELECT other.id FROM invoices_party mine JOIN invoices_party other ON other.tax_no = mine.tax_no
             WHERE mine.id = seller.id AND mine.tax_no <> '') AS party(id)
     CROSS JOIN LATERAL (
        SELECT i.id FROM invoices_invoice i WHERE i.seller_id = party.id
         ORDER BY i.issue_date DESC, i.id DESC LIMIT 500) AS newest
      JOIN bills_billinvoice u ON u.invoice_id = newest.id AND u.state <> 'released' AND NOT u.contested
      JOIN bills_billline l ON l.id = u.line_id AND l.cost_type <> ''
      JOIN bills_bill b ON b.id = u.bill_id AND b.company_id = company.id
     ORDER BY u.id DESC LIMIT 20) AS past
 GROUP BY 1, 2, 3
"""


def experience(company_ids: Collection[int], invoices: Iterable[Invoice]) -> dict[int, Experience]:
    """Company id → what is known of these invoices. Two queries."""
    companies = sorted(set(company_ids))
    sellers = sorted({invoice.seller_id for invoice in invoices if invoice.seller_id is not None})
    uses: dict[int, dict[int, list[Use]]] = {company: defaultdict(list) for company in companies}
    with connection.cursor() as cursor:
        cursor.execute(_USES, {"companies": companies, "sellers": sellers})
        for company, seller, cost_type, count, latest in cursor.fetchall():
            uses[company][seller].append(Use(cost_type, count, latest))
    rows = CostType.objects.filter(Q(company=None) | Q(company__in=companies), active=True)
    cost_types = sorted(rows, key=lambda row: (row.company_id is None, row.name))
    return {
        company: Experience(uses[company], _of_kind([row for row in cost_types if row.company_id in (None, company)]))
        for company in companies
    }


def _of_kind(cost_types: Iterable[CostType]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = defaultdict(list)
    for cost_type in cost_types:
        for kind in cost_type.kinds:
            names[kind].append(cost_type.name)
    return names
