"""Settings of Atender Incidents: read from the environment, safe by default.

`docs/operating.md` lists every variable. Nothing here opens a file or a connection, so that
commands which need no database run with an empty environment.
"""

import secrets
from pathlib import Path

import django_stubs_ext
from csp.constants import NONCE, NONE, SELF
from environs import Env

from atender.api.defaults import REST_FRAMEWORK as REST_FRAMEWORK
from atender.api.defaults import SPECTACULAR_SETTINGS as SPECTACULAR_SETTINGS
from atender.console.defaults import UNFOLD as UNFOLD
from atender.patience import DEAD_PEERS, PatientConnection

# Lets classes name the model they are about, as `ModelAdmin[Incident]`, at run time too.
django_stubs_ext.monkeypatch()

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = Path(env.str("ATENDER_HOME", str(BASE_DIR / ".atender")))
DEMO = env.bool("ATENDER_DEMO", False)
DEBUG = False

# A process without the operator's key works (the OpenAPI document is made so) but refuses to sign
# or encrypt what outlives it, and a server to start: see `refuse_missing_secrets`.
SECRET_KEY = env.str("ATENDER_SECRET_KEY", "") or secrets.token_urlsafe(48)
HAS_OWN_SECRET_KEY = bool(env.str("ATENDER_SECRET_KEY", ""))
# Key ids to keys, newest last; links in mails carry the id and stay valid while it is listed.
LINK_KEYS: dict[str, str] = env.dict("ATENDER_LINK_KEYS", {}) or {"1": SECRET_KEY}

# Hosts are checked against the tenants' directory before any view runs.
ALLOWED_HOSTS = ["*"]
PUBLIC_SCHEME = env.str("ATENDER_PUBLIC_SCHEME", "http" if DEMO else "https")
PUBLIC_PORT = env.str("ATENDER_PUBLIC_PORT", "")
# The parent of the hosts that new tenants get: acme.<domain> and status.acme.<domain>.
PLATFORM_DOMAIN = env.str("ATENDER_PLATFORM_DOMAIN", "localhost")

SHARED_APPS = [
    # Listed first, so that its commands replace django-tenants' of the same name.
    "atender.tenants",
    "django_tenants",
    "django.contrib.contenttypes",
    "atender.generations",
    "atender.due",
    "monitors.rounds",
    "atender.languages",
    "django_q",
    "django.contrib.staticfiles",
    "whitenoise.runserver_nostatic",
]
TENANT_APPS = [
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "atender.console.apps.ConsoleConfig",
    "atender.staff",
    "atender.limits",
    "atender.outbound",
    "atender.api",
    "monitors",
    "incidents",
    "alerts",
    "statuspage",
    "subscribers",
    "assist",
]
INSTALLED_APPS = [
    "atender.console.apps.UnfoldConfig",
    *SHARED_APPS,
    *TENANT_APPS,
    "atender.demo",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "anymail",
    "csp",
    "django_htmx",
]

TENANT_MODEL = "tenants.Tenant"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_LIMIT_SET_CALLS = True
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
# A page's address is its host; the process keeps the whole directory of hosts in memory.
DIRECTORY_MAX_AGE_S = 1.0

# Called for every tenant of a fresh demo, lowest floor first.
DEMO_SEEDS = [
    "monitors.demo.seed",
    "incidents.demo.seed",
    "alerts.demo.seed",
    "statuspage.demo.seed",
    "subscribers.demo.seed",
    "assist.demo.seeding.seed",
    "assist.demo.morning.seed",
]

# Called for every tenant of a demo whenever it is started.
DEMO_STARTS = ["monitors.demo.go_on", "assist.demo.morning.go_on"]

MIDDLEWARE = [
    "atender.bodiless.BodilessMiddleware",
    "atender.tenants.middleware.TenantMiddleware",
    "atender.unavailable.DatabaseAwayMiddleware",
    "atender.unreadable.EncodingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "atender.staff.zones.ZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
# Console hosts; page hosts and the demo's landing page get theirs from the tenant middleware.
ROOT_URLCONF = "atender.urls.console"
PAGE_URLCONF = "atender.urls.page"
LANDING_URLCONF = "atender.urls.landing"
WSGI_APPLICATION = "atender.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
            "libraries": {"console": "atender.console.tags"},
        },
    }
]

