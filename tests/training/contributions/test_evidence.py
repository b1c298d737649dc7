"""What reviewers see of an update: with and without it, beside the others, and what is pointed out."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.members.models import Role
from catalog.tiers import Purpose
from provenance.actors import ANONYMOUS
from tests.factories import make_actor, make_dataset, make_member
from tests.training.api.signing_node import SigningNode, make_round
from tests.training.rounds.playing import measure_all, train_all
from training.checkpoints.models import Evaluation, Probe, ProbeKind
from training.contributions.evidence.flags import flags_of
from training.contributions.evidence.gathering import Without, evidence_for
from training.contributions.evidence.measures import Measure, Measures
from training.contributions.evidence.report import Beside, Neighbour
from training.contributions.models import Contribution
from training.jobs.models import JobInput
from training.rounds.conductor import advance
from training.rounds.merge_models import LeaveOneOut

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(db):
    """Two updates in review, by nodes of two members."""
    make_dataset("open", texts={"vi": b"m\xe1\xbb\x99t hai ba\n"})
    nodes = [SigningNode(), SigningNode()]
    round_ = make_round()
    advance(round_.pk)
    measure_all(train_all(round_, nodes), nodes)
    return list(Contribution.objects.filter(round=round_).order_by("pk"))


def measure(value, **changes):
    figures = {"base": 5.0, "without": 4.0 + value, "candidate": 4.0, "bytes": 10}
    return Measure(**figures | {"nodes": ("a",), "own_word": False} | changes)


def codes(*, norm=1.0, cosine=0.2, own=1.0, elsewhere=0.0, staleness=0):
    """The codes pointed out for an update beside two others of norm 1."""
    neighbours = tuple(Neighbour(contribution=None, norm=1.0, cosine=cosine) for _ in range(2))
    beside = Beside(norm=norm, neighbours=neighbours, coefficient=None, sign_agreement=None, retained=None)
    measures = Measures(languages=(), own=measure(own), elsewhere=measure(elsewhere), everywhere=None)
    return [flag.code for flag in flags_of(beside, measures, [], staleness)]


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({}, []),
        ({"norm": 10.0}, ["norm-outlier"]),  # scaled
        ({"cosine": -0.9, "own": -4.5}, ["opposes-others", "no-own-improvement"]),  # sign flipped
        ({"cosine": 0.0, "own": 0.0}, ["no-own-improvement"]),  # noise
        ({"elsewhere": -3.5}, ["harms-others"]),
        ({"staleness": 1}, ["stale"]),
    ],
)
def test_what_stands_out_is_pointed_out_by_its_code(figures, expected):
    assert codes(**figures) == expected


def test_alone_in_the_candidate_it_is_compared_with_the_base(in_review):
    evidence = evidence_for(in_review, ANONYMOUS)
    assert evidence.compared is Without.BASE
    own = evidence.measures.own
    assert own.without == own.base
    assert own.own_word
    assert evidence.beside.neighbours == ()
    assert [each.contribution for each in evidence.earlier] == [in_review]


def test_beside_another_one_both_are_named_and_measured(pair):
    first, second = pair
    beside = evidence_for(first, ANONYMOUS).beside
    (neighbour,) = beside.neighbours
    assert neighbour.contribution == second
    assert neighbour.norm == pytest.approx(beside.median_norm)
    assert -1 <= neighbour.cosine <= 1


def test_without_it_is_the_merge_that_left_it_out(pair):
    first, _second = pair
    if not LeaveOneOut.objects.filter(contribution=first).exists():
        LeaveOneOut.objects.create(round=first.round, contribution=first, checkpoint=first.round.base)
    evidence = evidence_for(first, ANONYMOUS)
    assert evidence.compared is Without.LEFT_OUT
    everywhere = evidence.measures.everywhere
    assert everywhere.value == pytest.approx(everywhere.without - everywhere.candidate)
    assert not everywhere.own_word
    assert len(everywhere.nodes) == 2
    (here,) = evidence.earlier
    assert here.value == pytest.approx(everywhere.value)
    assert here.mark == {"good": 200, "quiet": 100, "attention": 0}[here.tone]


def test_the_number_of_queries_does_not_grow_with_the_figures(pair):
    first, _second = pair
    rows = Contribution.objects.select_related(
        "round__base", "round__candidate", "round__family", "job__node__member"
    )
    counts = []
    for language in ("qu", "ay"):
        for job in first.round.jobs.filter(kind="evaluation"):
            measure_more(first, job, language)
        with CaptureQueriesContext(connection) as seen:
            evidence = evidence_for(rows.get(pk=first.pk), ANONYMOUS)
        counts.append(len(seen))
        assert language in {row.language for row in evidence.measures.languages}
    assert counts[0] == counts[1] <= 12


def measure_more(contribution, job, language):
    version = contribution.job.inputs.get().version
    for checkpoint in (contribution.round.base, contribution.round.candidate):
        Evaluation.objects.create(
            checkpoint=checkpoint, job=job, version=version, language=language, bits_per_byte=2.0, bytes=9
        )


def test_inv_6_figures_of_versions_that_one_may_not_discover_are_not_there(in_review):
    owner = make_member("keepers")
    secret = make_dataset("private", member=owner).newest
    job = in_review.round.jobs.get(kind="evaluation")
    JobInput.objects.create(
        job=in_review.job, version=secret, tier=secret.tier, purpose=str(Purpose.SOVEREIGN_BUILD)
    )
    for checkpoint in (in_review.round.base, in_review.round.candidate):
        Evaluation.objects.create(
            checkpoint=checkpoint, job=job, version=secret, language="qu", bits_per_byte=1.0, bytes=9
        )
        Probe.objects.create(
            checkpoint=checkpoint, job=job, version=secret, kind=ProbeKind.EXPOSURE, value=9.0, canaries=4
        )
    outside, inside = (
        evidence_for(in_review, ANONYMOUS),
        evidence_for(in_review, make_actor(owner, Role.STEWARD)),
    )
    assert "qu" not in {row.language for row in outside.measures.languages}
    assert outside.canaries == []
    assert "qu" in {row.language for row in inside.measures.languages}
    assert [each.canaries for each in inside.canaries] == [4]
