"""The English texts of the theme are translated, and no translation is unused."""

from pathlib import Path

import pytest
import unfold
from django.utils.translation import gettext, override

from apps.core.theme_messages import UNFOLD

SAID = "\n".join(
    file.read_text() for kind in ("*.py", "*.html") for file in sorted(Path(unfold.__file__).parent.rglob(kind))
)


@pytest.mark.parametrize("words", UNFOLD)
def test_messages_of_the_theme_are_translated(words: str) -> None:
    assert f'"{words}"' in SAID or f"'{words}'" in SAID
    with override("zh-hans"):
        assert gettext(words) != words
