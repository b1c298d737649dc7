"""A private build runs from a manifest of the node's own, needs nobody, and nothing of it leaves."""

import json
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from provenance.signing.dsse import open_envelope, payload_digest
from tapestry.demonstration.facts import corpus_path
from tests.training.node.conftest import SMALL
from training.manifest import open_manifest
from training.merge import initial_weights
from training.node.cli import main
from training.node.client import hash_file
from training.node.errors import Interrupted, Refused, SetupError
from training.node.home import NodeHome
from training.node.jobs.journal import Journal, Step, journals
from training.node.private.build_bases import MODEL
from training.node.private.build_plans import read_plan
from training.node.private.builds import begin_build, continue_build, report_of

PLAN = """
kind = "private-{kind}"
[base]
file = "{base}"
architecture = {architecture}
[[inputs]]
dataset = "letters"
reading = "{reading}"
[training]
steps = 6
batch_size = 2
sequence_length = 32
learning_rate = 0.01
"""
CONFIGURATION = """
slug = "here"
name = "Here"
member = "us"
form = "sovereign"
jurisdiction = "PE"
coordinator = "http://127.0.0.1:9"
"""
POLICY = 'purposes = []\ndatasets = []\nforbidden_datasets = ["sacred-*"]\n'


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A node's home without a coordinator, with a base, letters of its own and one finished build."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "node.toml").write_text(CONFIGURATION)
    (folder / "policy.toml").write_text(POLICY)
    letters = folder / "data" / "letters"
    letters.mkdir(parents=True)
    shutil.copyfile(corpus_path("vi"), letters / "vi.txt")
    initial_weights(SMALL, 1, folder / "base.safetensors")
    assert main(["build", "--home", str(folder), str(plan(NodeHome(folder)))]) == 0
    return folder


@pytest.fixture
def home(world: Path) -> Iterator[NodeHome]:
    """That home; what a test changes in its policy and data is undone."""
    kept = world / "data" / "letters" / "vi.txt"
    text = kept.read_bytes()
    yield NodeHome(world)
    (world / "policy.toml").write_text(POLICY)
    shutil.rmtree(world / "data")
    kept.parent.mkdir(parents=True)
    kept.write_bytes(text)


@pytest.fixture
def first(home: NodeHome) -> Journal:
    """The build that is finished."""
    return next(found for found in journals(home.builds) if found.ended)


def plan(home: NodeHome, *, kind: str = "cpt", reading: str = "lines", more: str = "") -> Path:
    shape = ", ".join(f"{k} = {json.dumps(v)}" for k, v in SMALL.model_dump(exclude_none=True).items())
    base = home.folder / "base.safetensors"
    path = home.folder / "plan.toml"
    path.write_text(PLAN.format(kind=kind, base=base, architecture="{" + shape + "}", reading=reading) + more)
    return path


def built(home: NodeHome, path: Path) -> Journal:
    journal = begin_build(home, read_plan(path))
    continue_build(home, journal, attend=lambda _: None, stopping=threading.Event())
    return journal


def test_a_build_leaves_a_model_with_its_manifest_and_signed_provenance(home, first):
    assert sorted(path.name for path in first.folder.glob("*.safetensors")) == [MODEL]
    said = open_envelope(
        json.loads((first.folder / "provenance.json").read_text()), keys={home.key.did: home.key.public}
    ).payload
    digest = hash_file(first.folder / MODEL)[0].hex()
    assert said["subject"] == [{"name": MODEL, "digest": {"sha256": digest}}]
    parameters = said["predicate"]["buildDefinition"]["externalParameters"]
    assert parameters == {"kind": "private-cpt", "manifest": payload_digest(first.envelope)}


def test_its_manifest_is_the_nodes_own_and_of_no_round(home, first):
    manifest = open_manifest(
        first.envelope,
        keys={home.key.did: home.key.public},
        now=datetime.now(UTC),
        node_did=home.key.did,
    )
    assert (manifest.round, manifest.purpose, manifest.output.tier) == (None, "sovereign-build", "private")


def test_it_is_listed_with_its_model(home, first, capsys):
    assert main(["builds", "--home", str(home.folder)]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if first.job[:8] in line)
    assert "succeeded" in line
    assert str(first.folder / MODEL) in line


def test_the_next_build_starts_from_the_one_before(home, first):
    chats = home.data / "letters" / "chats.jsonl"
    messages = [{"role": "user", "content": "hai"}, {"role": "assistant", "content": "ba"}]
    chats.write_text(json.dumps({"messages": messages}) + "\n")
    (home.data / "letters" / "vi.txt").unlink()
    text = plan(home, kind="sft", reading="jsonl-messages").read_text()
    lines = [line for line in text.splitlines() if not line.startswith("architecture")]
    again = "\n".join(f'build = "{first.job[:8]}"' if line.startswith("file") else line for line in lines)
    (home.folder / "plan.toml").write_text(again)
    second = built(home, home.folder / "plan.toml")
    assert second.manifest.base.sha256 == hash_file(first.folder / MODEL)[0].hex()
    assert second.manifest.training.objective == "sft"


def test_an_interrupted_build_goes_on_and_gives_the_same_model(home, first):
    stopping, journal = threading.Event(), begin_build(home, read_plan(plan(home)))
    with pytest.raises(Interrupted):
        continue_build(home, journal, attend=lambda _: stopping.set(), stopping=stopping)
    assert Journal.read(journal.folder).step is Step.TRAINING
    assert main(["build", "--home", str(home.folder), "--continue", journal.job[:8]]) == 0
    assert hash_file(journal.folder / MODEL) == hash_file(first.folder / MODEL)


def test_nothing_is_reported_unless_the_policy_names_it(home, first):
    journal = first
    assert report_of(home, journal, journal.manifest) == {}
    assert not (journal.folder / "report.json").exists()
    home.policy_file.write_text(POLICY + 'report = ["ran"]\n')
    assert report_of(home, journal, journal.manifest) == {"key": journal.job, "said": {}}
    home.policy_file.write_text(POLICY + 'report = ["kind", "state", "steps"]\n')
    said = report_of(home, journal, journal.manifest)
    assert (said["kind"], said["said"]) == ("private-cpt", {"state": "succeeded", "steps": 6})


def test_a_forbidden_dataset_stays_forbidden(home):
    (home.data / "letters").rename(home.data / "sacred-songs")
    path = plan(home)
    path.write_text(path.read_text().replace('"letters"', '"sacred-songs"'))
    with pytest.raises(Refused) as refusal:
        begin_build(home, read_plan(path))
    assert refusal.value.code == "node-policy-dataset"


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("steps = 6", "steps = 0", "training.steps|steps"),
        ("[training]", "[trainings]", "trainings"),
        ('reading = "lines"', 'reading = "poems"', "reading"),
        ('file = "', 'file = "/nowhere', "is not here"),
        ("hidden_size = 32", "hidden_size = 33", "hidden_size"),
    ],
)
def test_a_wrong_plan_names_what_is_wrong(home, before, after, says):
    path = plan(home)
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after))
    with pytest.raises((Refused, SetupError), match=says):
        begin_build(home, read_plan(path))
