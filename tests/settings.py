"""Settings of the tests: services of their own, so that a running demo is left alone, and one Redis database a worker.

``DATABASE_URL`` and ``REDIS_URL`` still choose other servers. PostgreSQL runs without fsync here, which gives up
surviving a crash of the machine only; tests that kill servers use data directories of their own, fully durable.
"""

import os
from pathlib import Path

os.environ["INVOICEHUB_DATA_DIR"] = str(Path(__file__).resolve().parent.parent / ".data" / "test")

from invoicehub.settings import *  # noqa: F403 - the directory must be known before they are read
from invoicehub.settings import CACHES, DATABASES, INSTALLED_APPS, MIDDLEWARE, RQ_QUEUES, STATIC_ROOT

_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
for _place, _key in ((CACHES["default"], "LOCATION"), *((queue, "URL") for queue in RQ_QUEUES.values())):
    _place[_key] = f"{str(_place[_key]).partition('?')[0]}?db={int(_worker) % 16}"

# A statement that hangs fails with its text, before the whole test is given up on and takes its worker with it.
_options = DATABASES["default"].setdefault("OPTIONS", {})
_options["options"] = f"{_options.get('options', '')} -c statement_timeout=60000".strip()

# A request that asks for each row what it could have asked for all of them fails.
INSTALLED_APPS.append("zeal")
MIDDLEWARE.insert(0, "zeal.middleware.zeal_middleware")
# Not found by it: forms of the administration, and rows taken one by one under a lock, ask by key on purpose.
ZEAL_ALLOWLIST = [{"model": "*", "field": "get()"}]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # hashing slowly on purpose is not under test

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns when it is missing, and warnings are errors here
