"""Full and incremental search find the same pairs, and nearly all duplicates of a labelled corpus."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.duplicates import candidates
from apps.duplicates.rules import DEFAULTS
from invoicehub.benchmarks import corpus
from invoicehub.benchmarks.duplicates import load

pytestmark = pytest.mark.django_db


@pytest.fixture
def labelled() -> corpus.Corpus:
    ledger = corpus.make(3000, seed=5)
    load(ledger)
    return ledger


def pairs_of(result: candidates.SearchResult) -> set[tuple]:
    return {(v.left, v.right, v.rules, v.tier, v.ambiguous) for v in result.verdicts}


def full_search() -> candidates.SearchResult:
    return candidates.search_all(lambda _company: DEFAULTS)


def incremental_search(*ids: int) -> candidates.SearchResult:
    return candidates.search_changed(ids, lambda _company: DEFAULTS)


def test_nearly_all_is_found_and_nearly_nothing_else(labelled):
    true = {(pair.left + 1, pair.right + 1) for pair in labelled.pairs}
    pairs = {(v.left, v.right) for v in full_search().verdicts if v.tier != "possible"}
    assert len(true) > 100
    assert len(pairs & true) >= 0.95 * len(true)
    assert len(pairs - true) <= 0.02 * len(pairs)


def test_an_incremental_search_finds_what_a_full_one_does(labelled):
    full = pairs_of(full_search())
    everything = range(1, len(labelled.invoices) + 1)
    piecewise = set()
    for start in range(0, len(labelled.invoices), 250):
        piecewise |= pairs_of(incremental_search(*everything[start : start + 250]))
    assert piecewise == full
    for pair in labelled.pairs[::4]:  # and so does one that looks at a single invoice
        pairs = pairs_of(incremental_search(pair.right + 1))
        assert pairs <= full
        assert {one for one in full if pair.right + 1 in one[:2]} <= pairs


AWKWARD = ('"a,b"', "\\N", "a\nb\r\n", "'x", " ", "\\.", "")


def test_both_searches_read_awkward_values_alike(labelled):
    """Quotes, line ends, what COPY writes for nothing, empty texts, no texts, no dates, no amounts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE invoices_invoice SET travel = jsonb_build_object('passenger', (%s::text[])[id %% 7 + 1],"
            " 'vehicle', 'G' || id %% 5, 'departs_on', '2026-01-01'), code = (%s::text[])[id %% 7 + 1]"
            " WHERE id %% 5 = 0",
            [list(AWKWARD), list(AWKWARD)],
        )
        cursor.execute("UPDATE invoices_party SET name = name || (%s::text[])[id %% 7 + 1]", [list(AWKWARD)])
        cursor.execute("UPDATE invoices_invoice SET issue_date = NULL WHERE id % 11 = 0")
        cursor.execute("UPDATE invoices_invoice SET total_amount = NULL WHERE id % 13 = 0")
        cursor.execute("UPDATE invoices_invoice SET seller_id = NULL WHERE id % 17 = 0")
    full = pairs_of(full_search())
    assert len(full) > 50
    assert pairs_of(incremental_search(*range(1, len(labelled.invoices) + 1))) == full


def test_an_empty_ledger_has_no_pairs():
    result = full_search()
    assert (result.invoice_count, result.pair_count, pairs_of(result)) == (0, 0, set())


def test_little_memory_makes_a_full_search_slower_not_different(labelled, settings, tmp_path):
    full = pairs_of(full_search())
    settings.SEARCH_MEMORY_MB, settings.DATA_DIR = 30, tmp_path
    (tmp_path / "search" / connection.settings_dict["NAME"]).mkdir(parents=True)  # a killed one left it
    assert pairs_of(full_search()) == full
    assert not list((tmp_path / "search").iterdir())


def test_the_cost_of_a_batch_does_not_depend_on_its_size(labelled):
    counts = []
    for size in (10, 400):
        with CaptureQueriesContext(connection) as queries:
            incremental_search(*range(1, size))
        counts.append(len(queries))
    assert max(counts) <= 16


def test_a_corpus_is_its_seeds():
    assert corpus.make(300, 1).invoices == corpus.make(300, 1).invoices
    assert corpus.make(300, 1).invoices != corpus.make(300, 2).invoices
