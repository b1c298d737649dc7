import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static/css"
SHEETS = sorted(CSS.rglob("*.css"))
PHYSICAL = re.compile(
    r"^\s*(?:(?:margin|padding|border|inset)-(?:left|right|top|bottom)|left|right|top|bottom)\b.*:",
    re.MULTILINE,
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_page_from_right_to_left_needs_no_second_stylesheet(sheet):
    assert not PHYSICAL.findall(COMMENT.sub("", sheet.read_text()))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_layers_decide_so_that_nothing_must_shout(sheet):
    assert "!important" not in COMMENT.sub("", sheet.read_text())


def test_the_entry_imports_every_sheet():
    imported = set(re.findall(r'url\("([^"]+)"\)', (CSS / "site.css").read_text()))
    assert {str(sheet.relative_to(CSS)) for sheet in SHEETS} - {"site.css"} <= imported


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_each_file_that_a_sheet_names_is_there(sheet):
    for url in re.findall(r'url\("([^"]+)"\)', sheet.read_text()):
        assert (sheet.parent / url).is_file(), url
