"""A connection URI in the words of Django's settings."""

from typing import Any

from psycopg.conninfo import conninfo_to_dict

from tapestry.environment import DATABASE_NAME, EnvironmentInvalid

KEEP_SECONDS = (
    60  # a thread keeps its connection that long; 2 × 4 web threads and 2 workers stay far below 60
)


def connection_settings(url: str) -> dict[str, Any]:
    """One entry of `DATABASES` for a libpq URI; its further parameters (sslmode …) become OPTIONS.

    Raises:
        EnvironmentInvalid: libpq cannot read the URI.
    """
    try:
        parts = dict(conninfo_to_dict(url))
    except Exception:  # noqa: BLE001 - psycopg's error repeats the URI, which may hold a password
        raise EnvironmentInvalid("DATABASE_URL: is not a connection URI that libpq understands") from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", DATABASE_NAME),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": {"connect_timeout": 5, **parts},
        "CONN_MAX_AGE": KEEP_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,  # services own their transactions
    }
