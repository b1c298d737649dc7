"""A large merge in ranges: the same bytes as one pass makes, whatever is done twice, lost or cut off."""

import hashlib
import secrets
from datetime import timedelta
from pathlib import Path

import numpy as np
import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from provenance.blobs import get_store
from provenance.blobs.store import BlobMissing
from tests.factories import make_dataset
from tests.training.api.signing_node import SigningNode, make_round
from training.contributions.models import Contribution
from training.merge import MergeError
from training.rounds.aggregation import Aggregation
from training.rounds.computing import compute
from training.rounds.conductor import advance
from training.rounds.ranges import looking
from training.rounds.ranges.computing import compute_range
from training.rounds.ranges.forgetting import forget_unfinished
from training.rounds.ranges.locks import RANGES, number_of
from training.rounds.ranges.models import MergeRange, RangedMerge

pytestmark = pytest.mark.django_db
MEDIAN = Aggregation("geometric-median", {})
WAYS = {
    "mean": Aggregation("mean", {}),
    "nesterov": Aggregation("mean", {}, {"name": "nesterov"}),
    "geometric-median": MEDIAN,
    "coordinate-median": Aggregation("coordinate-median", {}),
    "ties": Aggregation("ties", {"density": "1/5"}),
}


@pytest.fixture
def bucket(s3_url, settings):
    """The store of everything is a bucket, as it is where several machines work."""
    bucket, _, endpoint = s3_url.partition("?")
    settings.BLOB_URL = f"{bucket}/{secrets.token_hex(4)}?{endpoint}"


@pytest.fixture
def base(db, settings):
    """The base of a round in which three nodes gave an update each; a model of many ranges from now on."""
    make_dataset("open")
    nodes = [SigningNode() for _ in range(3)]
    round_ = make_round()
    advance(round_.pk)
    for seed, node in enumerate(nodes, 1):
        assert node.train(round_, seed).status_code == 201
    settings.MERGE_RANGE_BYTES = round_.base.weights_bytes // 7
    return round_.base


