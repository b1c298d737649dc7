"""What the coordinator writes into a manifest: mixture, reading of files, teacher."""

import math

import pytest

from provenance.errors import Invalid
from tests.factories import make_dataset
from tests.training.api.signing_node import PLAN, TINY, SigningNode, make_family, make_maintainer, make_round
from training.families.services import found_family
from training.jobs.manifest_parts import reading_of
from training.jobs.manifests import manifest_in
from training.jobs.teachers import teacher_for
from training.manifest import Reading
from training.rounds.conductor import advance

pytestmark = pytest.mark.django_db


def planned(plan, **changes):
    """The manifest of the one node's job in a round under this plan."""
    node, round_ = SigningNode(), make_round(plan=plan, **changes)
    advance(round_.pk)
    return manifest_in(round_.jobs.get(node=node.node))


@pytest.mark.parametrize(
    ("path", "media_type", "reading"),
    [
        ("vi.txt", "text/plain", Reading.LINES),
        ("vi.jsonl", "text/plain", Reading.JSONL_TEXT),
        ("VI.JSONL", "", Reading.JSONL_TEXT),
        ("vi", "application/x-ndjson; charset=utf-8", Reading.JSONL_TEXT),
        ("part-0.parquet", "application/octet-stream", Reading.PARQUET_TEXT),
        ("part-0", "application/vnd.apache.parquet", Reading.PARQUET_TEXT),
        ("notes.md", "text/markdown", Reading.LINES),
    ],
)
def test_a_file_is_read_by_its_ending_or_else_by_its_media_type(path, media_type, reading):
    assert reading_of(path, media_type) is reading


def test_equal_shares_add_up_to_one():
    used = {make_dataset("open").newest.digest for _ in range(3)}
    manifest = planned(PLAN.model_copy(update={"mixture": "equal"}))
    assert set(manifest.mixture) == used
    assert set(manifest.mixture.values()) == {1 / 3}
    assert math.isclose(math.fsum(manifest.mixture.values()), 1, abs_tol=1e-12)


def test_shares_by_bytes_are_left_to_the_node():
    make_dataset("open")
    assert planned(PLAN).mixture == {}


def test_a_round_with_a_teacher_distils_from_it():
    make_dataset("open")
    teacher = make_family(seed=8).checkpoints.get()
    manifest = planned(PLAN.model_copy(update={"teacher": teacher.digest, "temperature": 2.0}))
    assert (manifest.kind, manifest.training.objective) == ("distillation", "distillation")
    assert (manifest.teacher.weights.sha256, manifest.training.temperature) == (teacher.weights_sha256, 2.0)
    assert manifest.teacher.architecture == TINY


def test_a_teacher_that_is_no_base_is_unknown():
    with pytest.raises(Invalid) as caught:
        make_round(plan=PLAN.model_copy(update={"teacher": "0" * 64}))
    assert (caught.value.code, list(caught.value.fields)) == ("teacher-unknown", ["teacher"])


def test_a_family_does_not_learn_from_itself():
    family = make_family()
    with pytest.raises(Invalid, match="is of the family") as caught:
        teacher_for(family, PLAN.model_copy(update={"teacher": family.checkpoints.get().digest}))
    assert caught.value.code == "teacher-unsuitable"


def test_a_teacher_numbers_tokens_as_its_student_does():
    wider = TINY.model_copy(update={"vocab_size": 272})
    teacher = found_family(make_maintainer(), "wider", "Wider", wider, 9).checkpoints.get()
    with pytest.raises(Invalid, match="another tokenizer") as caught:
        make_round(plan=PLAN.model_copy(update={"teacher": teacher.digest}))
    assert caught.value.code == "teacher-unsuitable"
