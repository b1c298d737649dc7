"""The experiment itself, small: processes, lines, cells, report."""

import json
from html.parser import HTMLParser

import pytest

from training.experiment.__main__ import main
from training.experiment.attacks import ATTACKS
from training.experiment.plan import QUICK
from training.experiment.rules import RULES

HEADERS = 1500
"""Bytes that request lines, headers and a task's document may take in one round."""

pytestmark = pytest.mark.endurance


def test_a_quick_run_in_four_processes_yields_every_cell_and_a_report(quick_run, results):
    assert [cell["arm"] for cell in results["cells"]] == [arm.name for arm in QUICK.arms()]
    (hostile,) = results["hostile"]
    assert {attack["attack"] for attack in hostile["attacks"]} == set(ATTACKS)
    assert all(attack["rules"].keys() == RULES.keys() for attack in hostile["attacks"])
    assert (quick_run / "curves.svg").exists()
    assert len(list((quick_run / QUICK.digest()[:12] / "nodes").iterdir())) == 4


def test_what_is_counted_is_the_files_and_little_more(results):
    lines = [
        line
        for cell in results["cells"]
        for turn in cell.get("rounds", [])
        for line in turn["traffic"].values()
    ]
    assert len(lines) == 4 * (2 + 2 + 1 + 1)
    for line in lines:
        assert 0 < line["up"] - line["update"] < HEADERS
        assert 0 < line["down"] - line["base"] < HEADERS
        assert line["frames_up"] is None or line["frames_up"] > line["up"]


def test_the_same_seed_gives_the_same_bases_and_figures(quick_run, results, tmp_path):
    (cells := quick_run / QUICK.digest()[:12] / "diloco-4-1.json").unlink()
    main(["--quick", "--seeds", "1", "--out", str(quick_run)])
    again, before = json.loads(cells.read_text()), results["cells"][-1]
    assert again["arm"] == before["arm"] == "diloco-4"
    assert [turn["base"] for turn in again["rounds"]] == [turn["base"] for turn in before["rounds"]]
    assert again["bits_per_byte"] == before["bits_per_byte"]


def test_admission_finds_what_is_no_number_and_nothing_in_honest_updates(results):
    for attack in results["hostile"][0]["attacks"]:
        assert not any(found for name, found in attack["findings"].items() if name not in attack["members"])
        if attack["attack"] == "NaN":
            assert [attack["findings"][name] for name in attack["members"]] == [["non-finite"]] * 2
            assert {rule["refused"] for rule in attack["rules"].values()} == {"non-finite"}


def test_the_report_needs_nothing_beside_it_and_has_a_table_for_each_drawing(quick_run):
    class Reader(HTMLParser):
        outside: list[str] = []
        seen: list[str] = []

        def handle_starttag(self, tag, attrs):
            self.seen.append(tag)
            self.outside += [value for name, value in attrs if name in {"src", "href"}]

    reader = Reader()
    page = (quick_run / "report.html").read_text()
    reader.feed(page)
    assert reader.outside == []
    assert "@import" not in page
    assert reader.seen.count("table") > reader.seen.count("desc") == 3
