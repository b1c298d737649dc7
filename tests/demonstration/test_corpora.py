"""The corpora are what SOURCES.json says, and can be told apart by their lines."""

import json
import unicodedata

import pytest

from tapestry.demonstration.declarations import DECLARATIONS
from tapestry.demonstration.extract_udhr import read_index, read_paragraphs
from tapestry.demonstration.facts import CORPORA, corpus_path, file_facts

SOURCES = json.loads((CORPORA / "SOURCES.json").read_text("utf-8"))


@pytest.mark.parametrize("source", SOURCES["files"], ids=lambda source: source["bcp47"])
def test_a_corpus_is_the_file_that_its_source_record_describes(source):
    facts = file_facts(CORPORA / source["file"])
    assert facts.sha256 == source["sha256"]
    assert (facts.bytes, facts.records) == (source["bytes"], source["paragraphs"])


def test_sources_describe_every_file_and_every_declaration_once():
    recorded = [source["file"] for source in SOURCES["files"]]
    assert recorded == sorted(path.name for path in CORPORA.glob("*.txt"))
    assert recorded == sorted(f"{declaration.tag}.txt" for declaration in DECLARATIONS)


@pytest.mark.parametrize("path", sorted(CORPORA.glob("*.txt")), ids=lambda path: path.stem)
def test_a_corpus_is_clean_text_long_enough_for_thirty_articles(path):
    text = path.read_bytes().decode("utf-8")
    assert text == unicodedata.normalize("NFC", text)
    assert text.endswith("\n")
    assert all(line and line == " ".join(line.split()) for line in text.removesuffix("\n").split("\n"))
    assert text.count("\n") >= 60


def test_a_page_becomes_one_line_a_block_without_its_title():
    page = "<title>T</title><h1>De\u0301claration</h1><li><p>one\n  two</p></li><li>three &amp; four</li>x"
    assert read_paragraphs(page) == ["Déclaration", "one two", "three & four"]


def test_the_index_is_read_by_code():
    index = "export const udhr = [\n  {\n    bcp47: 'vi',\n    code: 'vie',\n    stage: 4\n  }\n]\n"
    assert read_index(index) == {"vie": {"bcp47": "vi", "code": "vie"}}


def test_a_language_without_a_text_is_refused_by_name():
    with pytest.raises(FileNotFoundError, match="'tlh'"):
        corpus_path("tlh")
