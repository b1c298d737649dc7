"""Bytes that were dropped come back by hash from the node that made them, and no other bytes do."""

from contextlib import closing

import pytest

from provenance.blobs import get_store
from tests.training.api.signing_node import delta, make_maintainer, make_round
from tests.training.node.living import computed, enrol, journal_of, open_round_for, row_of
from training.contributions.models import Contribution
from training.contributions.sweeping import sweep_uploads
from training.node.client import Coordinator, hash_file
from training.node.errors import JobError
from training.node.home import NodeHome
from training.node.jobs.execution import take_on
from training.node.jobs.recalls import PATH, answer_recalls
from training.node.jobs.updates import copy_of, keep_update
from training.retention.dropping import sweep_contributions
from training.retention.models import Recall
from training.retention.recalling import ask_back, gone_for_good, missing_bytes
from training.retention.wishes import set_retention
from training.rounds.conductor import advance
from training.rounds.opening import abandon_round

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(live_server, settings, tmp_path) -> NodeHome:
    settings.BLOB_URL = f"file://{tmp_path / 'blobs'}"
    return enrol(live_server, tmp_path / "home")


@pytest.fixture
def dropped(home) -> Contribution:
    """An update of the node whose bytes its member wished away."""
    round_, job = open_round_for(home)
    computed(home, job)
    take_on(home, journal_of(home, job))
    abandon_round(make_maintainer(), round_, cause="enough of it")
    later = make_round(round_.family)
    advance(later.pk)
    abandon_round(make_maintainer(), later, cause="enough of it")
    member = row_of(home).member
    set_retention(make_maintainer(member), member, 1)
    assert sweep_contributions() == 1
    return Contribution.objects.get()


def test_an_update_is_asked_back_sent_and_stays_for_the_replay(home, dropped):
    assert ask_back([dropped]) == ask_back([dropped]) == [dropped]
    assert not get_store().exists(dropped.weights_sha256)
    assert answer_recalls(home) == 1
    assert ask_back([dropped]) == []
    with get_store().open(dropped.weights_sha256) as file:
        assert file.read() == delta(1)
    assert (sweep_contributions(), answer_recalls(home), Recall.objects.count()) == (0, 0, 1)


def test_a_node_that_lost_its_copy_says_so_and_is_not_asked_at_once_again(home, dropped):
    copy_of(home, dropped.weights_sha256).unlink()
    ask_back([dropped])
    answer_recalls(home)
    assert gone_for_good([dropped]) == {dropped.pk: "update-gone"}
    assert ask_back([dropped]) == missing_bytes([dropped]) == [dropped]
    assert answer_recalls(home) == 0


def test_a_damaged_copy_never_leaves_the_node(home, dropped):
    copy_of(home, dropped.weights_sha256).write_bytes(b"not what was signed")
    ask_back([dropped])
    answer_recalls(home)
    assert gone_for_good([dropped]) == {dropped.pk: "update-damaged"}


def test_other_bytes_are_refused_whatever_they_are_called(home, dropped, tmp_path):
    ask_back([dropped])
    other = tmp_path / "other.safetensors"
    other.write_bytes(delta(2))
    sha256, size = hash_file(other)
    path = f"{PATH}/{dropped.digest}/weights/"
    with closing(Coordinator.of(home, patience=1)) as coordinator:
        for named in (sha256.hex(), dropped.weights_sha256):
            with pytest.raises(JobError) as refused:
                coordinator.push(path.removesuffix("/weights/"), other, attempt=1, sha256=named, size=size)
            assert refused.value.code in ("weights-not-committed", "weights-mismatch")
    assert missing_bytes([dropped]) == [dropped]


def test_parts_on_their_way_back_outlive_the_sweep_of_uploads(home, dropped):
    ask_back([dropped])
    opening = {"sha256": dropped.weights_sha256, "bytes": dropped.weights_bytes, "part_bytes": 1 << 20}
    with closing(Coordinator.of(home, patience=1)) as coordinator:
        coordinator.post(f"{PATH}/{dropped.digest}/weights/", opening)
        assert sweep_uploads() == 0
        assert coordinator.get(f"{PATH}/{dropped.digest}/weights/")["missing"] == [0]


def test_a_node_is_asked_for_nothing_of_its_neighbours(home, dropped, live_server, tmp_path):
    ask_back([dropped])
    neighbour = enrol(live_server, tmp_path / "neighbour")
    assert answer_recalls(neighbour) == 0
    with closing(Coordinator.of(neighbour, patience=1)) as coordinator, pytest.raises(JobError) as refused:
        coordinator.post(f"{PATH}/{dropped.digest}/gone", {"code": "update-gone"})
    assert refused.value.code == "recall-not-found"


def test_copies_take_no_more_room_than_was_said(home):
    config = home.folder / "node.toml"
    config.write_text(f"{config.read_text()}\nkeep_updates_bytes = 10\n")
    home = NodeHome(home.folder)
    for name in ("older", "newer"):
        (home.folder / name).write_bytes(b"123456")
        keep_update(home, home.folder / name, name)
    assert [path.stem for path in home.updates.iterdir()] == ["newer"]
