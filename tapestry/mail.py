"""Where mail goes: into files under `var/mail` unless a server is named."""

from typing import Any
from urllib.parse import unquote, urlsplit

from tapestry.environment import Environment

_BACKENDS = "django.core.mail.backends"


def mail_settings(environment: Environment) -> dict[str, Any]:
    """Django's EMAIL_ settings for `EMAIL_URL`: console:, file:///folder, smtp(s)://user:password@host:port."""
    url = urlsplit(environment.email_url)
    if url.scheme == "console":
        return {"EMAIL_BACKEND": f"{_BACKENDS}.console.EmailBackend"}
    if url.scheme in {"", "file"}:
        folder = unquote(url.path) or str(environment.var / "mail")
        return {"EMAIL_BACKEND": f"{_BACKENDS}.filebased.EmailBackend", "EMAIL_FILE_PATH": folder}
    over_tls = url.scheme == "smtps"
    return {
        "EMAIL_BACKEND": f"{_BACKENDS}.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname or "localhost",
        "EMAIL_PORT": url.port or (465 if over_tls else 587),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": over_tls,
        "EMAIL_USE_TLS": bool(url.username) and not over_tls,
        "EMAIL_TIMEOUT": 10,
    }
