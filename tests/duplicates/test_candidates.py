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


def everywhere() -> candidates.Found:
    return candidates.search_all(lambda _company: DEFAULTS)


def around(*ids: int) -> candidates.Found:
    return candidates.search_changed(ids, lambda _company: DEFAULTS)


def test_nearly_all_is_found_and_nearly_nothing_else(made):
    true = {(pair.left + 1, pair.right + 1) for pair in made.pairs}
    found = {(v.left, v.right) for v in everywhere().verdicts if v.tier != "possible"}
    assert len(true) > 100
    assert len(found & true) >= 0.95 * len(true)
    assert len(found - true) <= 0.02 * len(found)


def test_an_incremental_search_finds_what_a_full_one_does(made):
    full = told(everywhere())
    everything = range(1, len(made.papers) + 1)
    piecewise = set()
    for start in range(0, len(made.papers), 250):
        piecewise |= told(around(*everything[start : start + 250]))
    assert piecewise == full
    for pair in made.pairs[::4]:  # and so does one that looks at a single invoice
        found = told(around(pair.right + 1))
        assert found <= full
        assert {one for one in full if pair.right + 1 in one[:2]} <= found


AWKWARD = ('"a,b"', "\\N", "a\nb\r\n", "'x", " ", "\\.", "")


def test_both_searches_read_whatever_stands_in_the_ledger_alike(made):
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
    full = told(everywhere())
    assert len(full) > 50
    assert told(around(*range(1, len(made.papers) + 1))) == full


def test_an_empty_ledger_has_no_suspects():
    found = everywhere()
    assert (found.looked_at, found.judged, told(found)) == (0, 0, set())


def test_little_memory_makes_a_full_search_slower_not_different(made, settings, tmp_path):
    full = told(everywhere())
    settings.SEARCH_MEMORY_MB, settings.DATA_DIR = 30, tmp_path
    (tmp_path / "search" / connection.settings_dict["NAME"]).mkdir(parents=True)  # a killed one left it
    assert told(everywhere()) == full
    assert not list((tmp_path / "search").iterdir())


def test_the_cost_of_a_batch_does_not_depend_on_its_size(made):
    counts = []
    for size in (10, 400):
        with CaptureQueriesContext(connection) as queries:
            around(*range(1, size))
        counts.append(len(queries))
    assert max(counts) <= 16


def test_a_corpus_is_its_seeds():
    assert corpus.make(300, 1).papers == corpus.make(300, 1).papers
    assert corpus.make(300, 1).papers != corpus.make(300, 2).papers
