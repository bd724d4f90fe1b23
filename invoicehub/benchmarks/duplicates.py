"""Precision, recall and cost of the search for duplicates, on synthetic ledgers with labelled duplicates.

Compared, on the same rows in the same run, with the rule Odoo ships (same partner and the same reference, or the same
amount and date), and Splink on DuckDB (``splink_peer.py``). ``calibrate`` writes the shares behind the scores.
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
from apps.duplicates import candidates, opening
from apps.duplicates.matching import Verdict
from apps.duplicates.rules import DEFAULTS
from apps.duplicates.scores import FILE, evidence, score
from apps.sources.models import Source

from . import corpus, splink_peer
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
    """Print results and cost of the search at each size, and those of the peers at the largest."""
    say(f"Search for suspects in synthetic ledgers, seed {seed} (the rules were tuned on {TUNING_SEED})")
    for size in sizes:
        ledger = corpus.make(size, seed)
        gc.freeze()  # the corpus belongs to the benchmark, not to the search that is measured
        with scratch_database():
            load(ledger)
            _measured(ledger, say)
            if size == max(sizes):
                _page(ledger, say)
                _peers(ledger, say)


def calibrate(size: int, say: Say) -> None:
    """Write the share of true pairs by evidence, of a ledger of the tuning seed, to ``shares.json``."""
    ledger = corpus.make(size, TUNING_SEED)
    with scratch_database():
        load(ledger)
        counts = _by_evidence(candidates.search_all(lambda _company: DEFAULTS).verdicts, ledger)
    FILE.write_text(json.dumps(counts, indent=1) + "\n")
    say(f"{FILE.name} written, of {len(ledger.invoices)} invoices made with seed {TUNING_SEED}")


def load(ledger: corpus.Corpus) -> None:
    """Insert the corpus as ledger rows. The id of an invoice is its position plus one."""
    company = Company.objects.create(pk=_COMPANY, name="基准公司", tax_no="91310000000000000A")
    Source.objects.bulk_create(
        Source(pk=pk, name=kind, kind=kind, company=company, base_url="https://bench.example")
        for pk, kind in _SOURCES.items()
    )
    pairs = dict.fromkeys((invoice.seller, invoice.seller_tax_no) for invoice in ledger.invoices)
    names = {pair: place for place, pair in enumerate(pairs, 1)}
    copy_rows("invoices_party", ("id", "name", "tax_no"), ((pk, *pair) for pair, pk in names.items()))
    for start in range(0, len(ledger.invoices), _CHUNK):
        invoices = enumerate(ledger.invoices[start : start + _CHUNK], start + 1)
        copy_rows("invoices_invoice", _INVOICE, (_row(pk, invoice, names) for pk, invoice in invoices))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _row(pk: int, invoice: corpus.SyntheticInvoice, names: dict[tuple[str, str], int]) -> tuple[Any, ...]:
    travel = None
    if invoice.vehicle:
        travel = {"passenger": invoice.passenger, "vehicle": invoice.vehicle, "departs_on": invoice.issued.isoformat()}
    seller = names[invoice.seller, invoice.seller_tax_no] if invoice.seller or invoice.seller_tax_no else None
    moment = "2026-01-01T00:00:00+00:00"
    return (
        pk, f"B:{pk}", 1, invoice.kind, "input", invoice.code, invoice.number, invoice.digital, "", invoice.issued,
        "CNY", invoice.excl_tax, invoice.total, seller, "normal", "passed" if invoice.verified else "unknown",
        "unknown", "unknown", "", "", travel, [], [_COMPANY], list(invoice.sources), False, moment, moment,
    )  # fmt: skip


def _measured(ledger: corpus.Corpus, say: Say) -> None:
    with Cost() as cost:
        result = candidates.search_all(lambda _company: DEFAULTS)
    say(
        f"\n{len(ledger.invoices)} invoices, {len(ledger.pairs)} true pairs: full search {cost.seconds},"
        f" {result.pair_count} pairs compared, {len(result.verdicts)} candidates\n  peak memory {cost.memory}"
    )
    _opening(result.verdicts, say)
    _by_tier(result.verdicts, ledger, say)
    _calibration(result.verdicts, ledger, say)
    _by_damage(result.verdicts, ledger, say)


def _opening(verdicts: Sequence[Verdict], say: Say) -> None:
    for label in ("opening", "the same candidates again: opening"):
        with Cost() as cost, transaction.atomic():
            changes = opening.update_suspects(verdicts, None, 1)
        say(f"  {label} {changes.opened} cases {cost.seconds}")


def _by_tier(verdicts: Iterable[Verdict], ledger: corpus.Corpus, say: Say) -> None:
    say("  tier                  candidates  precision     recall")
    by_tier = {
        tier: {(v.left, v.right) for v in verdicts if v.tier == tier} for tier in ("certain", "likely", "possible")
    }
    sure = by_tier["certain"] | by_tier["likely"]
    for name, these in (*by_tier.items(), ("certain and likely", sure), ("all", sure | by_tier["possible"])):
        say(f"  {name:<20}{len(these):>12}{_precision(these, ledger):>11}{_recall(these, ledger):>11}")


def _by_evidence(verdicts: Iterable[Verdict], ledger: corpus.Corpus) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for verdict in sorted(verdicts, key=evidence):
        row = counts.setdefault(evidence(verdict), {"pairs": 0, "true": 0})
        row["pairs"] += 1
        row["true"] += _is_one((verdict.left, verdict.right), ledger)
    return counts


def _calibration(verdicts: Sequence[Verdict], ledger: corpus.Corpus, say: Say) -> None:
    scores = {evidence(verdict): score(verdict) for verdict in verdicts}
    say("  evidence                              candidates  true here      score")
    for name, row in _by_evidence(verdicts, ledger).items():
        say(f"  {name:<36}{row['pairs']:>12}{_share(row['true'], row['pairs']):>11}{scores[name]:>11}")


def _by_damage(verdicts: Iterable[Verdict], ledger: corpus.Corpus, say: Say) -> None:
    sure = {(v.left, v.right) for v in verdicts if v.tier != "possible"}
    every = {(v.left, v.right) for v in verdicts}
    total: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    maybe: Counter[str] = Counter()
    for pair in ledger.pairs:
        ids = (pair.left + 1, pair.right + 1)
        for name in {*pair.damages, "several at once" if len(pair.damages) > 1 else "one alone"}:
            total[name] += 1
            hit[name] += ids in sure
            maybe[name] += ids in every
    say("  what was damaged           pairs  certain+likely  with possible")
    for name in sorted(total):
        say(f"  {name:<22}{total[name]:>10}{_share(hit[name], total[name]):>16}{_share(maybe[name], total[name]):>15}")


def _page(ledger: corpus.Corpus, say: Say) -> None:
    chance = random.Random(5)  # noqa: S311 - reproducible, not secret
    times = []
    for _ in range(21):
        ids = chance.sample(range(1, len(ledger.invoices) + 1), 50)
        started = time.perf_counter()
        candidates.search_changed(ids, lambda _company: DEFAULTS)
        times.append(time.perf_counter() - started)
    say(f"  a page of 50 against all: {sorted(times)[len(times) // 2] * 1000:.0f} ms (median of {len(times)}, goal 50)")


def _peers(ledger: corpus.Corpus, say: Say) -> None:
    with Cost() as cost:
        pairs = _odoo()
    _say_peer("Odoo's rule", pairs, cost, ledger, say)
    if importlib.util.find_spec("splink") is None:
        say("  Splink is not installed: run it through make bench.")
        return
    with splink_peer.written(ledger) as file:
        with Cost() as cost:
            pairs = splink_peer.pairs(file)
        _say_peer("Splink", pairs, cost, ledger, say)
        _in_turn(file, say)
    sources = [set(invoice.sources) for invoice in ledger.invoices]
    between_systems = {pair for pair in pairs if sources[pair[0] - 1].isdisjoint(sources[pair[1] - 1])}
    precision, recall = _precision(between_systems, ledger), _recall(between_systems, ledger)
    say(f"  of these between two systems: precision {precision}, recall {recall}")


def _in_turn(file: Path, say: Say) -> None:
    """Alternate both programs, so that other work on the machine affects both alike."""
    for _ in range(_TURNS):
        with Cost() as ours:
            candidates.search_all(lambda _company: DEFAULTS)
        with Cost() as theirs:
            splink_peer.pairs(file)
        say(f"  one after the other: the full search {ours.seconds}, Splink {theirs.seconds}")


def _say_peer(name: str, pairs: Pairs, cost: Cost, ledger: corpus.Corpus, say: Say) -> None:
    say(f"  {name}: {cost.seconds}, precision {_precision(pairs, ledger)}, recall {_recall(pairs, ledger)}")


def _is_one(pair: tuple[int, int], ledger: corpus.Corpus) -> bool:
    return ledger.invoices[pair[0] - 1].document == ledger.invoices[pair[1] - 1].document


def _precision(pairs: Collection[tuple[int, int]], ledger: corpus.Corpus) -> str:
    return _share(sum(_is_one(pair, ledger) for pair in pairs), len(pairs))


def _recall(pairs: Pairs, ledger: corpus.Corpus) -> str:
    return _share(sum((pair.left + 1, pair.right + 1) in pairs for pair in ledger.pairs), len(ledger.pairs))


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