@pytest.fixture
def second_connection(base):
    """Another process's connection to the test's database."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        yield other


@pytest.fixture
def updates(base):
    return list(Contribution.objects.all())


def missing() -> list[tuple[str, str, int]]:
    """What workers would be asked for now."""
    merge = RangedMerge.objects.latest("id")
    done = merge.ranges.filter(step=merge.step).values_list("start", flat=True)
    return [(merge.key, merge.step, start) for start in merge.starts if start not in done]


def worked_out(base, updates, aggregation):
    """Look and work in turns, as conductor and workers do, until the merge is there."""
    for _ in ("the first look", "after the surveys", "after the merge", "and one more"):
        if (merged := compute(base, updates, aggregation)) is not None:
            return merged
        for each in missing():
            compute_range(*each)
    pytest.fail(f"not done: {missing()}")


def part_of(row: MergeRange) -> Path:
    with get_store("ranges").local_path(row.sha256) as path:
        return path


def test_ranges_make_the_bytes_and_the_evidence_of_one_pass(base, updates, settings):
    small = settings.MERGE_RANGE_BYTES
    for way, aggregation in WAYS.items():
        settings.MERGE_RANGE_BYTES = 2**30
        whole = compute(base, updates, aggregation)
        for sha256 in filter(None, (whole.sha256, whole.state_sha256)):
            get_store().delete(sha256)
        settings.MERGE_RANGE_BYTES = small
        again = worked_out(base, updates[::-1], aggregation)
        assert said(again) == said(whole), way
        assert np.allclose(again.gram, whole.gram, rtol=1e-12)
        assert np.array_equal(again.sign_agreement, whole.sign_agreement)
        assert all(get_store().exists(each) for each in (again.sha256, again.state_sha256) if each)


@pytest.mark.parametrize("way", ["nesterov", "ties"])
def test_ranges_through_a_bucket_make_the_bytes_of_one_pass(bucket, base, updates, settings, way):
    ranged = worked_out(base, updates, WAYS[way])
    settings.MERGE_RANGE_BYTES = 2**30
    assert said(compute(base, updates, WAYS[way])) == said(ranged)
    with get_store().local_path(ranged.sha256) as path:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == ranged.sha256
    parts = get_store("ranges")
    assert "Contents" not in parts._client.list_objects_v2(Bucket=parts._bucket, Prefix=parts._prefix)


def said(merged):
    """What a recipe and its checkpoint say of a merge."""
    return merged.sha256, merged.bytes, merged.state_sha256, merged.parameters, merged.server


def test_a_merge_that_is_done_answers_at_once_and_leaves_no_parts(base, updates):
    before = parts()
    merged = worked_out(base, updates, MEDIAN)
    assert (MergeRange.objects.count(), parts() - before) == (0, set())
    assert compute(base, updates, MEDIAN).sha256 == merged.sha256
    get_store().delete(merged.sha256)
    assert compute(base, updates, MEDIAN) is None
    assert worked_out(base, updates, MEDIAN).sha256 == merged.sha256


def parts() -> set[Path]:
    """All files in the store of parts, those of tests that ended early too."""
    folder = Path(repr(get_store("ranges")).removeprefix("DirectoryStore(").removesuffix(")"))
    return {path for path in folder.rglob("*") if path.is_file()}


def test_only_what_is_missing_is_asked_for_and_what_was_done_is_not_done_again(
    base, updates, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr("training.rounds.ranges.asking._send", lambda _, starts: sent.append(starts))
    with django_capture_on_commit_callbacks(execute=True):
        assert compute(base, updates, WAYS["mean"]) is None
        assert compute(base, updates, WAYS["mean"]) is None
    first, *others = missing()
    compute_range(*first)
    [row] = MergeRange.objects.all()
    compute_range(*first)
    RangedMerge.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    MergeRange.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        looking.look(row.merge.key)
    assert sent == [[first[2], *(start for *_, start in others)], [start for *_, start in others]]
    assert MergeRange.objects.get() == row


def test_nobody_is_asked_and_nothing_is_done_while_somebody_is_at_it(base, updates, second_connection):
    assert compute(base, updates, WAYS["mean"]) is None
    first, *_ = missing()
    RangedMerge.objects.update(asked_at=timezone.now() - timedelta(hours=1))
    second_connection.execute("SELECT pg_advisory_lock(%s, %s)", [RANGES, number_of(*first)])
    compute_range(*first)
    looking.look(first[0])
    assert MergeRange.objects.count() == 0
    assert RangedMerge.objects.get().asked_at < timezone.now() - timedelta(minutes=59)


def test_a_part_that_is_not_whole_never_counts(base, updates):
    compute(base, updates, WAYS["mean"])
    for each in missing():
        compute_range(*each)
    harmed = {part_of(row): row.start for row in MergeRange.objects.all()[2:5]}
    bytes_ = {path: path.read_bytes() for path in harmed}
    gone, cut_off, changed = harmed
    gone.unlink()
    for path, wrong in ((cut_off, bytes_[cut_off][:-4]), (changed, bytes_[changed][:-4] + b"\0\0\0\1")):
        path.unlink()
        path.write_bytes(wrong)
    for start in harmed.values():
        assert compute(base, updates, WAYS["mean"]) is None
        assert [start for *_, start in missing()] == [start]
        compute_range(*missing()[0])
    merged = compute(base, updates, WAYS["mean"])
    with get_store().local_path(merged.sha256) as whole:
        assert b"".join(bytes_.values()) in whole.read_bytes()


def test_a_worker_takes_only_ranges_that_the_merge_has(base, updates):
    compute(base, updates, WAYS["mean"])
    key, step, start = missing()[1]
    for wrong in ((key, "lower", start), (key, step, start + 1), ("0" * 64, step, start)):
        compute_range(*wrong)
    assert not MergeRange.objects.exists()


def test_what_a_worker_refuses_is_refused_for_all_and_forgotten(base, updates):
    bad = get_store().put([b"no tensors at all"]).sha256
    Contribution.objects.filter(pk=updates[0].pk).update(weights_sha256=bad)
    for _ in range(2):
        with pytest.raises(ValueError, match="header-too-large"):
            worked_out(base, Contribution.objects.all(), MEDIAN)
        assert not RangedMerge.objects.exists()
    with pytest.raises(MergeError, match="parameters-invalid"):
        compute(base, updates, Aggregation("trimmed-mean", {"trim": 2}))


def test_updates_whose_bytes_went_are_missed_before_any_worker_is_asked(base, updates):
    assert compute(base, updates, MEDIAN) is None
    get_store().delete(updates[0].weights_sha256)
    with pytest.raises(BlobMissing):
        compute(base, updates, MEDIAN)


def test_what_nobody_asks_for_any_more_goes_after_a_week(base, updates):
    compute(base, updates, WAYS["mean"])
    compute_range(*missing()[0])
    part = part_of(MergeRange.objects.get())
    assert forget_unfinished() == 0
    before = timezone.now() - timedelta(days=8)
    RangedMerge.objects.update(asked_at=before, created_at=before)
    assert forget_unfinished() == 1
    assert (part.exists(), MergeRange.objects.count()) == (False, 0)
