"""Component tags: thin wrappers over catalog.design and templates/components (docs/design-system.md)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import lucide
from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.formats import get_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from catalog.design.languages import autonym, choose_text, language_for_reader, text_direction
from catalog.design.lineage import LineageNode, lineage_rows
from catalog.design.navigation import mark_sections
from catalog.design.quantities import human_bytes, human_moment
from catalog.design.states import read_state
from catalog.design.tier_words import words_of_tier
from provenance.weave import weave_svg

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

register = template.Library()

# A list page draws the same marks again and again: 4,096 of about 2 kB are 8 MB at most.
_woven = lru_cache(maxsize=4096)(weave_svg)


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, size: int = 20) -> SafeString:
    """Draw a Lucide icon, hidden from assistive technology: the words beside it speak."""
    attributes = {"class": "icon", "aria-hidden": "true", "stroke-width": "1.75"}
    return mark_safe(lucide._render_icon(name, size, **attributes))  # noqa: S308, SLF001


@register.simple_tag
def weave(digest: str, size: int = 40, title: str = "") -> SafeString:
    """Draw the weave mark of a digest; an empty digest draws nothing."""
    if not digest:
        return SafeString("")
    return mark_safe(_woven(str(digest), size=size, title=str(title)))  # noqa: S308


@register.simple_tag
def public_static(path: str) -> str:
    """Return the address of a static file as the outside world reaches it, for link previews."""
    return urljoin(f"{settings.PUBLIC_URL}/", static(path))


@register.inclusion_tag("components/digest.html")
def digest(value: str, length: int = 12) -> dict[str, Any]:
    """Show a digest shortened to `length` characters, with a button that copies the whole."""
    return {"value": value, "short": str(value).removeprefix("sha256:")[:length]}


@register.inclusion_tag("components/tier_badge.html")
def tier_badge(tier: str) -> dict[str, Any]:
    """Show a tier as word, colour and weave."""
    return {"tier": str(tier), "words": words_of_tier(tier)}


@register.inclusion_tag("components/tier_note.html")
def tier_note(tier: str) -> dict[str, Any]:
    """Show a tier with the sentence that says what it allows."""
    return {"tier": str(tier), "words": words_of_tier(tier)}


@register.filter
def tier_meaning(tier: str) -> str:
    """Return the sentence that says what a tier allows."""
    return str(words_of_tier(str(tier)).meaning)


@register.inclusion_tag("components/status_tag.html")
def status_tag(state: str) -> dict[str, Any]:
    """Show the state of a proposal, round, job, contribution, node, task or check."""
    return {"state": state, "reading": read_state(str(state))}


@register.filter
def tone(state: str) -> str:
    """Return the tone of a state, for `data-tone` attributes of list items."""
    return read_state(str(state)).tone


@register.filter(name="bytes")
def bytes_filter(count: int | None) -> str:
    """Write a number of bytes with its unit; None writes nothing."""
    return "" if count is None else human_bytes(count)


@register.simple_tag
def timestamp(moment: datetime | None) -> SafeString:
    """Show a moment with its zone in a `time` element; None shows nothing."""
    if moment is None:
        return SafeString("")
    machine = moment.isoformat(timespec="seconds")
    return format_html('<time datetime="{}">{}</time>', machine, human_moment(moment))


@register.inclusion_tag("components/progress.html")
def progress(value: int, maximum: int, label: str, live: bool = False) -> dict[str, Any]:
    """Show a progress thread: `value` of `maximum` in words and cloth; `live` lets the weave move."""
    percent = min(100, round(100 * value / maximum)) if maximum else 0
    return {"value": value, "maximum": maximum or 1, "label": label, "live": live, "percent": percent}


@register.simple_tag
def language_name(tag: str, explained: bool = False) -> SafeString:
    """Show a language by its own name, marked up as that; the reader's name for it is the title.

    ``explained`` adds that name as text, for tables of languages that few can read.
    """
    own, known = autonym(tag), language_for_reader(tag)
    title = f"{known} ({tag})" if known else tag
    shown = format_html('<bdi lang="{}" dir="{}" title="{}">{}</bdi>', tag, text_direction(tag), title, own)
    if not explained or not known or own.casefold().startswith(known.casefold()):
        return shown
    return format_html('{} <bdi class="muted">{}</bdi>', shown, known)


@register.simple_tag
def i18n_text(texts: Mapping[str, str] | None) -> SafeString:
    """Show the text that suits the reader's language, marked with its own where that is another."""
    wanted = get_language() or "en"
    chosen = choose_text(texts or {}, wanted)
    if chosen.tag == wanted:
        return conditional_escape(chosen.text)
    return format_html('<span lang="{}" dir="{}">{}</span>', chosen.tag, chosen.direction, chosen.text)


@register.filter
def bare_text(texts: Mapping[str, str] | None) -> str:
    """Return the text that suits the reader without any mark, for titles and attributes."""
    return choose_text(texts or {}, get_language() or "en").text


@register.simple_block_tag
def summary_row(content: str, key: str, change_url: str = "", change_label: str = "") -> SafeString:
    """Wrap a value as one row of a summary list: key, value and, on check pages, a change link."""
    parts = {"key": key, "value": content, "change_url": change_url, "change_label": change_label}
    return render_to_string("components/summary_row.html", parts)


@register.inclusion_tag("components/navigation.html", takes_context=True)
def navigation(context: Mapping[str, Any]) -> dict[str, Any]:
    """Show the primary navigation, the section of the request's path marked."""
    request = context.get("request")
    user = context.get("user")
    signed_in = bool(user and user.is_authenticated)
    return {"sections": mark_sections(request.path if request else "", signed_in=signed_in)}


@register.inclusion_tag("components/lineage.html")
def lineage(nodes: Iterable[LineageNode], label: str) -> dict[str, Any]:
    """Show a lineage as a drawing and as a list."""
    return {"rows": lineage_rows(nodes), "label": label}


@register.inclusion_tag("components/chart.html")
def metric_chart(
    caption: str, unit: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> dict[str, Any]:
    """Show series as a line chart and as a table; the first column is the x axis, None is a gap."""
    decimal = get_format("DECIMAL_SEPARATOR")
    return {"caption": caption, "unit": unit, "columns": columns, "rows": rows, "decimal": decimal}
