"""Prepares a web process before its first request."""

import gc
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver


def warm_up() -> None:
    """Load all URL patterns and compile our templates, then freeze these objects for the garbage collector: scanning
    them costs a long page up to 0.2 s."""
    get_resolver().url_patterns  # noqa: B018 - read now instead of within the first request
    templates = Path(settings.BASE_DIR) / "templates"
    for file in sorted(templates.rglob("*.html")):
        get_template(str(file.relative_to(templates)))
    gc.collect()
    gc.freeze()
