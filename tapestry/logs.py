"""Logs as JSON lines: one object per event, small enough to grep, and without secrets."""

import json
import logging
import re
from datetime import UTC, datetime

_PASSWORD_IN_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://[^:/@\s]*):[^@\s/]+@")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
    "request",
    "server_time",
}


class JsonLines(logging.Formatter):
    """`{"at", "level", "logger", "message", …extra}`; a URL's password is struck out wherever it appears."""

    def format(self, record: logging.LogRecord) -> str:
        """The line for one record."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{name: value for name, value in vars(record).items() if name not in _STANDARD},
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return _PASSWORD_IN_URL.sub(r"\g<scheme>:…@", json.dumps(line, default=str, ensure_ascii=False))


def not_a_readiness_probe(record: logging.LogRecord) -> bool:
    """Whether a record is worth a line: a 503 of `/readyz` is an answer, and asked for often."""
    return getattr(getattr(record, "request", None), "path", "") != "/readyz"
