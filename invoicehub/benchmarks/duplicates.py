"""Precision, recall and cost of the search for suspects, on made-up ledgers of which the truth is known.

Beside it, on the same rows in the same run: the rule Odoo ships (same partner and the same reference, or the same
amount and date), and Splink on DuckDB (``splink_peer.py``). ``calibrate`` writes what the scores mean.
"""

import gc
import importlib.util
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from apps.accounts.models import Company
from apps.core.bulk import copy_rows
from apps.duplicates import candidates, corpus, opening
from apps.duplicates.matching import Verdict
from apps.duplicates.rules import DEFAULTS
from apps.duplicates.scores import FILE, evidence, score
from apps.sources.models import Source

from . import splink_peer
from .cost import Cost
from .ingest import scratch_database

Say = Callable[[str], Any]
TUNING_SEED, PUBLISHED_SEED = 11, 2026
_COMPANY = 1
_SOURCES = {corpus.TAX_BUREAU: "etax", corpus.CHECKER: "checker", corpus.EXPENSES: "maycur", corpus.CLOUD: "piaozone"}
_INVOICE = (
    "id", "key", "identity_version", "kind", "direction", "code", "number", "digital_number", "check_code",
    "issue_date", "currency", "amount_excl_tax", "total_amount", "seller_id", "status", "verification",
    "expense_status", "deduction_status", "deduction_period", "remark", "travel", "flags", "company_ids", "source_ids",
    "deleted", "created_at", "updated_at",
)  # fmt: skip
_CHUNK = 20_000
_TURNS = 3
Pairs = set[tuple[int, int]]


def run(sizes: Sequence[int], say: Say, seed: int) -> None:
    """Print what the search finds and costs at each size, and what the peers find in the largest."""
    say(f"Search for suspects in made-up ledgers, seed {seed} (the rules were tuned on {TUNING_SEED})")
    for size in sizes:
        made = corpus.make(size, seed)
        gc.freeze()  # the corpus is the benchmark's; a search holds no such thing
        with scratch_database():
            load(made)
            _measured(made, say)
            if size == max(sizes):
                _page(made, say)
                _peers(made, say)


def calibrate(size: int, say: Say) -> None:
    """Write the share of true pairs by evidence in a ledger of the tuning seed, which is what a score says."""
    made = corpus.make(size, TUNING_SEED)
    with scratch_database():
        load(made)
        counted = _by_evidence(candidates.search_all(lambda _company: DEFAULTS).verdicts, made)
    FILE.write_text(json.dumps(counted, indent=1) + "\n")
    say(f"{FILE.name} written, of {len(made.papers)} invoices made with seed {TUNING_SEED}")


def load(made: corpus.Corpus) -> None:
    """The corpus as ledger rows; the place of a paper is its id less one."""
    company = Company.objects.create(pk=_COMPANY, name="基准公司", tax_no="91310000000000000A")
    Source.objects.bulk_create(
        Source(pk=pk, name=kind, kind=kind, company=company, base_url="https://bench.example")
        for pk, kind in _SOURCES.items()
    )
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
        paper.excl_tax, paper.total, seller, "normal", "passed" if paper.verified else "unknown", "unknown", "unknown",
        "", "", travel, [], [_COMPANY], list(paper.sources), False, moment, moment,
    )  # fmt: skip


def _measured(made: corpus.Corpus, say: Say) -> None:
    with Cost() as cost:
        found = candidates.search_all(lambda _company: DEFAULTS)
    say(
        f"\n{len(made.papers)} invoices, {len(made.pairs)} true pairs: full search {cost.seconds},"
        f" {found.judged} pairs judged, {len(found.verdicts)} suspicions\n  peak memory {cost.memory}"
    )
    _opening(found.verdicts, say)
    _by_tier(found.verdicts, made, say)
    _calibration(found.verdicts, made, say)
    _by_damage(found.verdicts, made, say)


def _opening(verdicts: Sequence[Verdict], say: Say) -> None:
    for label in ("opening", "the same suspicions again: opening"):
        with Cost() as cost, transaction.atomic():
            outcome = opening.suspects(verdicts, None, 1)
        say(f"  {label} {outcome.opened} cases {cost.seconds}")


