from pathlib import Path

import pytest

from catalog.facts import FileFacts, combine, inspect_file
from catalog.facts.bounds import half_width
from catalog.facts.licences import licence_of_text, normalise
from catalog.facts.personal import screen

CORPORA = Path(__file__).parents[3] / "tapestry/demonstration/corpora"
# The numbers are published examples: ISO 13616, card schemes' test numbers, Ofcom's for drama, RFC 5737.
PERSONAL = [
    ("Write to jean.dupont+x@example.org.", ["e-mail"]),
    ("Call +44 20 7946 0958 today", ["phone"]),
    ("IBAN GB82 WEST 1234 5698 7654 32", ["iban"]),
    ("Card 4111 1111 1111 1111", ["card"]),
    ("from 8.8.8.8 and 2001:4860:4860::8888", ["ip-address", "ip-address"]),
    ("192.168.0.1, GB82 WEST 1234 5698 7654 33, 4111 1111 1111 1112, v1.2.3, +99 123 456 789", []),
]


def corpus(tag: str, *declared: str) -> FileFacts:
    return inspect_file(CORPORA / f"{tag}.txt", name=f"{tag}.txt", languages=declared)


@pytest.mark.parametrize("tag", ["am", "de", "fr", "ka", "qu", "vi"])
def test_the_language_of_a_translation_is_recognised(tag):
    (first, *_) = corpus(tag).languages.detected
    assert first.tag == tag
    assert first.share > 0.8


def test_a_declared_language_that_is_absent_is_named():
    found = corpus("vi", "fr-CA").languages
    assert (found.not_found, found.undeclared) == (("fr-CA",), ("vi",))


def test_a_language_that_the_detector_does_not_know_is_said_to_be_so():
    assert corpus("ay", "ay").languages.unrecognisable == ("ay",)


def test_an_entry_weighs_languages_by_bytes():
    french, german = corpus("fr", "fr"), corpus("de", "de")
    shares = {share.tag: share.share for share in combine([french, german]).languages}
    assert shares["fr"] == pytest.approx(french.bytes / (french.bytes + german.bytes), abs=0.02)


@pytest.mark.parametrize(("text", "kinds"), PERSONAL)
def test_personal_data_are_told_by_their_check_sums(text, kinds):
    assert list(screen(text)) == kinds


def test_what_was_found_is_counted_and_never_kept(tmp_path):
    (path := tmp_path / "a.txt").write_text("Write to jean.dupont@example.org please.\n" * 4, "utf-8")
    facts = inspect_file(path, name="a.txt")
    assert [(found.kind, found.count) for found in facts.personal_data.found] == [("e-mail", 4)]
    assert "dupont" not in facts.model_dump_json()


def test_a_sampled_fact_says_its_sample_and_bound(tmp_path):
    lines = [f"The number of this line is {n}, and nothing else is in it.\n" for n in range(12_000)]
    (path := tmp_path / "a.txt").write_text("".join(lines), "utf-8")
    facts = inspect_file(path, name="a.txt")
    assert (facts.personal_data.sample.records, facts.personal_data.sample.of) == (10_000, 12_000)
    assert facts.personal_data.sample.bound == pytest.approx(3 / 10_000)
    assert 0 < facts.languages.sample.bound < 0.02


def test_bounds_are_wilsons_and_the_rule_of_three():
    assert half_width(50, 100, 1_000) == pytest.approx(0.0962, abs=1e-3)
    assert half_width(0, 100, 1_000) == 0.03
    assert half_width(5, 10, 10) == 0


def test_licence_tags_are_normalised_and_unknown_ones_left_out():
    assert normalise("apache-2.0 or (mit)") == "Apache-2.0 OR MIT"
    assert normalise("Proprietary-Foo") is None


def test_a_licence_is_known_by_its_words():
    found = licence_of_text(b"Creative Commons\nAttribution-ShareAlike 4.0 International\n", "LICENSE")
    assert found.expression == "CC-BY-SA-4.0"
