"""What `/api/v1/datasets/` may be asked, checked before anything else looks at it."""

import hashlib
import json
from typing import Any, Final

from django.core import signing
from django.http import QueryDict
from rest_framework import serializers

from catalog.datasets.vocabulary import check_language, check_licence
from catalog.search.index import DEEPEST, FACETS
from catalog.tiers import Tier
from catalog.vocabularies.reading import terms_of

PAGE: Final = 20
LONGEST_QUESTION: Final = 1000  # characters
MOST_VALUES: Final = 20  # alternatives of one filter
_SALT: Final = "api.datasets"


class LanguageField(serializers.CharField):
    """A BCP-47 tag, returned in its canonical case."""

    def to_internal_value(self, data: Any) -> str:
        """Check and normalise; ValidationError when it is no tag."""
        return _checked(check_language, super().to_internal_value(data))


class LicenceField(serializers.CharField):
    """An SPDX expression or ``unknown``, returned in canonical form."""

    def to_internal_value(self, data: Any) -> str:
        """Check and normalise; ValidationError when SPDX does not know it."""
        return _checked(check_licence, super().to_internal_value(data))


class TermField(serializers.CharField):
    """A code of one vocabulary. Retired terms still find the entries that carry them."""

    def __init__(self, scheme: str) -> None:
        super().__init__(max_length=60)
        self.scheme = scheme

    def to_internal_value(self, data: Any) -> str:
        """Check; ValidationError when the vocabulary never had such a term."""
        code: str = super().to_internal_value(data)
        known = terms_of(self.scheme, retired=True)
        if code not in known:
            raise serializers.ValidationError(f"{code!r} is not one of: {', '.join(known)}.")
        return code


def _alternatives(child: serializers.Field[Any, Any, Any, Any], text: str) -> serializers.ListField:
    return serializers.ListField(child=child, required=False, max_length=MOST_VALUES, help_text=text)


class DatasetParameters(serializers.Serializer[dict[str, Any]]):
    """Filters may be repeated: values of one are alternatives, different filters add up."""

    q = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_QUESTION, help_text="words, in any language"
    )
    tier = _alternatives(serializers.ChoiceField([str(tier) for tier in Tier]), "data tier")
    language = _alternatives(LanguageField(max_length=35), "BCP-47 tag; `pt` finds `pt-BR` too")
    license = _alternatives(LicenceField(max_length=300), "SPDX expression, or `unknown`")
    theme = _alternatives(TermField("theme"), "code of an EU data theme")
    member = _alternatives(serializers.SlugField(max_length=80), "slug of a member")
    artifact_type = _alternatives(TermField("artifact-type"), "stage of preparation")
    modality = _alternatives(TermField("modality"), "kind of data")
    page_size = serializers.IntegerField(
        required=False, min_value=1, max_value=100, help_text="20 unless told"
    )
    cursor = serializers.CharField(required=False, max_length=500, help_text="from `next`, unchanged")

    @classmethod
    def of_request(cls, asked: QueryDict) -> "DatasetParameters":
        """Read a query string; ``tier=`` asks for no tier in particular."""
        given = QueryDict(mutable=True)
        for name, values in asked.lists():
            if kept := [value for value in values if value]:
                given.setlist(name, kept)
        return cls(data=given)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Read the cursor, which must be ours and belong to the same question."""
        attrs["offset"] = _read_cursor(attrs)
        return attrs


def filters_of(checked: dict[str, Any]) -> dict[str, list[str]]:
    """Return the filters of checked parameters, by facet."""
    return {name: checked[name] for name in FACETS if checked.get(name)}


def make_cursor(offset: int, checked: dict[str, Any]) -> str:
    """Return the cursor of the page that starts at ``offset`` of the same question."""
    return signing.dumps([offset, _question(checked)], salt=_SALT)


def _read_cursor(checked: dict[str, Any]) -> int:
    if "cursor" not in checked:
        return 0
    try:
        offset, question = signing.loads(checked["cursor"], salt=_SALT)
    except signing.BadSignature:
        raise serializers.ValidationError({"cursor": ["This cursor is not one of ours."]}) from None
    if question != _question(checked):
        raise serializers.ValidationError({"cursor": ["This cursor belongs to other words or filters."]})
    return min(int(offset), DEEPEST)


def _question(checked: dict[str, Any]) -> str:
    asked = {
        "q": checked.get("q", ""),
        **{name: sorted(values) for name, values in filters_of(checked).items()},
    }
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]


def _checked(check: Any, value: str) -> str:
    try:
        found: str = check(value)
    except ValueError as error:
        raise serializers.ValidationError(str(error)) from None
    return found
