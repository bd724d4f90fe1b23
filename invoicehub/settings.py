"""Django settings, all from ``invoicehub.environment``. Starts nothing: ``manage.py`` starts the embedded servers."""

from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from . import embedded, environment, logging

BASE_DIR = environment.ROOT
_env = environment.read()
DATA_DIR: Path = _env.data_dir
_endpoints = embedded.endpoints(DATA_DIR)
EMBEDDED: frozenset[str] = frozenset(
    name for name, url in (("postgres", _env.database_url), ("redis", _env.redis_url)) if not url
)

DEBUG = _env.debug
SECRET_KEY = _env.secret_key
CREDENTIAL_KEYS = _env.credential_keys
ALLOWED_HOSTS = list(_env.allowed_hosts)
OUTBOUND_DENY = _env.outbound_deny
HEARTBEAT_SECONDS = _env.heartbeat_seconds
DEAD_AFTER_SECONDS = _env.dead_after_seconds
PUSH_LEASE_SECONDS = _env.push_lease_seconds
PUSH_STATUS_QUERY_SECONDS = _env.push_status_query_seconds
PUSH_RETRY_SECONDS = _env.push_retry_seconds
SEARCH_MEMORY_MB = _env.search_memory_mb
REDIS_URL = _env.redis_url or _endpoints.redis_url

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "apps.core.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_prometheus",
    "django_rq",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "health_check",
    "knox",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "invoicehub",  # for its commands
    "apps.core",
    "apps.accounts",
    "apps.sources",
    "apps.invoices",
    "apps.duplicates",
    "apps.outbox",
    "apps.bills",
    "apps.vouchers",
    "apps.sandbox",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "apps.core.request_cache.RequestCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "apps.core.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.core.method_not_allowed.MethodNotAllowedMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "invoicehub.urls"
WSGI_APPLICATION = "invoicehub.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ]
        },
    }
]

DATABASES = {
    "default": {
        **dj_database_url.parse(_env.database_url or _endpoints.database_url),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
RQ_QUEUES = {
    "pushes": {"URL": REDIS_URL, "DEFAULT_TIMEOUT": 3600},
    "pulls": {"URL": REDIS_URL, "DEFAULT_TIMEOUT": 6 * 3600},
}
RQ_SHOW_ADMIN_LINK = False

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "apps.accounts.adapter.AccountAdapter"  # no sign-up
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_USER_DISPLAY = "apps.accounts.names.name_of"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = None
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
ACCOUNT_RATE_LIMITS = (
    False  # axes counts failed logins in the database; allauth's limits would need Redis for every login
)
SILENCED_SYSTEM_CHECKS: list[str] = []

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = _env.time_zone
USE_TZ = True
FORMAT_MODULE_PATH = "invoicehub.formats"

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True  # nothing to collect for demo and tests; production runs collectstatic all the same
MEDIA_ROOT = DATA_DIR / "media"

SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_SSL_REDIRECT = _env.https
SECURE_HSTS_SECONDS = 31_536_000 if _env.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _env.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _env.https else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, "'unsafe-inline'"],  # Tabler and the admin position things with style attributes
        "img-src": [SELF, "data:"],
        "font-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["apps.core.permissions.MayRead"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "apps.core.pagination.CursorPages",
    "DEFAULT_SCHEMA_CLASS": "apps.core.schema.Schema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_VERSIONING_CLASS": None,
    "EXCEPTION_HANDLER": "apps.core.problems.problem_details",
    "COERCE_DECIMAL_TO_STRING": True,
    "PAGE_SIZE": 100,
}
REST_KNOX = {"TOKEN_TTL": None, "AUTO_REFRESH": False}
SPECTACULAR_SETTINGS = {
    "TITLE": "invoicehub",
    "DESCRIPTION": _("One trustworthy ledger of a company's invoices."),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "apps.core.schema.with_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "AssistantMessageStateEnum": "apps.bills.assistant.choices.MessageState",
        "AssistantPageEnum": "apps.bills.assistant.choices.Page",
        "AttemptOutcomeEnum": "apps.outbox.choices.Outcome",
        "BillOriginEnum": "apps.bills.choices.Origin",
        "BillStateEnum": "apps.bills.choices.BillState",
        "BillTypeEnum": "apps.bills.choices.BillType",
        "CaseActionEnum": "apps.duplicates.choices.Action",
        "CaseKindEnum": "apps.duplicates.choices.Kind",
        "CaseRuleEnum": "apps.duplicates.choices.RuleCode",
        "CaseStateEnum": "apps.duplicates.choices.State",
        "CaseTierEnum": "apps.duplicates.choices.Tier",
        "CheckCodeEnum": "apps.bills.compliance.choices.check_choices",
        "CheckLevelEnum": "apps.bills.compliance.choices.CheckLevel",
        "InvoiceDirectionEnum": "apps.invoices.choices.Flow",
        "InvoiceKindEnum": "apps.invoices.choices.Kind",
        "InvoiceStatusEnum": "apps.invoices.choices.Status",
        "PushKindEnum": "apps.sources.choices.PushKind",
        "PushReasonEnum": "apps.outbox.choices.Reason",
        "PushStateEnum": "apps.outbox.choices.PushState",
        "QuarantineStateEnum": "apps.sources.choices.QuarantineState",
        "DimensionEnum": "apps.vouchers.choices.Dimension",
        "FindingStateEnum": "apps.vouchers.choices.FindingState",
        "RunStatusEnum": "apps.sources.choices.RunStatus",
        "RunTriggerEnum": "apps.sources.choices.RunTrigger",
        "SourceKindEnum": "apps.sources.kinds.kind_choices",
        "UseStateEnum": "apps.bills.choices.BillInvoiceState",
        "VoucherPushStateEnum": "apps.vouchers.choices.VoucherPushState",
        "VoucherResourceEnum": "apps.vouchers.choices.Resource",
        "VoucherStateEnum": "apps.vouchers.choices.VoucherState",
    },
}

UNFOLD = {
    "SITE_TITLE": _("invoicehub administration"),
    "SITE_HEADER": "发票中台 invoicehub",
    "SITE_URL": "/",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "apps.core.admin_site.icon"}],
    "COLORS": {  # the blue of the workspace
        "primary": {
            "50": "239 246 255",
            "100": "219 234 254",
            "200": "191 219 254",
            "300": "147 197 253",
            "400": "96 165 250",
            "500": "59 130 246",
            "600": "6 111 209",
            "700": "5 89 168",
            "800": "4 71 134",
            "900": "3 53 100",
            "950": "2 35 67",
        }
    },
    "SHOW_LANGUAGES": True,
    "SHOW_HISTORY": True,
}

logging.configure()
LOGGING = logging.config("INFO" if DEBUG else "WARNING", as_json=not DEBUG)
PROMETHEUS_EXPORT_MIGRATIONS = False
PGHISTORY_ADMIN_ALL_EVENTS = True
