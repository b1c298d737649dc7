import pytest

from provenance.signing.keys import PrivateKey
from training.node import trust
from training.node.cli import main
from training.node.errors import SetupError
from training.node.home import NodeHome


def test_a_wrong_configuration_names_file_and_field(home_folder):
    (home_folder / "node.toml").write_text('slug = "Not A Slug"\n')
    with pytest.raises(SetupError, match=r"node\.toml.*slug"):
        _ = NodeHome(home_folder).config


def test_an_attached_node_needs_a_broker(home_folder):
    text = (home_folder / "node.toml").read_text().replace("sovereign", "attached")
    (home_folder / "node.toml").write_text(text)
    with pytest.raises(SetupError, match="broker"):
        _ = NodeHome(home_folder).config


def test_variables_win_over_the_file(home_folder, monkeypatch):
    monkeypatch.setenv("TAPESTRY_NODE_COORDINATOR", "http://127.0.0.1:8123/")
    assert NodeHome(home_folder).config.coordinator == "http://127.0.0.1:8123"


def test_the_key_is_made_here_and_for_nobody_else(home_folder):
    home = NodeHome(home_folder)
    assert home.key.did == NodeHome(home_folder).key.did
    assert (home_folder / "keys" / "node.key").stat().st_mode & 0o777 == 0o600


def document(key):
    return {"id": "did:web:here", "verificationMethod": [{"publicKeyMultibase": key.public.multibase}]}


def test_another_coordinator_key_is_not_taken_silently(home_folder):
    home, key = NodeHome(home_folder), PrivateKey.generate()
    trust.pin(home, document(key))
    assert trust.pin(home, document(key)) == key.public
    with pytest.raises(SetupError, match="another key"):
        trust.pin(home, document(PrivateKey.generate()))
    assert trust.pinned(home) == key.public


def test_a_command_that_can_not_be_done_ends_with_one_clear_line(home_folder, capsys):
    assert main(["run", "--home", str(home_folder)]) == 1
    err = capsys.readouterr().err
    assert "tapestry-node enrol" in err
    assert "Traceback" not in err
