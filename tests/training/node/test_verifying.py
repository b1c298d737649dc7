"""Anybody computes a base again from a kept folder, and whatever was changed in it is found."""

import json
import shutil

import pytest

from provenance.signing.canonical import digest
from tests.training.node.keeping import Kept
from training.node.cli import main
from training.node.commands import verify_commands


@pytest.fixture
def kept(tmp_path) -> Kept:
    return Kept(tmp_path / "kept")


def verify(kept: Kept, *said: str) -> int:
    return main(["verify", "base", kept.head, "--folder", str(kept.folder), *said])


def test_every_base_back_to_the_first_is_computed_again(kept, capsys):
    kept.grow(server="nesterov")
    kept.grow(server="nesterov", rule="geometric-median")
    assert verify(kept, "--chain") == 0
    lines = capsys.readouterr().out.splitlines()
    assert f"small base 2  {kept.head[:12]}  geometric-median with nesterov, 3 contributions" in lines[0]
    assert "small base 1" in lines[1]
    assert "initial, " in lines[2]
    assert all(line.endswith("the same bytes") for line in lines)


def test_programs_get_what_came_out_as_json(kept, capsys):
    kept.grow()
    assert verify(kept, "--chain", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["same"], [each["rule"] for each in said["bases"]]) == (True, ["mean", "initial"])


def found(kept: Kept, capsys, *said: str) -> list[str]:
    """The codes of what is wrong."""
    capsys.readouterr()
    assert verify(kept, "--json", *said) == 1
    bases = json.loads(capsys.readouterr().out)["bases"]
    return [finding["code"] for base in bases for finding in base["findings"]]


def test_a_file_that_was_changed_is_found_by_its_hash(kept, capsys):
    kept.grow()
    path = kept.blobs / kept.told(kept.head)["contributions"][0]["weights_sha256"]
    changed = bytearray(path.read_bytes())
    changed[-1] ^= 1
    path.write_bytes(changed)
    assert found(kept, capsys) == ["file-differs"]


def exchange(told, *path: str) -> None:
    """Exchange something of the first two contributions of a base."""
    one, other = told["contributions"][:2]
    for step in path[:-1]:
        one, other = one[step], other[step]
    one[path[-1]], other[path[-1]] = other[path[-1]], one[path[-1]]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (("statement",), "contribution-differs"),
        (("statement", "signatures"), "signature-invalid"),
        (("weights_sha256",), "statement-mismatch"),
    ],
)
def test_words_and_files_that_do_not_belong_together_are_found(kept, capsys, path, code):
    kept.rewrite(kept.grow(), lambda told: exchange(told, *path))
    assert set(found(kept, capsys)) == {code}


def test_a_document_under_another_name_is_found_and_not_followed(kept, capsys):
    kept.rewrite(kept.grow(), lambda told: told["document"]["recipe"].update(rule="coordinate-median"))
    assert found(kept, capsys, "--chain") == ["digest-differs"]


def test_a_coefficient_that_the_rule_does_not_give_is_found(kept, capsys):
    """The digest is right and the bytes are those of the recipe: only the rule was not kept to."""
    kept.grow()
    shares = dict(zip(kept.told(kept.head)["document"]["recipe"]["contributions"], "234", strict=True))
    kept.head = kept.first
    kept.grow(rule="geometric-median", coefficients={name: f"{part}/9" for name, part in shares.items()})
    assert set(found(kept, capsys)) == {"coefficients-off"}


def test_a_base_with_other_bytes_than_its_recipe_gives_names_the_tensors(kept, capsys):
    kept.grow()
    told = kept.told(kept.head)
    told["document"]["weights"] = kept.told(kept.first)["document"]["weights"]
    kept.tell(told["document"], told["contributions"])
    assert verify(kept) == 1
    out = capsys.readouterr().out
    assert "weights-differ: the document says" in out
    assert "  model.embed_tokens.weight: 8,448 of 8,448 values" in out


def test_a_state_that_the_parent_did_not_leave_is_found(kept, capsys):
    kept.grow(server="adam")
    second = kept.grow(server="adam")
    told = kept.told(second)
    told["document"]["recipe"]["server"]["state"] = told["document"]["server_state"]["sha256"]
    assert kept.tell(told["document"], told["contributions"]) == digest(told["document"])
    assert "parent-differs" in found(kept, capsys)


def test_a_withheld_statement_is_said(kept, capsys):
    kept.rewrite(kept.grow(), lambda told: told["contributions"][0].update(statement=None))
    assert verify(kept) == 0
    assert (
        "1 statement is not shown here: for its file the coordinator's word stands" in capsys.readouterr().out
    )


def test_an_imported_base_is_held_against_its_hash(kept, capsys):
    weights = kept.told(kept.first)["document"]["weights"]["sha256"]
    document = kept.told(kept.first)["document"]
    document["recipe"] |= {"rule": "imported", "parameters": {"model": "7" * 64}}
    kept.tell(document, [])
    assert verify(kept) == 0
    assert "made elsewhere, so nothing is computed" in capsys.readouterr().out
    (kept.blobs / weights).write_bytes(b"else")
    assert found(kept, capsys) == ["file-differs"]


def test_what_can_not_be_told_ends_with_its_code(kept, capsys):
    kept.grow()
    shutil.rmtree(kept.blobs)
    ends = [verify(kept)]
    for kept.head in ("0" * 64, "2c77"):
        ends.append(verify(kept))
    err = capsys.readouterr().err
    assert ends == [6, 6, 6]
    assert all(code in err for code in ("[bytes-missing]", "[base-not-here]", "[digest-malformed]"))


def test_a_coordinator_that_does_not_answer_is_no_verdict(home_folder, monkeypatch):
    monkeypatch.setattr(verify_commands, "PATIENCE", 0.1)
    assert main(["verify", "base", "0" * 64, "--home", str(home_folder)]) == 3
