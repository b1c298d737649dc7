"""An include with ``only`` hands on no form's token either: what a browser then posts is refused."""

import re
from pathlib import Path

INCLUDE = re.compile(r'{%\s*include\s+"([^"]+)"([^%]*)\bonly\s*%}')
TEMPLATES = Path(__file__).parents[2] / "templates"


def test_a_form_in_an_isolated_include_is_given_its_token():
    forgotten = [
        f"{path.relative_to(TEMPLATES)} includes {name}"
        for path in TEMPLATES.rglob("*.html")
        for name, given in INCLUDE.findall(path.read_text())
        if "{% csrf_token %}" in (TEMPLATES / name).read_text() and "csrf_token=csrf_token" not in given
    ]
    assert not forgotten
