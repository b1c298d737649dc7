"""Files as people have them, and those that are none."""

import json

import pytest

from catalog.batches.exporting import safe_cell
from catalog.batches.reading import read_table
from catalog.batches.table import MOST_BYTES, MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS
from provenance.errors import Invalid


def cells(data: bytes, name: str = "t.csv") -> list[dict[str, str]]:
    return [row.values for row in read_table(name, data).rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_the_encoding_that_it_is_in(encoding):
    assert cells("title,url\nÉté à Huế,x\n".replace("ế", "é").encode(encoding)) == [
        {"title": "Été à Hué", "url": "x"}
    ]


def test_a_byte_that_is_no_text_among_utf_8_is_marked_as_lost():
    assert cells("titre\nÉté à Huế \n".encode() + b"\xe9\n") == [{"titre": "Été à Huế"}, {"titre": "\ufffd"}]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter):
    assert cells(delimiter.join(["title", "url"]).encode() + b"\n" + delimiter.join("ab").encode()) == [
        {"title": "a", "url": "b"}
    ]


def test_a_quoted_cell_may_hold_lines_and_delimiters():
    assert cells(b'title,description\n"a; b","one\ntwo, three"\n')[0]["description"] == "one\ntwo, three"


def test_headings_that_are_empty_or_twice_get_names():
    assert read_table("t", b"title,,title\na,b,c\n").columns == ("title", "column 2", "title (2)")


def test_a_row_of_another_length_is_marked_and_keeps_its_cells():
    rows = read_table("t", b"title,url\na\nb,c,d\n\ne,f\n").rows
    assert [row.ragged for row in rows] == [True, True, False]
    assert rows[1].values == {"title": "b", "url": "c", "cell 3": "d"}


def test_nested_objects_become_columns():
    table = read_table("t.json", b'[{"title": {"en": "a", "vi": "b"}, "languages": ["vi", "fr"], "n": null}]')
    assert table.columns == ("title.en", "title.vi", "languages", "n")
    assert table.rows[0].values == {"title.en": "a", "title.vi": "b", "languages": "vi; fr"}


def test_lines_of_json_are_rows():
    table = read_table("t.jsonl", b'{"title": "a", "open": true}\n\n{"title": "b"}\n')
    assert (table.format, [row.values["title"] for row in table.rows]) == ("lines", ["a", "b"])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"  \n", "table-empty"),
        (b"title,url\n", "table-no-rows"),
        (b"PK\x03\x04rest", "not-a-table"),
        (b"\x00\x01\x02\x00" * 9, "not-a-table"),
        (b"one text\nof two lines", "not-a-table"),
        (b"title,url\na\x00b,c\n", "cell-unreadable"),
        (b'title,url\n"a,b\n', "table-malformed"),
        (b"[1, 2]", "json-no-objects"),
        (b'[{"a": 1]', "json-malformed"),
        (b"[" * 100_000, "json-malformed"),
        (b"x" * (MOST_BYTES + 1), "table-too-large"),
        (b"title\n" + b"a\n" * (MOST_ROWS + 1), "table-too-long"),
        (b",".join([b"a"] * (MOST_COLUMNS + 1)) + b"\n1", "table-too-wide"),
        (b"title,url\n" + b"a" * (MOST_CHARACTERS + 1) + b",b\n", "cell-too-long"),
    ],
)
def test_what_can_not_be_read_is_refused_with_a_remedy(data, code):
    with pytest.raises(Invalid) as refused:
        read_table("t", data)
    assert (refused.value.code, bool(refused.value.remedy)) == (code, True)


def test_a_refusal_names_line_and_column():
    with pytest.raises(Invalid, match=r"Line 3, column url"):
        read_table("t", b"title,url\na,b\nc,d\x00\n")


def test_a_number_that_is_too_long_for_json_is_refused():
    with pytest.raises(Invalid):
        read_table("t.json", b'[{"a": ' + b"9" * 5000 + b"}]")


def test_lone_surrogates_do_not_reach_the_database():
    assert cells(json.dumps([{"title": "a\ud800b"}]).encode(), "t.json") == [{"title": "a\ufffdb"}]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_calculate_is_given_out_as_text(text):
    assert safe_cell(text) == f"'{text}"