def _by_tier(verdicts: Iterable[Verdict], made: corpus.Corpus, say: Say) -> None:
    say("  tier                  suspicions  precision     recall")
    found = {
        tier: {(v.left, v.right) for v in verdicts if v.tier == tier} for tier in ("certain", "likely", "possible")
    }
    sure = found["certain"] | found["likely"]
    for name, these in (*found.items(), ("certain and likely", sure), ("all", sure | found["possible"])):
        say(f"  {name:<20}{len(these):>12}{_precision(these, made):>11}{_recall(these, made):>11}")


def _by_evidence(verdicts: Iterable[Verdict], made: corpus.Corpus) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = {}
    for verdict in sorted(verdicts, key=evidence):
        row = counted.setdefault(evidence(verdict), {"suspicions": 0, "true": 0})
        row["suspicions"] += 1
        row["true"] += _is_one((verdict.left, verdict.right), made)
    return counted


def _calibration(verdicts: Sequence[Verdict], made: corpus.Corpus, say: Say) -> None:
    scores = {evidence(verdict): score(verdict) for verdict in verdicts}
    say("  evidence                              suspicions  true here      score")
    for name, row in _by_evidence(verdicts, made).items():
        say(f"  {name:<36}{row['suspicions']:>12}{_share(row['true'], row['suspicions']):>11}{scores[name]:>11}")


def _by_damage(verdicts: Iterable[Verdict], made: corpus.Corpus, say: Say) -> None:
    sure = {(v.left, v.right) for v in verdicts if v.tier != "possible"}
    every = {(v.left, v.right) for v in verdicts}
    total: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    maybe: Counter[str] = Counter()
    for pair in made.pairs:
        ids = (pair.left + 1, pair.right + 1)
        for name in {*pair.damages, "several at once" if len(pair.damages) > 1 else "one alone"}:
            total[name] += 1
            hit[name] += ids in sure
            maybe[name] += ids in every
    say("  what was damaged           pairs  certain+likely  with possible")
    for name in sorted(total):
        say(f"  {name:<22}{total[name]:>10}{_share(hit[name], total[name]):>16}{_share(maybe[name], total[name]):>15}")


def _page(made: corpus.Corpus, say: Say) -> None:
    chance = random.Random(5)  # noqa: S311 - reproducible, not secret
    times = []
    for _ in range(21):
        ids = chance.sample(range(1, len(made.papers) + 1), 50)
        started = time.perf_counter()
        candidates.search_changed(ids, lambda _company: DEFAULTS)
        times.append(time.perf_counter() - started)
    say(f"  a page of 50 against all: {sorted(times)[len(times) // 2] * 1000:.0f} ms (median of {len(times)}, goal 50)")


def _peers(made: corpus.Corpus, say: Say) -> None:
    with Cost() as cost:
        found = _odoo()
    _say_peer("Odoo's rule", found, cost, made, say)
    if importlib.util.find_spec("splink") is None:
        say("  Splink is not installed: run it through make bench.")
        return
    with splink_peer.written(made) as file:
        with Cost() as cost:
            found = splink_peer.pairs(file)
        _say_peer("Splink", found, cost, made, say)
        _in_turn(file, say)
    sources = [set(paper.sources) for paper in made.papers]
    apart = {pair for pair in found if sources[pair[0] - 1].isdisjoint(sources[pair[1] - 1])}
    say(f"  of these between two systems: precision {_precision(apart, made)}, recall {_recall(apart, made)}")


def _in_turn(file: Path, say: Say) -> None:
    """Other work on the machine hits both alike this way."""
    for _ in range(_TURNS):
        with Cost() as ours:
            candidates.search_all(lambda _company: DEFAULTS)
        with Cost() as theirs:
            splink_peer.pairs(file)
        say(f"  one after the other: the full search {ours.seconds}, Splink {theirs.seconds}")


def _say_peer(name: str, found: Pairs, cost: Cost, made: corpus.Corpus, say: Say) -> None:
    say(f"  {name}: {cost.seconds}, precision {_precision(found, made)}, recall {_recall(found, made)}")


def _is_one(pair: tuple[int, int], made: corpus.Corpus) -> bool:
    return made.papers[pair[0] - 1].document == made.papers[pair[1] - 1].document


def _precision(found: Collection[tuple[int, int]], made: corpus.Corpus) -> str:
    return _share(sum(_is_one(pair, made) for pair in found), len(found))


def _recall(found: Pairs, made: corpus.Corpus) -> str:
    return _share(sum((pair.left + 1, pair.right + 1) in found for pair in made.pairs), len(made.pairs))


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
