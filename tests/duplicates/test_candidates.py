"""Full and incremental search find the same suspicions, and nearly all of what a labelled corpus hides."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.duplicates import candidates, corpus
from apps.duplicates.rules import DEFAULTS
from invoicehub.benchmarks.duplicates import load

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> corpus.Corpus:
    found = corpus.make(3000, seed=5)
    load(found)
    return found


def told(found: candidates.Found) -> set[tuple]:
    return {(v.left, v.right, v.rules, v.tier, v.ambiguous) for v in found.verdicts}


def test_nearly_all_is_found_and_nearly_nothing_else(made):
    true = {(pair.left + 1, pair.right + 1) for pair in made.pairs}
    found = {
        (v.left, v.right) for v in candidates.search_all(lambda _company: DEFAULTS).verdicts if v.tier != "possible"
    }
    assert len(true) > 100
    assert len(found & true) >= 0.95 * len(true)
    assert len(found - true) <= 0.02 * len(found)


def test_an_incremental_search_finds_what_a_full_one_does(made):
    full = told(candidates.search_all(lambda _company: DEFAULTS))
    everything = range(1, len(made.papers) + 1)
    piecewise = set()
    for start in range(0, len(made.papers), 250):
        piecewise |= told(candidates.search_changed(everything[start : start + 250], lambda _company: DEFAULTS))
    assert piecewise == full


def test_the_cost_of_a_batch_does_not_depend_on_its_size(made):
    counts = []
    for size in (10, 400):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            candidates.search_changed(range(1, size), lambda _company: DEFAULTS)
        counts.append(len(queries))
    assert max(counts) <= 16


def test_a_corpus_is_its_seeds():
    assert corpus.make(300, 1).papers == corpus.make(300, 1).papers
    assert corpus.make(300, 1).papers != corpus.make(300, 2).papers
