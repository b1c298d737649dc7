from pathlib import Path

import pytest

from catalog.facts import FileFacts, combine, inspect_file
from catalog.facts.sketch import bands, merge, similarity

STORED = [112585308564667444]
CORPORA = Path(__file__).parents[3] / "tapestry/demonstration/corpora"


def facts_of(folder: Path, data: bytes) -> FileFacts:
    (path := folder / "a.txt").write_bytes(data)
    return inspect_file(path, name="a.txt")


def sketch_of(folder: Path, data: bytes) -> tuple[int, ...]:
    return facts_of(folder, data).sketch


@pytest.fixture
def english() -> bytes:
    return (CORPORA / "en.txt").read_bytes()


def test_the_sketch_of_a_text_stays_the_same_from_release_to_release(tmp_path):
    sketch = sketch_of(
        tmp_path, b"All human beings are born free and equal in dignity and rights; men, women, all.\n" * 2
    )
    assert [value for value in sketch if value >= 0] == STORED


def test_texts_in_two_languages_have_nothing_in_common(english, tmp_path):
    french = sketch_of(tmp_path, (CORPORA / "fr.txt").read_bytes())
    assert similarity(sketch_of(tmp_path, english), french) < 0.05


def test_half_a_text_is_half_similar_whatever_the_order_of_its_lines(english, tmp_path):
    lines = english.splitlines(keepends=True)
    half = b"".join(reversed(lines[: len(lines) // 2]))
    found = similarity(sketch_of(tmp_path, english), sketch_of(tmp_path, half))
    assert found == pytest.approx(len(half) / len(english), abs=0.15)


def test_an_edited_text_shares_a_band_with_the_first_one(english, tmp_path):
    one, other = sketch_of(tmp_path, english), sketch_of(tmp_path, english.replace(b"everyone", b"each"))
    assert set(bands(one)) & set(bands(other))
    assert all(-(2**63) <= band < 2**63 for band in bands(one))


def test_the_sketch_of_two_files_is_that_of_their_join(english, tmp_path):
    french = (CORPORA / "fr.txt").read_bytes()
    parts = [sketch_of(tmp_path, english), sketch_of(tmp_path, french)]
    assert merge(parts) == sketch_of(tmp_path, english + french)


def test_repeats_inside_are_found_exact_and_near(tmp_path):
    rows = [f"Line {n}: {'the quick brown fox jumps over it, ' * 3}{n * n}" for n in range(3)]
    long = "Everyone has the right to life, liberty and security of person, wherever they may be. " * 6
    facts = facts_of(tmp_path, "\n".join([*rows, *rows, long + "One.", long + "Two."]).encode())
    assert facts.duplicates.exact == pytest.approx(3 / 8)
    assert facts.duplicates.near > facts.duplicates.exact


def test_files_of_an_entry_with_the_same_bytes_are_named_together(english, tmp_path):
    one = facts_of(tmp_path, english)
    other = one.model_copy(update={"name": "b.txt"})
    entry = combine([one, other])
    assert entry.duplicate_files == (("a.txt", "b.txt"),)
    assert (entry.bytes, entry.records, entry.tokens.count) == (2 * one.bytes, 2 * one.records, 2 * one.bytes)
    assert entry.sketch == one.sketch
