"""What a web process does before its first visitor, so that nobody waits for it."""

import gc
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver


def warm_up() -> None:
    """Read all addresses and compile our templates, then leave what stays for good out of garbage collection: looking
    through it again and again costs a long page 0.2 s at times."""
    get_resolver().url_patterns  # noqa: B018 - read now instead of within the first request
    templates = Path(settings.BASE_DIR) / "templates"
    for file in sorted(templates.rglob("*.html")):
        get_template(str(file.relative_to(templates)))
    gc.collect()
    gc.freeze()
