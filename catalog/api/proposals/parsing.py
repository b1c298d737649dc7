"""Bodies of requests: JSON of a sane depth, and merge patches (RFC 7396)."""

from collections.abc import Mapping
from typing import IO, Any, Final

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

DEEPEST: Final = 32  # levels; a record has six


class PlainJSON(JSONParser):
    """JSON that nobody's stack overflows from."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the value; raise ParseError for what is no JSON, or is nested too deeply."""
        try:
            value = super().parse(stream, media_type, dict(parser_context or {}))
        except RecursionError:
            raise ParseError(_TOO_DEEP) from None
        _check_depth(value)
        return value


class MergePatch(PlainJSON):
    """The same, for ``application/merge-patch+json``."""

    media_type = "application/merge-patch+json"


_TOO_DEEP: Final = f"JSON is nested at most {DEEPEST} levels here."


def merge_patch(target: Any, patch: Any) -> Any:
    """Return ``target`` under ``patch``: null takes a field away, a list replaces a list (RFC 7396 §2)."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for one in level for inner in _inside(one)]
        if not level:
            return
    raise ParseError(_TOO_DEEP)


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
