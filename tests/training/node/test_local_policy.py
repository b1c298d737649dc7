"""The node refuses by itself what its own policy file forbids, whatever the manifest says."""

import copy

import pytest

from tests.training.manifest.conftest import JOB
from training.manifest import parse_manifest
from training.node.errors import Refused, SetupError
from training.node.policy.local_policy import check, load_policy


def policy(folder, text):
    path = folder / "policy.toml"
    path.write_text(text)
    return load_policy(path)


def manifest(**changes):
    return parse_manifest(copy.deepcopy(JOB) | changes)


ALLOWED = 'purposes = ["contributed-cpt"]\ndatasets = ["udhr-*"]\n'


def test_what_the_policy_names_may_run(tmp_path):
    check(manifest(), policy(tmp_path, ALLOWED))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('purposes = ["evaluation"]\ndatasets = ["udhr-*"]\n', "node-policy-purpose"),
        ('purposes = ["contributed-cpt"]\ndatasets = ["other"]\n', "node-policy-dataset"),
        (ALLOWED + 'forbidden_datasets = ["udhr-vietnamese"]\n', "node-policy-dataset"),
        (ALLOWED + "max_seconds = 10\n", "node-policy-seconds"),
        (ALLOWED + "max_memory_bytes = 1000\n", "node-policy-memory"),
        (ALLOWED + "max_steps = 5\n", "node-policy-steps"),
        (ALLOWED + "minimum_quorum = 3\n", "node-policy-quorum"),
        (ALLOWED + "[budget.day]\ntokens = 61439\n", "node-policy-budget"),
    ],
)
def test_what_it_does_not_allow_is_refused_with_a_code(tmp_path, text, code):
    with pytest.raises(Refused) as refusal:
        check(manifest(), policy(tmp_path, text))
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("approval", "purpose", "asks"),
    [
        ('"never"', "evaluation", False),
        ('"always"', "evaluation", True),
        ('["contributed-cpt"]', "contributed-cpt", True),
        ('["contributed-cpt"]', "evaluation", False),
    ],
)
def test_a_person_is_asked_for_the_purposes_that_the_policy_names(tmp_path, approval, purpose, asks):
    assert policy(tmp_path, ALLOWED + f"approval = {approval}\n").asks_a_person(purpose) is asks


@pytest.mark.parametrize(
    "line", ['hours = ["9 to 5"]', 'time_zone = "Andes"', "keep_days = -1", "report = [1]"]
)
def test_a_wrong_rule_names_its_line(tmp_path, line):
    with pytest.raises(SetupError, match=line.partition(" ")[0]):
        policy(tmp_path, ALLOWED + line + "\n")


def test_without_a_policy_a_node_does_nothing(tmp_path):
    with pytest.raises(SetupError):
        load_policy(tmp_path / "policy.toml")


def test_a_policy_with_a_misspelt_rule_is_not_half_obeyed(tmp_path):
    with pytest.raises(SetupError, match="forbiden"):
        policy(tmp_path, ALLOWED + "forbiden_datasets = []\n")
