"""Splink on DuckDB over the same corpus, with sensible blocking rules. ``make bench`` installs it
(requirements/bench.txt)."""

import csv
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .corpus import Corpus

_MATCH = 0.5


def pairs(file: Path) -> set[tuple[int, int]]:
    """The pairs that Splink matches, as ids (position in the corpus plus one), the smaller one first."""
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[
            compare.DamerauLevenshteinAtThresholds("number", [1, 2]),
            compare.ExactMatch("code"),
            compare.ExactMatch("total"),
            compare.DamerauLevenshteinAtThresholds("issued", [1]),
            compare.JaroWinklerAtThresholds("seller", [0.9, 0.7]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("total", "issued"),
            block_on("total", "seller"),
            block_on("number"),
            block_on("seller", "issued"),
        ],
    )
    database = DuckDBAPI()
    linker = Linker(database.register_from_csv(str(file)), settings, log_level=50)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("number", "total"), block_on("total", "issued", "seller")], recall=0.7
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1_000_000, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("total", "issued"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("number"))
    rows = linker.inference.predict(threshold_match_probability=_MATCH).as_record_list()
    return {(min(row["id_l"], row["id_r"]), max(row["id_l"], row["id_r"])) for row in rows}


@contextmanager
def written(corpus: Corpus) -> Iterator[Path]:
    """The corpus as the file that Splink reads."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "corpus.csv"
        with file.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(("id", "code", "number", "issued", "total", "seller"))
            for pk, invoice in enumerate(corpus.invoices, 1):
                number = invoice.digital or invoice.number
                text = f"n{number}" if number else ""  # letters in front keep codes and dates text
                writer.writerow(
                    (pk, f"c{invoice.code}", text, f"d{invoice.issued:%Y%m%d}", invoice.total, invoice.seller)
                )
        yield file