DATABASE_URL = env.str("DATABASE_URL", "postgres:///atender")
DATABASES = {
    "default": {
        **env.dj_db_url("DATABASE_URL", "postgres:///atender"),
        "ENGINE": "django_tenants.postgresql_backend",
        "CONN_MAX_AGE": 0,
    }
}
DATABASES["default"].setdefault("OPTIONS", {}).update(
    {
        "connect_timeout": 3,
        **DEAD_PEERS,
        "pool": {
            "min_size": 1,
            "max_size": env.int("ATENDER_DATABASE_POOL", 10),
            "timeout": 5,
            # Whoever asks after that tries again at once. The pool's own next try would be minutes
            # away after an outage of minutes.
            "reconnect_timeout": 5,
            "connection_class": PatientConnection,
        },
    }
)
# How long a web process waits for one statement; commands wait as long as it takes.
DATABASE_ANSWER_LIMIT_S = env.float("ATENDER_DATABASE_ANSWER_LIMIT_S", 5.0)
# LISTEN needs a connection of its own that no pooler in between hands on.
DATABASE_DIRECT_URL = env.str("DATABASE_DIRECT_URL", DATABASE_URL)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["atender.staff.backends.StaffBackend"]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "email"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

CSRF_FAILURE_VIEW = "atender.console.errors.stale_form"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_SCHEME == "https"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("ATENDER_BEHIND_PROXY", False) else None
)
# The admin theme brings Alpine, which evaluates expressions; page hosts never load it and
# tighten this policy in `statuspage`.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE, "'unsafe-eval'"],
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "object-src": [NONE],
    }
}

