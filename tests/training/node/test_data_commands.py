"""Describing, sealing and proving on the node: what is printed, what is kept, and what never appears."""

import json
import os
import stat
from base64 import b64decode

import pytest

from provenance.signing.attestations import read_description, read_seal
from training.node.cli import main

RECORD = 'title = { en = "Letters of a court" }\ncollected = 2020-05-01\n'


@pytest.fixture
def letters(home_folder):
    folder = home_folder / "data" / "letters"
    (folder / "ay").mkdir(parents=True)
    (folder / "ay" / "one.txt").write_text("a secret line\n\ntwo")
    (folder / "vi.txt").write_text("another\n")
    folder.with_name("letters.toml").write_text(RECORD)
    return folder


@pytest.fixture
def node(home_folder, capsys):
    """Runs one command of this home; returns its status, output and what it said beside."""

    def run(*arguments):
        code = main([*map(str, arguments), "--home", str(home_folder)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def test_local_data_are_described_by_hash_size_and_name_alone(node, letters):
    code, out, _ = node("describe", "letters", "--plain")
    rows = [(row["path"], row["bytes"], row["records"], row["language"]) for row in json.loads(out)]
    assert (code, rows) == (0, [("ay/one.txt", 18, 3, "ay"), ("vi.txt", 8, 1, "vi")])
    assert "secret" not in out


def test_a_description_is_signed_and_carries_facts_without_a_sketch(node, letters):
    (letters / "empty.txt").touch()
    code, out, err = node("describe", "letters", "--language", "ay")
    told = read_description(json.loads(out))
    assert (code, [row["language"] for row in told.files]) == (0, ["ay", "ay", "ay"])
    assert (told.facts["files"], told.facts["sketch"]) == (2, [])
    assert "empty.txt" in told.facts["remarks"][-1]["message"]
    assert "empty-file" in err


def test_hidden_files_and_links_that_lead_out_are_left_out_and_named(node, letters, tmp_path):
    (letters / ".cache").mkdir()
    (letters / ".cache" / "x").write_text("x")
    (letters / ".DS_Store").write_text("x")
    (letters / "out.txt").symlink_to(tmp_path / "policy.toml")
    (letters / "again.txt").symlink_to(letters / "vi.txt")
    (letters / "folder").symlink_to(tmp_path)
    os.mkfifo(letters / "pipe")
    _, out, err = node("describe", "letters", "--plain")
    assert [row["path"] for row in json.loads(out)] == ["again.txt", "ay/one.txt", "vi.txt"]
    assert err.count("left out") == 5
    assert all(word in err for word in (".cache", ".DS_Store", "out.txt", "folder", "pipe"))


def test_what_can_not_be_described_says_why(node, home_folder):
    assert "not-a-folder" in node("describe", "nowhere", "--plain")[2]
    (home_folder / "data" / "empty").mkdir(parents=True)
    assert "no-files" in node("describe", "empty", "--plain")[2]


def test_a_seal_prints_a_commitment_and_nothing_of_the_data(node, letters):
    code, out, _ = node("seal", "letters")
    assert (code, len(read_seal(json.loads(out)).commitment)) == (0, 64)
    said = out + b64decode(json.loads(out)["payload"]).decode()
    assert not any(word in said for word in ("Letters", "court", "one.txt", "vi.txt", "letters"))


def test_what_opens_a_seal_is_kept_for_its_owner_alone(node, letters, home_folder):
    commitment = read_seal(json.loads(node("seal", "letters")[1])).commitment
    kept = home_folder / "seals" / f"{commitment}.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert "Letters of a court" in node("seals")[1]


def test_two_seals_of_the_same_data_are_different(node, letters):
    first, second = (read_seal(json.loads(node("seal", "letters")[1])).commitment for _ in range(2))
    assert first != second
    assert len(node("seals")[1].splitlines()) == 2


@pytest.mark.parametrize("what", [["--record"], ["--file", "ay/one.txt"]])
def test_one_item_is_proven_without_the_others(node, letters, tmp_path, what):
    envelope = node("seal", "letters")[1]
    proof = node("prove", read_seal(json.loads(envelope)).commitment[:10], *what)[1]
    (tmp_path / "proof.json").write_text(proof)
    (tmp_path / "envelope.json").write_text(envelope)
    assert "vi.txt" not in proof
    code, out, err = node("check-proof", tmp_path / "proof.json", "--envelope", tmp_path / "envelope.json")
    assert (code, json.loads(out)) == (0, json.loads(proof)["opening"]["item"])
    assert "sealed by did:key:" in err


def test_a_proof_that_was_changed_is_refused(node, letters, tmp_path):
    commitment = read_seal(json.loads(node("seal", "letters")[1])).commitment
    proof = node("prove", commitment, "--file", "vi.txt")[1]
    (tmp_path / "proof.json").write_text(proof.replace('"bytes": 8', '"bytes": 9'))
    code, out, err = node("check-proof", tmp_path / "proof.json")
    assert (code, out) == (1, "")
    assert "opening-mismatch" in err


def test_a_proof_does_not_fit_the_envelope_of_another_seal(node, letters, tmp_path):
    first, second = node("seal", "letters")[1], node("seal", "letters")[1]
    proof = node("prove", read_seal(json.loads(first)).commitment, "--record")[1]
    (tmp_path / "proof.json").write_text(proof)
    (tmp_path / "envelope.json").write_text(second)
    code, _, err = node("check-proof", tmp_path / "proof.json", "--envelope", tmp_path / "envelope.json")
    assert (code, "proof-of-another-seal" in err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["prove", "00000000", "--record"], "seal-unknown"),
        (["prove", "../../etc", "--record"], "seal-unknown"),
        (["seal", "letters", "--record", "nowhere.toml"], "record-unreadable"),
        (["check-proof", "nowhere.json"], "file-unreadable"),
    ],
)
def test_what_can_not_be_done_ends_with_one_clear_line(node, letters, arguments, code):
    status, _, err = node(*arguments)
    assert (status, f"[{code}]" in err, "Traceback" in err) == (1, True, False)


def test_a_record_has_a_title_and_lies_beside_the_data(node, letters):
    letters.with_name("letters.toml").write_text('summary = "x"\n')
    assert "record-untitled" in node("seal", "letters")[2]
    letters.with_name("letters.toml").unlink()
    assert "record-missing" in node("seal", "letters")[2]


def test_a_damaged_seal_is_named(node, letters, home_folder):
    node("seal", "letters")
    kept = next((home_folder / "seals").glob("*.json"))
    kept.rename(kept.with_name(f"{'0' * 64}.json"))
    assert "seal-damaged" in node("seals")[2]
