"""French: what people are told is whole in it, and the compiled words are those of the .po file."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from catalog.notifications.circles import Why
from catalog.notifications.wording import SENTENCES
from catalog.pages.notifications.feeds import MOVES
from catalog.pages.reasons import POLICY
from catalog.pages.stories import SENTENCES as STORIES
from catalog.proposals.states import AcceptedFor, BlockGround, ProposalState
from catalog.review.models import Verdict

LOCALE = Path(settings.LOCALE_PATHS[0]) / "fr" / "LC_MESSAGES"
WHOLE = ("pages/notifications", "mail", "components/bell.html", "components/masthead.html")
MARKED = re.compile(r'{% (?:translate|trans) "([^"]+)"')
SAME = {"Tapestry Catalog", "Notifications"}  # words that both languages have


def french(text: str) -> str:
    with translation.override("fr"):
        return translation.gettext(text)


def words() -> Iterator[str]:
    """Every sentence, state, verdict and reason that people are told, in English."""
    shown: list[object] = [
        *SENTENCES.values(),
        *map(STORIES.__getitem__, MOVES),
        *POLICY.values(),
        *Why.labels,
    ]
    for choices in (ProposalState, AcceptedFor, BlockGround, Verdict):
        shown += choices.labels
    with translation.override("en"):
        yield from map(str, shown)


def templates() -> Iterator[Path]:
    for place in WHOLE:
        path = Path(settings.TEMPLATES[0]["DIRS"][0]) / place
        yield from path.rglob("*.*") if path.is_dir() else [path]


def test_each_sentence_state_and_reason_has_a_french_one():
    assert [text for text in words() if french(text) == text and text not in SAME] == []


def test_each_text_of_the_pages_and_letters_has_a_french_one():
    texts = {text for path in templates() for text in MARKED.findall(path.read_text())}
    assert len(texts) > 20
    assert sorted(text for text in texts - SAME if french(text) == text) == []


def test_french_keeps_the_places_of_names_and_numbers():
    catalog = (LOCALE / "django.po").read_text()
    pairs = re.findall(r'^msgid ((?:".*"\n)+)msgstr ((?:".+"\n)+)', catalog, re.MULTILINE)
    place = re.compile(r"%\(\w+\)[sd]")
    told = [pair for pair in pairs if pair[1].strip() != '""']
    assert len(told) > 500
    assert [en for en, fr in told if set(place.findall(en)) != set(place.findall(fr))] == []


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="gettext's msgfmt is not installed here")
def test_the_compiled_words_are_those_of_the_file(tmp_path):
    anew = tmp_path / "django.mo"
    command = ["msgfmt", "--check-format", "-o", str(anew), str(LOCALE / "django.po")]
    subprocess.run(command, check=True, capture_output=True)
    kept, made = (GNUTranslations(BytesIO(path.read_bytes())) for path in (LOCALE / "django.mo", anew))
    assert vars(kept)["_catalog"] == vars(made)["_catalog"]
