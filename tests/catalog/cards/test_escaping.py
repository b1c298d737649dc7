import html
import re

import pytest
import yaml

from catalog.cards.escaping import cell, markdown, one_line, tex
from tests.catalog.cards.hostile import HOSTILE


def shown(escaped: str) -> str:
    """What a reader of the Markdown sees."""
    return html.unescape(re.sub(r"\\(.)", r"\1", escaped))


@pytest.mark.parametrize("text", HOSTILE)
def test_what_was_written_is_what_a_reader_sees(text):
    assert shown(cell(text)) == one_line(text) != ""
    assert one_line(shown(markdown(text))) == one_line(text)
    assert set(re.findall(r"[a-z]+", one_line(text))) <= set(re.findall(r"[a-z]+", tex(text)))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_html_survives_in_markdown(text):
    assert not re.search(r"[<>]", markdown(text))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_line_of_markdown_starts_a_block(text):
    for line in markdown(text).splitlines():
        assert not re.match(r"#|[-+*] |=+$|-+$|\d+[.)]|[`~]{3}|\||>|    ", line)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_bracket_becomes_a_link(text):
    assert not re.search(r"(?<!\\)[\[\]]", markdown(text))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_stays_one_cell_on_one_line(text):
    assert len(cell(text).splitlines()) <= 1
    assert not re.search(r"(?<!\\)\|", cell(text))


@pytest.mark.parametrize("text", HOSTILE)
def test_tex_gets_balanced_braces_and_no_command_of_a_steward(text):
    escaped = tex(text)
    bare = escaped.replace(r"\{", "").replace(r"\}", "")
    assert bare.count("{") == bare.count("}")
    assert set(re.findall(r"\\([a-z]+)", bare)) <= {"textbackslash", "textasciitilde", "textasciicircum"}


@pytest.mark.parametrize("text", HOSTILE)
def test_yaml_reads_back_the_text_and_nothing_else(text):
    assert yaml.safe_load(yaml.safe_dump({"a": one_line(text)}, allow_unicode=True)) == {"a": one_line(text)}
