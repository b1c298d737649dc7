"""A node computes bases again from what a real coordinator gives it, and after a rollback too."""

import pytest

from tests.training.node.living import enrol
from tests.training.rollbacks.chains import begin_chain
from training.checkpoints.dropping import drop_bytes
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.node.cli import main
from training.node.home import NodeHome
from training.rollbacks.replaying import replay

pytestmark = pytest.mark.django_db(transaction=True)


def verify(home: NodeHome, name: str, *said: str) -> int:
    return main(["verify", "base", name, *said, "--home", str(home.folder)])


def test_the_base_after_a_rollback_is_computed_again_though_its_parent_is_kept_nowhere(
    live_server, tmp_path, capsys
):
    """What a community took back is out: by the API with a key, then from the kept folder with none."""
    chain = begin_chain(2, **{"merge.server": 1})
    home = enrol(live_server, tmp_path / "home")  # it has no part in the rounds
    done = replay(chain.decide(chain.of(0)).pk)
    for parent in Checkpoint.measured.exclude(standing="base"):
        drop_bytes(parent)
    capsys.readouterr()
    assert verify(home, done.result.digest, "--chain", "--keep", str(tmp_path / "kept")) == 0
    shown = capsys.readouterr()
    assert [line.rsplit(": ")[-1] for line in shown.out.splitlines()] == ["the same bytes"] * 3
    assert "whose bytes are not kept" in shown.err
    assert main(["verify", "base", done.result.digest, "--chain", "--folder", str(tmp_path / "kept")]) == 0


def test_bytes_of_which_only_the_hash_is_kept_are_said_by_their_code(live_server, tmp_path, capsys):
    head = begin_chain(1).head
    home = enrol(live_server, tmp_path / "home")
    assert verify(home, head.digest) == 0
    assert not list(home.cache.iterdir())
    dropped = Contribution.objects.filter(digest=head.recipe["contributions"][0])
    dropped.update(bytes_dropped_at=head.created_at)
    assert (verify(home, head.digest), verify(home, "0" * 64)) == (6, 6)
    err = capsys.readouterr().err
    assert "[bytes-dropped]" in err
    assert "[not-found]" in err
