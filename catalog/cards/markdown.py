"""A card as Markdown with front matter, as the Hugging Face Hub keeps it beside data."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from catalog.cards.card import Card
from catalog.cards.citation_formats import write_bibtex
from catalog.cards.escaping import cell, markdown
from catalog.cards.front_matter import front_matter
from catalog.design.languages import choose_text
from catalog.design.quantities import human_bytes
from catalog.design.tier_words import words_of_tier
from catalog.pages.records import Row


def write_markdown(card: Card) -> str:
    """Return the whole file, in the card's language. Nothing that a steward wrote acts in it."""
    head = front_matter(card.version, card.record, language=card.language)
    return "\n\n".join([head, *_body(card)]) + "\n"


def _body(card: Card) -> Iterator[str]:
    version = card.version
    yield f"# {cell(choose_text(card.titles, card.language).text)}"
    yield markdown(choose_text(card.summary, card.language).text)
    yield f"**{_('May I use it?')}** {markdown(card.answer)}"
    yield "\n".join(f"| {name} | {value} |" for name, value in _at_a_glance(card))
    for name, rows in card.groups:
        yield f"## {cell(str(name))}"
        yield from (_row(row) for row in rows)
    yield f"## {_('Citation')}"
    # No text of a steward can close the fence: what acts in TeX is escaped, and no line begins with it.
    yield f"~~~bibtex\n{write_bibtex(card.citation)}~~~"
    if version.change_note and card.summary:
        yield f"## {_('What changed in this version')}"
        yield markdown(version.change_note)


def _at_a_glance(card: Card) -> Iterator[tuple[str, str]]:
    version = card.version
    yield "", ""
    yield "---", "---"
    yield _("Member"), cell(version.dataset.member.name)
    yield _("Tier"), cell(str(words_of_tier(version.tier).word))
    yield _("Version"), str(version.number)
    yield "sha256", f"`{version.digest}`"
    yield _("Published"), version.published_at.date().isoformat()
    if card.summary:
        yield _("Size"), human_bytes(version.bytes)
        yield _("Records"), str(version.records)
    yield _("Address"), f"<{card.citation.url}>"


def _row(row: Row) -> str:
    texts = [markdown(line.text) for line in row.lines]
    if len(texts) == 1:
        return f"**{cell(str(row.label))}**\n\n{texts[0]}"
    items = ["- " + text.replace("\n\n", "\n\n  ") for text in texts]
    return "\n".join([f"**{cell(str(row.label))}**", "", *items])
