"""Precision, recall and cost of the search for suspects, on made-up ledgers of which the truth is known.

Beside it, on the same rows in the same run: the rule Odoo ships (same partner and the same reference, or the same amount
and date), and Splink on DuckDB where it is installed (``requirements/bench.txt``).
"""

import random
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection

from apps.core.copying import copy_rows
from apps.duplicates import candidates, corpus
from apps.duplicates.matching import Verdict
from apps.duplicates.rules import DEFAULTS

from .ingest import scratch_database

Say = Callable[[str], Any]
TUNING_SEED, PUBLISHED_SEED = 11, 2026
_COMPANY = 1
_INVOICE = (
    "id", "key", "identity_version", "kind", "direction", "code", "number", "digital_number", "check_code",
    "issue_date", "currency", "amount_excl_tax", "total_amount", "seller_id", "status", "verification",
    "expense_status", "deduction_status", "deduction_period", "remark", "travel", "flags", "company_ids", "source_ids",
    "deleted", "created_at", "updated_at",
)  # fmt: skip
Pairs = set[tuple[int, int]]


def run(sizes: Sequence[int], say: Say, seed: int = PUBLISHED_SEED) -> None:
    """Print what the search finds and costs at each size, and what the peers find."""
    for size in sizes:
        made = corpus.make(size, seed)
        with scratch_database():
            load(made)
            _measured(made, say)
            if size == sizes[-1]:
                _page(made, say)
                _peers(made, say)


def load(made: corpus.Corpus) -> None:
    """The corpus as ledger rows; the place of a paper is its id less one."""
    names = {
        pair: place for place, pair in enumerate(dict.fromkeys((p.seller, p.seller_tax_no) for p in made.papers), 1)
    }
    copy_rows("invoices_party", ("id", "name", "tax_no"), ((pk, *pair) for pair, pk in names.items()))
    for start in range(0, len(made.papers), 20_000):
        copy_rows(
            "invoices_invoice",
            _INVOICE,
            (
                _row(pk, made.papers[pk - 1], names)
                for pk in range(start + 1, min(start + 20_000, len(made.papers)) + 1)
            ),
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _row(pk: int, paper: corpus.Paper, names: dict[tuple[str, str], int]) -> tuple[Any, ...]:
    travel = None
    if paper.vehicle:
        travel = {"passenger": paper.passenger, "vehicle": paper.vehicle, "departs_on": paper.issued.isoformat()}
    seller = names[paper.seller, paper.seller_tax_no] if paper.seller or paper.seller_tax_no else None
    moment = "2026-01-01T00:00:00+00:00"
    return (
        pk, f"B:{pk}", 1, paper.kind, "input", paper.code, paper.number, paper.digital, "", paper.issued, "CNY",
        paper.excl_tax, paper.total, seller, "normal", "unknown", "unknown", "unknown", "", "", travel, [], [_COMPANY],
        list(paper.sources), False, moment, moment,
    )  # fmt: skip


def _measured(made: corpus.Corpus, say: Say) -> None:
    started = time.perf_counter()
    found = candidates.search_all(lambda _company: DEFAULTS)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(
        f"\n{len(made.papers)} invoices, {len(made.pairs)} true pairs: full search {seconds:.1f} s,"
        f" {found.judged} pairs judged, {len(found.verdicts)} suspicions, peak memory {peak:.0f} MB with the corpus"
    )
    true = {(pair.left + 1, pair.right + 1): pair.damages for pair in made.pairs}
    _by_tier(found.verdicts, true, say)
    _by_damage(found.verdicts, true, say)


def _by_tier(verdicts: Iterable[Verdict], true: dict[tuple[int, int], tuple[str, ...]], say: Say) -> None:
    say("  tier                    suspicions  precision   recall (with the tiers above)")
    reached: Pairs = set()
    for tier in ("certain", "likely", "possible"):
        these = {(v.left, v.right) for v in verdicts if v.tier == tier}
        reached |= these
        say(
            f"  {tier:<22}{len(these):>12}{_share(len(these & true.keys()), len(these)):>11}{_share(len(reached & true.keys()), len(true)):>9}"
        )
        if tier == "likely":
            say(
                f"  {'certain and likely':<22}{len(reached):>12}{_share(len(reached & true.keys()), len(reached)):>11}{_share(len(reached & true.keys()), len(true)):>9}"
            )


def _by_damage(verdicts: Iterable[Verdict], true: dict[tuple[int, int], tuple[str, ...]], say: Say) -> None:
    sure = {(v.left, v.right) for v in verdicts if v.tier != "possible"}
    every = {(v.left, v.right) for v in verdicts}
    total: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    maybe: Counter[str] = Counter()
    for pair, damages in true.items():
        for name in {*damages, "several at once" if len(damages) > 1 else "one alone"}:
            total[name] += 1
            hit[name] += pair in sure
            maybe[name] += pair in every
    say("  what was damaged           pairs  certain+likely  with possible")
    for name in sorted(total):
        say(f"  {name:<22}{total[name]:>10}{_share(hit[name], total[name]):>16}{_share(maybe[name], total[name]):>15}")


def _page(made: corpus.Corpus, say: Say) -> None:
    chance = random.Random(5)  # noqa: S311 - reproducible, not secret
    times = []
    for _ in range(7):
        ids = chance.sample(range(1, len(made.papers) + 1), 50)
        started = time.perf_counter()
        candidates.search_changed(ids, lambda _company: DEFAULTS)
        times.append(time.perf_counter() - started)
    say(f"  a page of 50 against all: {sorted(times)[len(times) // 2] * 1000:.0f} ms (median of {len(times)}, goal 50)")


def _peers(made: corpus.Corpus, say: Say) -> None:
    true = {(pair.left + 1, pair.right + 1) for pair in made.pairs}
    started = time.perf_counter()
    found = _odoo()
    seconds = time.perf_counter() - started
    say(
        f"  Odoo's rule: {seconds:.1f} s, precision {_share(len(found & true), len(found))}, recall {_share(len(found & true), len(true))}"
    )


def _odoo() -> Pairs:
    """Same partner and (same reference or same amount and date)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id, b.id FROM invoices_invoice a JOIN invoices_invoice b ON a.seller_id = b.seller_id AND a.id < b.id"
            " AND a.issue_date = b.issue_date AND a.total_amount = b.total_amount UNION"
            " SELECT a.id, b.id FROM invoices_invoice a JOIN invoices_invoice b ON a.seller_id = b.seller_id AND a.id < b.id"
            " AND a.number = b.number AND a.digital_number = b.digital_number AND (a.number <> '' OR a.digital_number <> '')"
        )
        return {(left, right) for left, right in cursor.fetchall()}


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.4f}" if whole else "—"
