"""The WSGI application; starts the embedded servers when no others are configured."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from . import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "invoicehub.settings")
embedded.hold_for_settings(settings)
application = get_wsgi_application()

get_resolver().url_patterns  # noqa: B018 - reads all addresses now instead of within the first request
# What is here by now stays for good. Looking through it for garbage again and again costs a long page 0.2 s at times.
gc.collect()
gc.freeze()
