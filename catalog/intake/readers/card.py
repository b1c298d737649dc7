"""Dataset cards: Markdown with YAML at its head, as hubs keep it beside data.

Source: the Hugging Face Hub's documentation of dataset cards. Of YAML only texts, lists and mappings are
read, so that "no" stays Norwegian, no number is computed and no object is made.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NoReturn

import yaml
from django.utils.translation import gettext as _

from catalog.intake.readers.bounds import DEEPEST, LARGEST_HEAD, malformed, refuse
from catalog.intake.readers.graph import Literal
from catalog.intake.readers.sections import Body, read_body
from catalog.intake.readers.stated import Named, Stated

_HEAD: Final = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_SOURCE: Final = re.compile(r"([\w-]{1,120})@([1-9]\d{0,8})")
_NO_LICENCE: Final = frozenset({"other", "unknown", ""})
_SECTIONS: Final = (
    ("quality.limits", ("other known limitations", "bias, risks, and limitations", "limitations")),
    ("quality.known_bias", ("discussion of biases", "biases")),
    ("processing.curation", ("curation rationale", "annotation process")),
    ("processing.filters", ("data collection and processing", "initial data collection and normalization")),
)


class _Texts(yaml.BaseLoader):
    """Refuses aliases, by which a short text can stand for billions of words, and depth without end."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self.depth += 1
        if self.depth > DEEPEST or self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


def has_head(text: str) -> bool:
    """Tell whether a text begins as a card does."""
    return _HEAD.match(text) is not None


def read_card(text: str) -> Stated:
    """Return what a card states, in its head and in the sections that say one thing.

    Raises:
        Invalid: code ``description-malformed``.
    """
    found = _HEAD.match(text)
    head = read_head(found[1]) if found else {}
    body = read_body(text[found.end() :] if found else text)
    return _stated(head, body)


def read_head(text: str) -> Mapping[str, Any]:
    """Return the YAML of a card's head: texts, lists and mappings.

    Raises:
        Invalid: codes ``description-malformed`` and ``description-too-large``.
    """
    if len(text) > LARGEST_HEAD:
        raise refuse(
            "description-too-large",
            _("The YAML at its head is longer than %(limit)s KiB.") % {"limit": LARGEST_HEAD // 1024},
            _("Leave out the statistics of its files."),
        )
    try:
        head = yaml.load(text, Loader=_Texts)  # noqa: S506 - a BaseLoader, which makes texts alone
    except (yaml.YAMLError, ValueError, RecursionError):
        _refuse_head()
    if not isinstance(head, dict):
        _refuse_head()
    return {str(name): value for name, value in head.items()}


def _stated(head: Mapping[str, Any], body: Body) -> Stated:
    tasks = [*_words(head, "task_categories"), *_words(head, "modalities")]
    tags = _words(head, "tags")
    stated = Stated(
        titles=_literals(_first(head, "pretty_name") or body.title or _first(head, "name", "title")),
        summaries=_literals(body.opening),
        descriptions=_literals(body.rest),
        languages=_languages(head),
        licences=list(_licences(head)),
        creators=[Named(name) for name in _words(head, "authors", "creators")],
        keywords=[*tags, *_words(head, "size_categories")],
        words=[*tasks, *tags],
        sizes=_words(head, "dataset_size"),
        origins=[said] if (said := body.under("source data", "data source", "data sources")) else [],
    )
    stated.answers = {path: said for path, names in _SECTIONS if (said := body.under(*names))}
    _sources(stated, head)
    if people := body.under("personal and sensitive information"):
        stated.noted["personal_data"] = people
    if "machine-generated" in _words(head, "annotations_creators", "language_creators"):
        stated.noted["synthetic"] = "machine-generated"
    if _words(head, "license") and not stated.licences:
        said = body.under("licensing information", "licensing", "license")
        stated.noted["licence"] = said or ", ".join(_words(head, "license"))
    return stated


def _sources(stated: Stated, head: Mapping[str, Any]) -> None:
    """Take over pinned versions of entries; the names of other hubs' datasets pin nothing."""
    words = _words(head, "source_datasets")
    pinned = [found for word in words if (found := _SOURCE.fullmatch(word))]
    if pinned:
        stated.answers["sources"] = [{"dataset": each[1], "version": int(each[2])} for each in pinned]
    if strange := [word for word in words if not _SOURCE.fullmatch(word) and word != "original"]:
        stated.noted["sources"] = ", ".join(strange)


def _languages(head: Mapping[str, Any]) -> list[str]:
    """Return the finer tags, and of the plain ones those that no finer tag says."""
    finer = _words(head, "language_bcp47")
    said = {tag.partition("-")[0].lower() for tag in finer}
    plain = _words(head, "language", "languages")
    return [*(tag for tag in plain if tag.lower() not in said), *finer]


def _licences(head: Mapping[str, Any]) -> Iterator[str]:
    """Yield the licences by their ids; one that the hub does not list has a name or an address beside it."""
    for word in _words(head, "license", "licenses"):
        if word.lower() not in _NO_LICENCE:
            yield word
        elif word.lower() == "other" and (named := _first(head, "license_name", "license_link")):
            yield named


def _words(head: Mapping[str, Any], *names: str) -> list[str]:
    found: list[str] = []
    for name in names:
        value = head.get(name)
        values = value if isinstance(value, list) else [value]
        found += [each.strip() for each in values if isinstance(each, str) and each.strip()]
    return found


def _first(head: Mapping[str, Any], *names: str) -> str:
    return next(iter(_words(head, *names)), "")


def _literals(text: str) -> list[Literal]:
    return [Literal(text)] if text.strip() else []


def _refuse_head() -> NoReturn:
    raise malformed(_("The YAML at its head can not be read."))
