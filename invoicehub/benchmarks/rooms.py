"""Time of the first page of each area of the workspace beside a large ledger: for a user who sees all companies, and
for one who sees one company of sixty and so pays for every query that reads the rows of all."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.auth.models import Group
from django.db import connection
from django.test import RequestFactory
from django.urls import resolve

from apps.accounts.models import Company, User
from apps.sources.models import Source
from apps.vouchers.models import AccountBook
from invoicehub.warmth import warm_up

Say = Callable[[str], Any]
_LOOKS = (
    ("overview", "/"),
    ("bills", "/bills/"),
    ("bills: a kind nobody has", "/bills/?type=travel"),
    ("duplicates", "/duplicates/"),
    ("vouchers: a period long past", "/vouchers/?period=202203"),
    ("vouchers: search for a total", "/vouchers/?q=500.01"),
    ("pushes", "/pushes/"),
    ("pushes: a rare trouble", "/pushes/?code=http.timeout"),
    ("pulls", "/pulls/"),
    ("quarantine", "/quarantine/"),
)
# One row in four thousand is of the last company, as in the ledger; ids are without gaps in a database just made.
_COMPANY = "%(company)s + CASE WHEN n %% 4000 = 0 THEN %(last)s ELSE n %% %(last)s END"
_SOURCE = "%(source)s + CASE WHEN n %% 4000 = 0 THEN %(last)s ELSE n %% %(last)s END"
_BOOK = "%(book)s + CASE WHEN n %% 4000 = 0 THEN %(last)s ELSE n %% %(last)s END"
_DAY = "date '2022-01-01' + (n * 1700 / %(rows)s)::int"
_FILL = (
    # (one row for so many invoices, statement)
    (
        6,
        f"""INSERT INTO bills_bill (company_id, origin, number, external_key, type, title, employee, department, payee,
        currency, bill_date, amount, state, upstream_state, revision, created_at, updated_at)
        SELECT {_COMPANY}, 'own', 'BX' || n, 'b' || n, 'expense', '', '张' || n %% 900, '', '', 'CNY', {_DAY}, 100,
               CASE WHEN n %% 20 = 0 THEN 'draft' ELSE 'booked' END, '', 1, now(), now()""",
    ),
    (
        10,
        f"""INSERT INTO vouchers_voucher (book_id, vouch_id, vouch_no, account_date, period, type, resource,
        sup_information, creator, examiner, reviewer, attachments_count, item, account_item, state, push_state,
        revision, ever_sent, void_reason, editor_ids, total_debit, total_credit, created_at, updated_at)
        SELECT {_BOOK}, 'v' || n, n::text, {_DAY}, to_char({_DAY}, 'YYYYMM'), '记', 'piaozone', '', '', '', '', 0,
               '', '', 'booked', 'collected', 1, true, '', '{{}}', n %% 100000 / 100.0, n %% 100000 / 100.0, now(),
               now()""",
    ),
    (
        3,
        f"""INSERT INTO outbox_push (source_id, company_id, kind, subject, ordering_keys, label, revision, payload,
        key, state,
        reason, error, error_code, outcome_unknown, circuit_open, failures, queued_at, comment, updated_at)
        SELECT {_SOURCE}, {_COMPANY}, 'voucher_collect', 'voucher:' || n, ARRAY['voucher:' || n], '记 ' || n, 1, '{{}}',
               'p' || n, CASE WHEN n %% 50 = 0 THEN 'needs_person' ELSE 'done' END,
               CASE WHEN n %% 50 = 0 THEN 'refused' ELSE '' END, NULL,
               CASE WHEN n %% 5000 = 0 THEN 'http.timeout' WHEN n %% 50 = 0 THEN 'http.rejected' ELSE '' END,
               false, false, 0, now(), '', now()""",
    ),
    (
        10,
        f"""INSERT INTO duplicates_duplicatecase (kind, tier, score, state, signature, rule_version, company_ids,
        total_amount,
        revision, opened_at, changed_at)
        SELECT 'suspect', (ARRAY['certain', 'likely', 'possible'])[1 + n %% 3], 0.9,
               CASE WHEN n %% 5 = 0 THEN 'open' ELSE 'dismissed' END, 'c' || n, 1, ARRAY[{_COMPANY}], n, 1, now(),
               now()""",
    ),
    (
        60,
        f"""INSERT INTO sources_syncrun (source_id, trigger, status, queued_at, finished_at, worker, pages, received,
        created, changed, unchanged, quarantined, tombstoned, charged, progress, backlog, error_intent, notes)
        SELECT {_SOURCE}, 'schedule', 'succeeded', now() - (%(rows)s / 60 - n) * interval '20 minutes', now(), '',
               1, 60, 60, 0, 0, 0, 0, 0, '', false, '', '[]'""",
    ),
    (
        15,
        f"""INSERT INTO sources_rawrecord (source_id, stream, external_id, fingerprint, parsed, payload, received_at)
        SELECT {_SOURCE}, 'bench', 'q' || n, '', true, '{{}}', now()""",
    ),
    (
        15,
        f"""INSERT INTO sources_quarantinedrecord (source_id, external_id, raw_id, reason, reason_code, state, attempts,
        created_at, comment)
        SELECT {_SOURCE}, 'q' || n, %(raw)s + n - 1, '{{"code": "record.bad_date", "params": {{}}}}', 'record.bad_date',
               CASE WHEN n %% 4 = 0 THEN 'open' ELSE 'resolved' END, 1, now(), ''""",
    ),
)


def run(rows: int, companies: Sequence[Company], everything: User, little: User, say: Say) -> None:
    """Fill the other tables to match a ledger of ``rows`` invoices, and print milliseconds, the best of three."""
    _fill(rows, companies)
    for user in (everything, little):
        user.groups.set(Group.objects.all())
    warm_up()  # as every web process does before its first visitor
    say(
        f"First page of each room beside {rows} invoices, milliseconds, best of three (who sees all, one company of 60)"
    )
    for label, address in _LOOKS:
        say(f"  {label:<40}{_milliseconds(everything, address):8.1f}{_milliseconds(little, address):8.1f}")


def _fill(rows: int, companies: Sequence[Company]) -> None:
    sources = Source.objects.bulk_create(
        Source(name=one.name, kind="piaozone", company=one, base_url="https://bench.example") for one in companies
    )
    books = AccountBook.objects.bulk_create(
        AccountBook(company=one, name=one.name, account_id="1") for one in companies
    )
    first = {"company": companies[0].pk, "source": sources[0].pk, "book": books[0].pk, "raw": 1}
    values = {**first, "last": len(companies) - 1, "rows": rows}
    with connection.cursor() as cursor:
        for share, statement in _FILL:
            cursor.execute(f"{statement} FROM generate_series(1, %(rows)s::bigint / {share}) AS n", values)
        cursor.execute("ANALYZE")


def _milliseconds(user: User, address: str) -> float:
    request = RequestFactory().get(address)
    request.user = user
    view = resolve(request.path_info)
    times = []
    for _ in range(3):
        started = time.perf_counter()
        view.func(request)
        times.append(time.perf_counter() - started)
    return min(times) * 1000
