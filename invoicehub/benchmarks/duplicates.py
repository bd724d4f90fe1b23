"""Precision, recall and cost of the search for suspects, on made-up ledgers of which the truth is known.

Beside it, on the same rows in the same run: the rule Odoo ships (same partner and the same reference, or the same
amount and date), and Splink on DuckDB (``splink_peer.py``).
"""

import importlib.util
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
from apps.duplicates.scores import evidence

from . import splink_peer
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
_CHUNK = 20_000
Pairs = set[tuple[int, int]]


def run(sizes: Sequence[int], say: Say, seed: int) -> None:
    """Print what the search finds and costs at each size, and what the peers find."""
    say(f"Search for suspects in made-up ledgers, seed {seed} (the rules were tuned on {TUNING_SEED})")
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
    pairs = dict.fromkeys((paper.seller, paper.seller_tax_no) for paper in made.papers)
    names = {pair: place for place, pair in enumerate(pairs, 1)}
    copy_rows("invoices_party", ("id", "name", "tax_no"), ((pk, *pair) for pair, pk in names.items()))
    for start in range(0, len(made.papers), _CHUNK):
        papers = enumerate(made.papers[start : start + _CHUNK], start + 1)
        copy_rows("invoices_invoice", _INVOICE, (_row(pk, paper, names) for pk, paper in papers))
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
    say("  tier                  suspicions  precision     recall")
    found = {
        tier: {(v.left, v.right) for v in verdicts if v.tier == tier} for tier in ("certain", "likely", "possible")
    }
    sure = found["certain"] | found["likely"]
    for name, these in (*found.items(), ("certain and likely", sure), ("all", sure | found["possible"])):
        hits = len(these & true.keys())
        say(f"  {name:<20}{len(these):>12}{_share(hits, len(these)):>11}{_share(hits, len(true)):>11}")
    by_evidence: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    for verdict in verdicts:
        by_evidence[evidence(verdict)] += 1
        hit[evidence(verdict)] += (verdict.left, verdict.right) in true
    shares = ", ".join(f"{name} {_share(hit[name], number)}" for name, number in sorted(by_evidence.items()))
    say(f"  share of true pairs by evidence (the score): {shares}")


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
    seconds, hits = time.perf_counter() - started, len(found & true)
    say(f"  Odoo's rule: {seconds:.1f} s, precision {_share(hits, len(found))}, recall {_share(hits, len(true))}")
    if importlib.util.find_spec("splink") is None:
        say("  Splink is not installed: run it through make bench.")
        return
    started = time.perf_counter()
    found = splink_peer.pairs(made)
    seconds, hits = time.perf_counter() - started, len(found & true)
    say(f"  Splink: {seconds:.1f} s, precision {_share(hits, len(found))}, recall {_share(hits, len(true))}")


_ODOO = """
SELECT a.id, b.id FROM invoices_invoice a JOIN invoices_invoice b ON a.seller_id = b.seller_id AND a.id < b.id
   AND a.issue_date = b.issue_date AND a.total_amount = b.total_amount
UNION
SELECT a.id, b.id FROM invoices_invoice a JOIN invoices_invoice b ON a.seller_id = b.seller_id AND a.id < b.id
   AND a.number = b.number AND a.digital_number = b.digital_number AND (a.number <> '' OR a.digital_number <> '')
"""


def _odoo() -> Pairs:
    """Same partner and (same reference or same amount and date)."""
    with connection.cursor() as cursor:
        cursor.execute(_ODOO)
        return {(left, right) for left, right in cursor.fetchall()}


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.4f}" if whole else "—"
