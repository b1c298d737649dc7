"""The pinned sources of a draft: known to who asks, no stricter than what is made of them (INV-2, DM:8)."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from django.utils.translation import gettext as _
from license_expression import ExpressionError, get_license_index, get_spdx_licensing

from catalog.datasets.models import DatasetVersion
from catalog.datasets.vocabulary import UNKNOWN_LICENCE
from catalog.policy import Operation, Reason, decide
from catalog.proposals.findings import Finding, advice, blocker
from catalog.tiers import RULES, Tier
from provenance.actors import Actor

FREE: Final = frozenset({"Permissive", "Public Domain"})  # categories of the library's index of licences
LARGEST_NUMBER: Final = 2**31 - 1  # of a version, as the column holds it
MOST_SOURCES: Final = 100
Pin = tuple[str, int]


def check_sources(record: Mapping[str, Any], actor: Actor) -> Iterator[Finding]:
    """Yield the findings about the versions that a record was derived from; at most one query.

    A version that ``actor`` may not discover reads exactly like one that does not exist (INV-6).
    """
    pins = _pins(record)
    found = _discoverable(set(pins.values()), actor)
    for field, (slug, number) in pins.items():
        if (slug, number) not in found:
            message = _("There is no version %(number)s of an entry %(slug)s.")
            yield blocker(field, "source-unknown", message % {"number": number, "slug": slug})
    first = {pin: field for field, pin in reversed(pins.items()) if pin in found}
    sources = {field: found[pin] for pin, field in reversed(first.items())}
    yield from _derivable(record, sources, actor)
    yield from _licences(record, list(sources.values()))


def is_permissive(expression: str) -> bool:
    """Tell whether all licences that an SPDX expression names let data be passed on freely."""
    try:
        parsed = get_spdx_licensing().parse(expression, validate=False, strict=True)
    except (ExpressionError, ValueError):
        return False
    return parsed is not None and all(str(key) in _free_licences() for key in parsed.symbols)


def _pins(record: Mapping[str, Any]) -> dict[str, Pin]:
    """Return the well-formed pins by their path; what is malformed is told by the record's shape."""
    sources = record.get("sources")
    pins: dict[str, Pin] = {}
    for position, each in enumerate(sources[:MOST_SOURCES] if isinstance(sources, list) else ()):
        slug, number = (
            (each.get("dataset"), each.get("version")) if isinstance(each, Mapping) else (None, None)
        )
        if isinstance(slug, str) and isinstance(number, int) and 0 < number <= LARGEST_NUMBER:
            pins[f"sources.{position}"] = (slug, number)
    return pins


def _discoverable(pins: set[Pin], actor: Actor) -> dict[Pin, DatasetVersion]:
    if not pins:
        return {}
    visible = DatasetVersion.objects.visible_to(actor).select_related("dataset__member")
    versions = visible.filter(dataset__slug__in={pin[0] for pin in pins}, number__in={pin[1] for pin in pins})
    return {(each.dataset.slug, each.number): each for each in versions}


def _derivable(
    record: Mapping[str, Any], sources: Mapping[str, DatasetVersion], actor: Actor
) -> Iterator[Finding]:
    """Each reason of the policy against making something of this tier from a source (DM:8, DM:17)."""
    tier = record.get("tier")
    if tier not in list(Tier):
        return
    for field, source in sources.items():
        asked = decide(
            actor=actor, operation=Operation.DERIVE, version_or_facts=source, output=Tier(str(tier))
        )
        for code in asked.reason_codes:
            yield _against(code, field, source)


def _against(code: str, field: str, source: DatasetVersion) -> Finding:
    if code == Reason.WEAKER_OUTPUT:
        message = _("It would be less restricted than its source %(source)s, which is %(tier)s.")
        words = {"source": source, "tier": _(RULES[Tier(source.tier)].words.title)}
        remedy = _("Choose a tier that is at least as strict, or leave the source out of the data.")
        return blocker("tier", code, message % words, requirement="DM:8", remedy=remedy)
    if code == Reason.VERSION_WITHDRAWN:
        message = _("Its source %(source)s was withdrawn, so nothing new is made of it.")
        remedy = _("Leave the source out of the data, or pin another entry.")
        return blocker(field, code, message % {"source": source}, requirement="DM:17", remedy=remedy)
    message = _("Nothing may be made of its source %(source)s (%(code)s).")
    remedy = _("Leave the source out of the data.")
    return blocker(field, code, message % {"source": source, "code": code}, requirement="DM:8", remedy=remedy)


def _licences(record: Mapping[str, Any], sources: Sequence[DatasetVersion]) -> Iterator[Finding]:
    """A permissive licence is not claimed over sources that may not be passed on, or that have none.

    Everything else is left to people, who see the licences side by side: whether one licence may follow
    another is a question of law that a program can not answer.
    """
    licence = record.get("licence")
    if not isinstance(licence, str) or not sources:
        return
    binding = [source for source in sources if _binds(source)]
    if binding and is_permissive(licence):
        names = ", ".join(str(source) for source in binding)
        message = _("It claims a permissive licence, and these sources do not let that be given: %(names)s.")
        remedy = _("Take over the strictest licence of the sources, or a LicenseRef-… that names its basis.")
        yield blocker(
            "licence", "licence-relaxed", message % {"names": names}, requirement="DG:5", remedy=remedy
        )
    others = {str(source): source.record.get("licence") for source in sources}
    if differing := {name: each for name, each in others.items() if each != licence}:
        told = ", ".join(f"{name}: {each}" for name, each in differing.items())
        message = _("Its licence must fit those of its sources (%(told)s).") % {"told": told}
        remedy = _("The most restrictive licence of the sources counts.")
        yield advice("licence", "licence-of-sources", message, requirement="DG:5", remedy=remedy)


def _binds(source: DatasetVersion) -> bool:
    licence, rights = str(source.record.get("licence")), source.record.get("rights") or {}
    unnamed = licence == UNKNOWN_LICENCE or "LicenseRef-" in licence
    return unnamed or rights.get("redistribution") is False


@cache
def _free_licences() -> frozenset[str]:
    return frozenset(each["spdx_license_key"] for each in get_license_index() if each["category"] in FREE)
