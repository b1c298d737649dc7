"""A base is verified from bytes and its document; whatever is wrong has a code, and nothing raises."""

import json
import os

import pytest

from tests.training.merge.models import DIGESTS, PARAMETERS, write, write_updates
from training.merge import (
    DEMONSTRATION,
    RULES,
    checkpoint_document,
    initial_weights,
    merge,
    recipe,
    verify_checkpoint,
)

PARENT = "0" * 64


@pytest.fixture
def files(tmp_path):
    return {"base": write(tmp_path / "base", 0), "updates": write_updates(tmp_path)}


def merged(files, folder, rule="mean", server=None, **more):
    out = folder / "next"
    made = merge(*files.values(), out, rule=rule, parameters=PARAMETERS.get(rule, {}), server=server, **more)
    said = recipe(
        parent_digest=PARENT,
        contribution_digests=made.digests,
        rule=rule,
        parameters=made.parameters,
        server=made.server,
    )
    return json.loads(json.dumps(checkpoint_document(said, made.sha256, made.state_sha256)))


def codes(document, **files):
    return [finding.code for finding in verify_checkpoint(document, **files).findings]


@pytest.mark.parametrize("rule", RULES)
def test_inv_5_what_a_merge_wrote_verifies(files, tmp_path, rule):
    document = merged(files, tmp_path, rule)
    assert verify_checkpoint(document, **files).ok


def test_inv_5_a_server_s_state_is_part_of_what_verifies(files, tmp_path):
    adam = {"name": "adam"}
    first = merged(files, tmp_path, server=adam, state_out=tmp_path / "s1")
    going_on = adam | {"state": first["server_state"]["sha256"]}
    second = merged(files, tmp_path, server=going_on, state=tmp_path / "s1", state_out=tmp_path / "s2")
    assert codes(second, **files, state=tmp_path / "s1") == []
    assert codes(second, **files) == ["state-mismatch"]
    other = codes(second, **files, state=tmp_path / "s2")
    assert other == ["state-input-differs", "weights-differ", "state-differ"]


def test_inv_5_base_0_verifies_from_its_seed(tmp_path):
    written = initial_weights(DEMONSTRATION, 3, tmp_path / "base")
    parameters = {"architecture": DEMONSTRATION.model_dump(mode="json"), "seed": 3}
    said = recipe(parent_digest=None, contribution_digests=[], rule="initial", parameters=parameters)
    assert codes(checkpoint_document(said, written.sha256), base=None, updates={}) == []
    assert codes(checkpoint_document(said, PARENT), base=None, updates={}) == ["weights-differ"]


def test_another_hash_or_other_bytes_are_found(files, tmp_path):
    document = merged(files, tmp_path)
    assert codes(document | {"weights": {"sha256": PARENT}}, **files) == ["weights-differ"]
    write(files["updates"][DIGESTS[0]], 99)
    assert codes(document, **files) == ["weights-differ"]


def test_coefficients_that_the_rule_does_not_give_are_found_even_if_the_bytes_agree(files, tmp_path):
    def favouring(digest):
        said = {"hostile": 2, "coefficients": dict.fromkeys(DIGESTS, "0") | {digest: "1"}}
        made = merge(*files.values(), tmp_path / "next", rule="krum", parameters=said)
        how = recipe(parent_digest=PARENT, contribution_digests=DIGESTS, rule="krum", parameters=said)
        return codes(checkpoint_document(how, made.sha256), **files)

    found = [favouring(digest) for digest in DIGESTS]
    assert found.count([]) == 1
    assert found.count(["coefficients-off"] * 2) == len(DIGESTS) - 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"rule": "imported"}, "rule-unknown"),
        ({"code_version": "merge/0"}, "code-version-unknown"),
        ({"codec": "int8-block"}, "codec-mismatch"),
        ({"parameters": {"clip": "1"}}, "parameters-invalid"),
        ({"contributions": ["f" * 64]}, "contribution-missing"),
        ({"contributions": [DIGESTS[0]] * 2}, "duplicate-contribution"),
        ({"contributions": []}, "no-contributions"),
        ({"server": {"name": "adam"}}, "weights-differ"),
        ({"rule": "krum", "parameters": {"hostile": 1}}, "coefficients-missing"),
        ({"parent": None, "surprise": 1}, "document-malformed"),
    ],
)
def test_every_wrong_document_has_a_code(files, tmp_path, change, code):
    document = merged(files, tmp_path)
    document["recipe"] |= change
    assert code in codes(document, **files)


def test_files_that_are_not_there_or_cut_short_have_a_code(files, tmp_path):
    document = merged(files, tmp_path)
    assert codes(document, base=None, updates=files["updates"]) == ["base-missing"]
    os.truncate(files["updates"][DIGESTS[2]], 2000)
    assert codes(document, **files) == ["truncated"]
