"""The story of a proposal as Markdown: whatever people wrote is shown, and never acts."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.cards.escaping import cell, markdown
from catalog.design.quantities import human_moment
from catalog.lifecycle.files import FileChange
from catalog.lifecycle.wording import Mark
from catalog.pages.datasets.difference import Change, Difference, MarkedLine
from catalog.pages.proposals.titles import titles_of
from catalog.pages.review.story import Chapter, Day
from catalog.proposals.models import Proposal
from catalog.templatetags.design import bare_text

VERBS = {"added": "+", "removed": "−", "renamed": "→", "changed": "≠"}


def write_story(proposal: Proposal, days: Iterable[Day]) -> str:
    """Return the whole story as a document with a heading for each day."""
    lines = [
        f"# {cell(bare_text(titles_of(proposal)))}",
        "",
        _("Proposal %(key)s of %(member)s: %(state)s, as of %(now)s.")
        % {
            "key": proposal.pk,
            "member": cell(proposal.member.name),
            "state": proposal.get_state_display(),
            "now": human_moment(timezone.now()),
        },
    ]
    for day in days:
        lines += ["", f"## {date_format(day.day, 'j F Y')}"]
        for chapter in day.chapters:
            lines += ["", *_chapter(chapter)]
    return "\n".join(lines) + "\n"


def _chapter(chapter: Chapter) -> Iterator[str]:
    title = cell(str(chapter.title))
    if chapter.times > 1:
        times = ngettext("%(n)d time", "%(n)d times", chapter.times) % {"n": chapter.times}
        title = f"{title} ({times})"
    about = f": {cell(str(chapter.about))}" if chapter.about else ""
    yield f"**{title}**{about}  "
    yield f"{human_moment(chapter.at)}, {cell(chapter.actor)}"
    if chapter.said:
        yield ""
        yield from (f"> {line}".rstrip() for line in markdown(chapter.said).split("\n"))
    if chapter.reasons:
        yield ""
        yield from (f"- {cell(reason)}" for reason in chapter.reasons)
    if chapter.difference is not None and not chapter.difference.is_empty:
        yield ""
        yield from _difference(chapter.difference)


def _difference(difference: Difference) -> Iterator[str]:
    if difference.changes:
        yield f"| {_('Answer')} | {_('Before')} | {_('After')} |"
        yield "|---|---|---|"
        yield from (_row(change) for change in difference.changes)
    if difference.changes and difference.files_shown:
        yield ""
    yield from (_file(change) for change in difference.files_shown)
    if difference.files_more > 0:
        yield f"- … {difference.files_more}"


def _row(change: Change) -> str:
    return f"| {cell(str(change.label))} | {_side(change.before)} | {_side(change.after)} |"


def _side(lines: Sequence[MarkedLine]) -> str:
    texts = ("".join(_piece(piece.mark, piece.text) for piece in line.pieces) for line in lines)
    return "<br>".join(texts) or "–"


def _piece(mark: Mark, text: str) -> str:
    """Return a piece of a text, what is new or gone in it in HTML's words, which Markdown lets through."""
    # The spaces around a piece part it from its neighbours.
    before, after = (" " if text[:1].isspace() else ""), (" " if text[-1:].isspace() else "")
    safe = cell(text)
    element = {Mark.ADDED: "ins", Mark.REMOVED: "del"}.get(mark)
    marked = f"<{element}>{safe}</{element}>" if element and safe else safe
    return f"{before}{marked}{after}" if safe else before


def _file(change: FileChange) -> str:
    return f"- {VERBS[change.verb]} {cell(change.path)}"
