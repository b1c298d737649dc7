"""The command: the same services as the form, each entry once, and a report."""

import json

import pytest
from django.core.management import CommandError, call_command

from catalog.datasets.models import Dataset
from catalog.members.models import Role
from catalog.proposals.models import Proposal
from catalog.review.models import Review
from provenance.events.models import Event
from tests.catalog.intake.test_normalising import FULL
from tests.factories import make_member, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(tmp_path, settings):
    """A steward, two maintainers of other members, and a way to import some lines."""
    settings.VAR = tmp_path
    make_person("archive", Role.STEWARD, email="steward@example.org")
    for slug in ("one", "two"):
        make_person(make_member(slug), Role.MAINTAINER, email=f"{slug}@example.org")
    return tmp_path


def lines(count, **changes):
    return [{**FULL, "url": f"https://data.example/{number}", **changes} for number in range(count)]


def bring(folder, rows, **options):
    file = folder / "list.jsonl"
    file.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
    options = {
        "member": "archive",
        "steward": "steward@example.org",
        "report": folder / "out.json",
        **options,
    }
    call_command("import_descriptions", file, **options)
    return json.loads((folder / "out.json").read_text())


def test_drafts_are_made_and_left_to_their_steward(house):
    report = bring(house, lines(3))
    assert (report["created"], report["submitted"], report["published"]) == (3, 0, 0)
    assert set(Proposal.objects.values_list("state", flat=True)) == {"draft"}


def test_with_reviewers_of_two_other_members_they_are_published_and_the_log_says_how(house):
    report = bring(house, lines(2), submit=True, reviewers="one@example.org, two@example.org")
    assert (report["published"], Dataset.objects.count()) == (2, 2)
    assert set(Review.objects.values_list("member__slug", flat=True)) == {"one", "two"}
    assert all(review.reason_codes == ["bulk-import"] for review in Review.objects.all())
    assert Event.objects.filter(action="dataset.published").count() == 2


def test_done_again_it_makes_nothing_new_and_goes_on_where_it_stopped(house):
    bring(house, lines(5), limit=2)
    report = bring(house, lines(5))
    assert (report["created"], report["known already"]) == (3, 2)
    assert Proposal.objects.count() == 5


def test_what_can_not_be_an_entry_is_refused_with_its_line_and_reason(house):
    rows = [*lines(1), "{broken", {**FULL, "url": "ftp://data.example/x"}]
    report = bring(house, rows, submit=True)
    assert (report["created"], report["refused"]) == (1, 2)
    reasons = {each["line"]: each["reason"] for each in report["refusals"]}
    assert "JSON" in reasons[2]
    assert "located_at" in reasons[3]
    assert Proposal.objects.count() == 1


def test_the_report_counts_and_shows_samples(house):
    report = bring(house, lines(8, license="other"))
    assert report["unknown"]["licence"] == 8
    assert report["samples"]["unknown: licence"][0] == {"line": 1, "what": "other"}
    assert len(report["samples"]["unknown: licence"]) == 5


def test_an_entry_costs_a_steady_number_of_statements(house):
    reviewers = "one@example.org,two@example.org"
    few = bring(house, lines(4), submit=True, reviewers=reviewers)["SQL statements per entry"]
    many = bring(house, lines(24), submit=True, reviewers=reviewers)["SQL statements per entry"]
    assert many <= few <= 90  # of these about thirty ask reviewers by turns, and tell people


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"member": "nobody"}, "no member"),
        ({"steward": "nobody@example.org"}, "Nobody here"),
        ({"steward": "one@example.org"}, "no steward"),
        ({"reviewers": "steward@example.org"}, "no maintainer"),
    ],
)
def test_who_may_not_is_told_before_the_first_line(house, changes, message):
    with pytest.raises(CommandError, match=message):
        bring(house, lines(1), **changes)
