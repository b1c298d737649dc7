"""Django's settings: what `Environment` says, put into the words of each library.

Values that a person may want to change are variables (tapestry/environment.py); the rest is decided here.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from tapestry.database import connection_settings
from tapestry.environment import read_environment
from tapestry.logs import not_a_readiness_probe
from tapestry.mail import mail_settings

ENVIRONMENT = read_environment()
ROOT = Path(__file__).resolve().parent.parent
ORIGIN = urlsplit(ENVIRONMENT.address)
OVER_TLS = ORIGIN.scheme == "https"

# -- core
SECRET_KEY = ENVIRONMENT.secret_key()
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts or sorted(
    {ORIGIN.hostname or "127.0.0.1", "127.0.0.1", "localhost", "[::1]"}
)
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.address]
ROOT_URLCONF = "tapestry.urls"
WSGI_APPLICATION = "tapestry.wsgi.application"
AUTH_USER_MODEL = "catalog.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_NAME = "Tapestry Catalog"

INSTALLED_APPS = [
    "tapestry",
    "training",
    "catalog",
    "provenance",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "django_linear_migrations",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "pgtrigger",
    "rest_framework",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tapestry.problems.DomainErrorMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# -- data
DATABASES = {"default": connection_settings(ENVIRONMENT.database_url)}
# In the process and not in the broker: attached nodes hold the broker's address, so nothing that the site
# believes (sessions, limits) may lie there. Limits therefore count per web process.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
BROKER_ADDRESS = ENVIRONMENT.redis_url
BLOB_URL = ENVIRONMENT.blobs
VAR = ENVIRONMENT.var
PUBLIC_URL = ENVIRONMENT.address
MERGE_RANGE_BYTES = ENVIRONMENT.merge_range_bytes
FETCH_ALLOWED = frozenset(host.lower() for host in ENVIRONMENT.fetch_allowed)

# -- language and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("ar", _("Arabic"))]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# -- static files
STATIC_URL = "static/"
STATIC_ROOT = ENVIRONMENT.var / "static"
STATICFILES_DIRS = [ROOT / "static"]
_HASHED = "catalog.design.storage.HashedModuleStorage"
_PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _PLAIN if DEBUG else _HASHED},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# whitenoise looks at the folder when the first request comes; before `collectstatic` it is empty, not absent
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # bytes of a form or a JSON document; weights are streamed

# -- people
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
FORM_RENDERER = "catalog.design.forms.CatalogRenderer"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "catalog.members.adapter.InvitedOnly"
ACCOUNT_FORMS = {
    purpose: f"catalog.members.account_forms.{form}"
    for purpose, form in (
        ("login", "SignIn"),
        ("add_email", "AddAddress"),
        ("change_password", "ChangePassword"),
        ("set_password", "SetPassword"),
        ("reset_password", "ResetPassword"),
        ("reset_password_from_key", "ChoosePassword"),
        ("reauthenticate", "ConfirmPerson"),
        ("request_login_code", "AskForCode"),
        ("confirm_login_code", "WriteCode"),
    )
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{SITE_NAME}] "
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = ORIGIN.scheme
ACCOUNT_LOGOUT_ON_GET = False
# A sign-in form that answers differently for known and unknown addresses would list our members (INV-6).
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # who did not change the password learns that somebody did
DEFAULT_FROM_EMAIL = SERVER_EMAIL = f"Tapestry Catalog <noreply@{ORIGIN.hostname}>"
globals().update(mail_settings(ENVIRONMENT))

# -- what a browser may do with our pages
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = OVER_TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if OVER_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = OVER_TLS
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # entering a browser's preload list is the domain owner's decision
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if OVER_TLS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = OVER_TLS
SESSION_COOKIE_HTTPONLY = True
# Two copies on one host differ by port, and cookies do not: each gets names of its own.
SESSION_COOKIE_NAME = f"tapestry-session-{ENVIRONMENT.port}"
CSRF_COOKIE_NAME = f"tapestry-csrf-{ENVIRONMENT.port}"
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# -- API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.SessionAuthentication",
        "catalog.tokens.authentication.PersonalTokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.AllowAny"
    ],  # visible_to() decides, not the view
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "tapestry.paging.CursorPages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
        "rest_framework.throttling.ScopedRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": "600/min",
        "user": "1200/min",
        "node": "6000/min",
        "export": "30/min",
        "token": "30/hour",
    },
    "EXCEPTION_HANDLER": "tapestry.problems.exception_handler",
    "PAGE_SIZE": 20,
}
KNOX_TOKEN_MODEL = "catalog.PersonalToken"  # noqa: S105 - the name of a table
MIGRATION_MODULES = {"knox": None}  # its own table would stay empty: ours is in the catalog
REST_KNOX = {"TOKEN_PREFIX": "tap_", "AUTO_REFRESH": False}  # scanners of code know a leaked one by it
SPECTACULAR_SETTINGS = {
    "TITLE": "Tapestry Catalog",
    "DESCRIPTION": "Datasets, rounds, contributions and checkpoints of a consortium, and what ties them.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "AssignmentState": "catalog.review.states.AssignmentState",
        "AppealState": "catalog.review.states.AppealState",
        "BlockGround": "catalog.proposals.states.BlockGround",
        "MotionKind": "catalog.governance.models.MotionKind",
        "JobKind": "training.jobs.states.JobKind",
        "BallotChoice": "catalog.governance.models.Choice",
        "DatasetState": "catalog.datasets.models.Dataset.State",
        "AcceptedFor": "catalog.proposals.states.AcceptedFor",
        "DecisionVerdict": "training.contributions.models.DecisionVerdict",
        "ReviewVerdict": "catalog.review.models.Verdict",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": False},
}

# -- tasks: soft < hard < visibility, so that a message comes back only when its worker is surely gone
CELERY_BROKER_URL = ENVIRONMENT.broker_url
CELERY_TASK_IGNORE_RESULT = True
# Only counts the ranges of a large merge that have ended; nothing in it is believed, or kept for long.
CELERY_RESULT_BACKEND = ENVIRONMENT.broker_url
CELERY_RESULT_EXPIRES = 60 * 60
CELERY_TASK_DEFAULT_QUEUE = "coordinator"
# What reads files for minutes has a worker of its own, so that rounds do not wait for it.
CELERY_TASK_ROUTES = {
    f"catalog.inspection.tasks.{name}": {"queue": "inspection"}
    for name in ("inspect_file", "conclude_version", "preview_version")
} | {
    f"training.rounds.ranges.tasks.{name}": {"queue": "merging"}
    for name in ("compute_range_of", "look_at_merge")
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 25 * 60
CELERY_TASK_TIME_LIMIT = 27 * 60
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 30 * 60}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(ENVIRONMENT.run_folder / "beat-schedule")
# Each of them finds its work in the database, so a missed turn is made up by the next (expires: no pile-up).
CELERY_BEAT_SCHEDULE = {
    name: {"task": name, "schedule": seconds, "options": {"expires": seconds * 2}}
    for name, seconds in (
        ("training.rounds.tasks.advance_open_rounds", 3.0),
        ("training.rounds.tasks.open_rounds_that_are_due", 60.0),
        ("training.rollbacks.tasks.replay_open_rollbacks", 10.0),
        ("training.rounds.ranges.tasks.forget_unfinished_merges", 3600.0),
        ("training.rounds.tasks.drop_trials_of_ended_rounds", 600.0),
        ("training.jobs.tasks.reap_jobs", 5.0),
        ("training.contributions.tasks.sweep_uploads", 600.0),
        ("training.contributions.tasks.close_appeals", 300.0),
        ("training.retention.tasks.sweep_contributions", 600.0),
        ("provenance.identity.tasks.forget_nonces", 600.0),
        ("catalog.search.tasks.mend_index", 300.0),
        ("catalog.access.tasks.expire_access", 60.0),
        ("catalog.review.tasks.pass_on_overdue", 300.0),
        ("catalog.review.tasks.remind_reviewers", 300.0),
        ("catalog.governance.tasks.close_motions", 60.0),
        ("catalog.inspection.tasks.reap_inspections", 15.0),
        ("catalog.notifications.tasks.mail_notifications", 60.0),
        ("catalog.notifications.tasks.send_digests", 600.0),
        ("catalog.uploads.tasks.sweep_uploads", 60.0),
        ("catalog.batches.tasks.resume_batches", 30.0),
    )
}

# -- logs: one JSON object a line on stderr
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "tapestry.logs.JsonLines"}},
    "filters": {"probes": {"()": "django.utils.log.CallbackFilter", "callback": not_a_readiness_probe}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["probes"]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True, "level": "INFO"},
        "django.server": {"handlers": [], "propagate": True, "level": "WARNING"},
        "django.db.backends": {"level": "WARNING"},
    },
}
