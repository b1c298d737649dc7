"""Enrolment's first files: who the node is, and rules that allow nothing before its operator says so."""

from training.node.cli import main
from training.node.commands.node_commands import RUNS
from training.node.durable import only_one
from training.node.home import NodeHome
from training.node.machine import capabilities
from training.node.policy.local_policy import load_policy
from training.node.setting_up import lay_out

SAID = {"coordinator": "http://127.0.0.1:9/", "member": "hanoi-library", "jurisdiction": "VN"}


def test_a_bare_folder_becomes_a_home_with_a_cautious_policy(tmp_path):
    home = NodeHome(tmp_path / "node")
    assert lay_out(home, SAID) == ["node.toml", "policy.toml"]
    config, policy = home.config, load_policy(home.policy_file)
    assert (config.member, config.form, config.coordinator) == (
        "hanoi-library",
        "sovereign",
        "http://127.0.0.1:9",
    )
    assert (policy.datasets, policy.approval, policy.report) == ([], "always", [])
    assert config.slug.startswith("hanoi-library-")


def test_what_the_operator_wrote_is_never_written_over(home_folder):
    before = (home_folder / "node.toml").read_text(), (home_folder / "policy.toml").read_text()
    assert lay_out(NodeHome(home_folder), {**SAID, "slug": "another"}) == []
    assert ((home_folder / "node.toml").read_text(), (home_folder / "policy.toml").read_text()) == before


def test_on_a_bare_machine_enrolment_asks_for_what_it_needs(tmp_path, capsys):
    assert main(["enrol", "--home", str(tmp_path), "--coordinator", "http://127.0.0.1:9"]) == 1
    assert "--member, --jurisdiction" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_proxy_and_authority_come_into_the_configuration(tmp_path):
    lay_out(home := NodeHome(tmp_path), {**SAID, "proxy": "http://proxy:3128", "ca_file": "ours.pem"})
    assert (home.config.proxy, str(home.config.ca_file)) == ("http://proxy:3128", "ours.pem")


def test_an_attached_node_is_not_set_up_without_its_broker(tmp_path):
    lay_out(home := NodeHome(tmp_path), {**SAID, "form": "attached", "broker": "redis://b"})
    assert home.config.broker == "redis://b"


def test_a_machine_says_what_it_can_do_in_plain_texts():
    said = capabilities()
    assert {"cpu_count", "memory_bytes", "accelerators", "protocol", "torch"} <= said.keys()
    assert all(isinstance(text, str) and len(text) <= 200 for text in said.values())


def test_a_node_runs_once_in_its_home(home_folder, capsys):
    (home_folder / "coordinator.json").write_text(
        '{"key": "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"}'
    )
    with only_one(home_folder / RUNS):
        assert main(["run", "--home", str(home_folder)]) == 1
    assert "node-runs-already" in capsys.readouterr().err
