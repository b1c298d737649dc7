"""What is made of other entries is no freer than they are, and asks nothing that its steward may not know."""

import pytest

from catalog.datasets.services import withdraw_dataset
from catalog.members.models import Role
from catalog.proposals.checks import check_draft
from catalog.proposals.findings import Level
from catalog.proposals.sourcing import check_sources, is_permissive
from catalog.tiers import Tier
from tests.factories import make_actor, make_dataset, make_draft

pytestmark = pytest.mark.django_db


def findings(source, tier=Tier.OPEN, *, version=1, **changes):
    actor, draft = make_draft(tier, sources=[{"dataset": source, "version": version}], **changes)
    return {finding.code: finding for finding in check_draft(draft, actor=actor)}


def test_a_source_that_is_there_and_as_free_is_fine():
    found = findings(make_dataset("open", licence="CC-BY-4.0").slug)
    assert not {"source-unknown", "weaker-output", "licence-relaxed", "licence-of-sources"} & found.keys()


def test_inv_6_a_hidden_source_reads_like_a_missing_one():
    hidden = make_dataset("private")
    seen = findings(hidden.slug)["source-unknown"]
    missing = findings("nothing-is-called-so")["source-unknown"]
    assert (seen.level, seen.field) == (Level.BLOCKER, "sources.0")
    assert seen.message.replace(hidden.slug, "it") == missing.message.replace("nothing-is-called-so", "it")
    assert "source-unknown" in findings(make_dataset().slug, version=9)


@pytest.mark.parametrize(
    ("source", "output", "refused"),
    [
        ("open", "open", False),
        ("train-only", "open", True),
        ("local-only", "train-only", True),
        ("train-only", "local-only", False),
    ],
)
def test_inv_2_a_draft_is_at_least_as_strict_as_its_sources(source, output, refused):
    found = findings(make_dataset(source).slug, output)
    assert ("weaker-output" in found) is refused
    if refused:
        assert (found["weaker-output"].level, found["weaker-output"].requirement) == (Level.BLOCKER, "DM:8")


def test_nothing_new_is_made_of_a_withdrawn_source():
    source = make_dataset("open", licence="CC-BY-4.0")
    withdraw_dataset(
        actor=make_actor(source.member, Role.STEWARD), dataset=source, reason="Consent was taken back."
    )
    found = findings(source.slug)["version-withdrawn"]
    assert (found.level, found.field, found.requirement) == (Level.BLOCKER, "sources.0", "DM:17")
    assert f"{source.slug} v1 was withdrawn" in found.message


@pytest.mark.parametrize("licence", ["unknown", "LicenseRef-Elders"])
def test_nobody_claims_a_permissive_licence_over_sources_without_one(licence):
    source = make_dataset(licence=licence).slug
    assert findings(source, licence="MIT")["licence-relaxed"].level is Level.BLOCKER
    assert "licence-relaxed" not in findings(source, licence=licence)


def test_nor_over_a_source_that_may_not_be_passed_on():
    rights = {"commercial_use": True, "model_training": True, "redistribution": False, "attribution": True}
    source = make_dataset(licence="CC-BY-4.0", rights=rights).slug
    assert "licence-relaxed" in findings(source, licence="CC0-1.0")


def test_other_licences_of_sources_are_named_for_people_to_judge():
    source = make_dataset(licence="CC-BY-SA-4.0")
    found = findings(source.slug, licence="CC-BY-4.0")["licence-of-sources"]
    assert found.level is Level.ADVICE
    assert f"{source.slug} v1: CC-BY-SA-4.0" in found.message


def test_sources_cost_one_query_and_none_without_them(django_assert_num_queries):
    actor = make_actor("archive")
    pins = [{"dataset": make_dataset().slug, "version": number} for number in (1, 2, 3)]
    with django_assert_num_queries(1):
        assert len(list(check_sources({"sources": pins}, actor))) == 2
    with django_assert_num_queries(0):
        assert list(check_sources({"sources": []}, actor)) == []


@pytest.mark.parametrize(
    ("licence", "free"),
    [
        ("CC0-1.0", True),
        ("MIT OR Apache-2.0", True),
        ("MIT AND GPL-3.0-only", False),
        ("LicenseRef-Elders", False),
        ("unknown", False),
        ("(((", False),
    ],
)
def test_a_licence_is_permissive_when_all_that_it_names_are(licence, free):
    assert is_permissive(licence) is free