# The console speaks English. A page speaks those of these that its tenant chose; the names are as
# their speakers write them.
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("es", "Español"),
    ("pt", "Português"),
    ("it", "Italiano"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("sv", "Svenska"),
    ("da", "Dansk"),
    ("tr", "Türkçe"),
    ("ja", "日本語"),
    ("zh", "简体中文"),
    ("ar", "العربية"),
]
LANGUAGES_BIDI = ["ar"]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
FORMAT_MODULE_PATH = ["atender.console.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_MAX_AGE = 7 * 24 * 3600
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        # Compressing the libraries' files takes half a minute, which a demo does not wait for.
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        if DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Finished answers of the pages and the list of hosts: what web processes serve from when the
# database is away. Its own folder on each machine, not on a network.
EDGE = "statuspage.edge.layer.wrap"
# The threads that a web process was given (--blocking-threads). Three quarters may hold requests
# for Django, nearly all of them waiting; the rest serve finished answers.
WEB_THREADS = env.int("ATENDER_WEB_THREADS", 64)
# After this long without a refresh a page says how old it is.
EDGE_STALE_AFTER_S = env.float("ATENDER_EDGE_STALE_AFTER_S", 120)
# A process that starts without a database shows what is on disk unless nobody was here for longer.
EDGE_UNATTENDED_S = env.float("ATENDER_EDGE_UNATTENDED_S", 3600)
# How often page views are written; a process that is killed loses those since.
EDGE_COUNT_EVERY_S = env.float("ATENDER_EDGE_COUNT_EVERY_S", 10)
EDGE_MEMORY_MB = env.int("ATENDER_EDGE_MEMORY_MB", 64)
EDGE_HOME = Path(env.str("ATENDER_EDGE_HOME", str(HOME / "edge")))

# The platform's own mail channel; a tenant may bring another.
EMAIL_URL = env.str("EMAIL_URL", "")
MAIL_DIR = HOME / "mail"
DEFAULT_FROM_EMAIL = env.str("ATENDER_FROM_EMAIL", f"Status <status@{PLATFORM_DOMAIN}>")
EMAIL_BACKEND = "atender.outbound.maildir.EmailBackend"
EMAIL_TIMEOUT = 20
if EMAIL_URL:
    vars().update(
        {
            name: value
            for name, value in env.dj_email_url("EMAIL_URL").items()
            if name.startswith("EMAIL_") and name != "EMAIL_FILE_PATH"
        }
    )
    # Without a time limit in its URL a connection would wait for ever.
    EMAIL_TIMEOUT = EMAIL_TIMEOUT or 20
# The operator's gateway for text messages; without its address none are offered. Fields are what it
# calls the number, the text, the sender and the message's id; the empty are left out.
SMS_URL = env.str("ATENDER_SMS_URL", "")
SMS_TOKEN = env.str("ATENDER_SMS_TOKEN", "")
SMS_FROM = env.str("ATENDER_SMS_FROM", "")
SMS_IS_FORM = env.bool("ATENDER_SMS_FORM", False)
SMS_FIELDS: dict[str, str] = env.dict("ATENDER_SMS_FIELDS", {}) or {
    name: name for name in ("to", "text", "from", "id")
}
# Whether servers that a tenant names (mail, monitors, webhooks) may be in private networks.
PRIVATE_TARGETS_ALLOWED = env.bool("ATENDER_ALLOW_PRIVATE_TARGETS", DEMO)
# Tenants whose monitors may even where others' may not, by schema name.
PRIVATE_CHECKS_TENANTS: list[str] = env.list("ATENDER_PRIVATE_CHECKS_TENANTS", [])
# The regions that probers and *run now* check from here, unless told otherwise. In a demo one
# machine plays several.
PROBE_REGIONS: list[str] = env.list(
    "ATENDER_PROBE_REGIONS", ["local", "eu-west", "us-east"] if DEMO else ["local"]
)
# How people on call are reached other than by mail: addresses of Apprise with {to} in them.
ALERT_GATEWAYS = {
    kind: address
    for kind in ("sms", "push", "chat")
    if (address := env.str(f"ATENDER_{kind.upper()}_GATEWAY", ""))
}
CONSOLE_HOLD_S = env.int("ATENDER_CONSOLE_HOLD_S", 20)
# Name servers asked for the proof of custom domains, as `address:port`; by default the system's.
DNS_RESOLVERS: list[str] = env.list("ATENDER_DNS_RESOLVERS", [])
DOMAINS_PER_TENANT = env.int("ATENDER_DOMAINS_PER_TENANT", 100)
# Where the proxy in front asks for which hosts it may get certificates; port 0 is nowhere. Never
# an address that the public reaches.
INTERNAL_HOST = env.str("ATENDER_INTERNAL_HOST", "127.0.0.1")
INTERNAL_PORT = env.int("ATENDER_INTERNAL_PORT", 0)
# How long an open incident may be silent before staff are nudged, and how often for one silence.
SILENCE_MINUTES: dict[str, int] = {
    "critical": 30,
    "major": 60,
    "minor": 240,
    "none": 240,
    **env.dict("ATENDER_SILENCE_MINUTES", {}, subcast_values=int),
}
SILENCE_NUDGES = env.int("ATENDER_SILENCE_NUDGES", 4)
CHECKS_KEPT_DAYS = env.int("ATENDER_CHECKS_KEPT_DAYS", 8)
CHECK_HOURS_KEPT_DAYS = env.int("ATENDER_CHECK_HOURS_KEPT_DAYS", 400)
# How long *run now* waits for the probers of other regions.
RUN_WAIT_S = 8.0
CHANGES_KEPT_DAYS = env.int("ATENDER_CHANGES_KEPT_DAYS", 90)
# How long deliveries are kept; their counts stay with the notice.
DELIVERIES_KEPT_DAYS = env.int("ATENDER_DELIVERIES_KEPT_DAYS", 90)

Q_CLUSTER = {
    "name": "atender",
    "orm": "default",
    "workers": env.int("ATENDER_WORKERS", 2),
    # A killed task is retried after `retry`; the due table hands its work on earlier.
    "timeout": 60,
    "retry": 90,
    "max_attempts": 5,
    "ack_failures": True,
    "save_limit": 250,
    "success_log": False,
    "poll": 0.2,
    "bulk": 1,
    "catch_up": False,
    "label": "queue",
}

# How many of all workers may call endpoints at once; the rest are left for everything else.
CALLING_WORKERS = env.int("ATENDER_CALLING_WORKERS", max(env.int("ATENDER_WORKERS", 2) - 1, 1))

# For each key. A demo's limit is beyond reach, and its answers carry the same headers; 0 is none.
API_REQUESTS_PER_MINUTE = env.int("ATENDER_API_REQUESTS_PER_MINUTE", 1_000_000 if DEMO else 6000)
# A request's body without its files, in bytes.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

LOG_LEVEL = env.str("ATENDER_LOG_LEVEL", "INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "atender.logs.TenantFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s tenant=%(tenant)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django-q": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # What is too large to be read is no error of ours; `atender.unreadable` says so in a line.
        "django.security.RequestDataTooBig": {"level": "CRITICAL"},
        "django.security.TooManyFieldsSent": {"level": "CRITICAL"},
        "django.security.TooManyFilesSent": {"level": "CRITICAL"},
        # Each request's address, at INFO; a tenant's model may have a secret in its path.
        "httpx2": {"level": "WARNING"},
        "openai": {"level": "WARNING"},
    },
}
SILENCED_SYSTEM_CHECKS = ["staticfiles.W004"]
