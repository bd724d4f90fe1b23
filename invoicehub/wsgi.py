"""The WSGI application; starts the embedded servers when no others are configured."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from . import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "invoicehub.settings")
embedded.hold_for_settings(settings)
application = get_wsgi_application()

from .warmth import warm_up  # noqa: E402 - needs the apps

warm_up()
