"""Claims that no source tells of. The apps above the duplicates say so here; the search knows only what they find."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence

from .claims import ClaimEvidence

Find = Callable[[Collection[int]], Mapping[int, Sequence[ClaimEvidence]]]
_finders: list[Find] = []


def ask(find: Find) -> None:
    """From now on the search asks this: invoice ids → those of them that are living and claimed twice, with the
    claims."""
    if find not in _finders:
        _finders.append(find)


def told(invoice_ids: Collection[int]) -> dict[int, list[ClaimEvidence]]:
    """What all of them find of these invoices."""
    found: dict[int, list[ClaimEvidence]] = defaultdict(list)
    for find in _finders:
        for pk, claims in find(invoice_ids).items():
            found[pk] += claims
    return found
