"""The node refuses by itself what its own policy file forbids, whatever the manifest says."""

import copy

import pytest

from tests.training.manifest.conftest import JOB
from training.manifest import parse_manifest
from training.node.errors import Refused, SetupError
from training.node.local_policy import check, load_policy


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
    ],
)
def test_what_it_does_not_allow_is_refused_with_a_code(tmp_path, text, code):
    with pytest.raises(Refused) as refusal:
        check(manifest(), policy(tmp_path, text))
    assert refusal.value.code == code


def test_without_a_policy_a_node_does_nothing(tmp_path):
    with pytest.raises(SetupError):
        load_policy(tmp_path / "policy.toml")


def test_a_policy_with_a_misspelt_rule_is_not_half_obeyed(tmp_path):
    with pytest.raises(SetupError, match="forbiden"):
        policy(tmp_path, ALLOWED + "forbiden_datasets = []\n")
