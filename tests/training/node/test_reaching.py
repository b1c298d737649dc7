"""The ways to a coordinator: an authority of one's own, a proxy, and clear words when neither works."""

from contextlib import closing

import pytest

from provenance.signing.keys import PrivateKey
from tests.training.node.serving import FileServer, forward_proxy, private_authority, serving
from training.manifest.protocol import PROTOCOL
from training.node.client import Coordinator
from training.node.errors import SetupError, Unreachable
from training.node.home import NodeHome


def ask(url, **settings):
    with closing(Coordinator(url=url, key=PrivateKey.generate(), patience=0.1, **settings)) as way:
        return way.get("/anything")


def test_every_request_says_which_protocol_and_which_program():
    server = FileServer()
    with serving(server) as url:
        ask(url)
    assert server.headers[0]["Tapestry-Protocol"] == str(PROTOCOL)
    assert server.headers[0]["User-Agent"].startswith("tapestry-node/")


def test_a_coordinator_of_a_private_authority_is_known_by_its_file(tmp_path):
    ca_file, context = private_authority(tmp_path)
    with serving(FileServer(), context=context) as url:
        assert ask(url, ca_file=ca_file) == {}


def test_without_the_file_the_answer_names_the_cause_at_once(tmp_path):
    _, context = private_authority(tmp_path)
    with (
        serving(FileServer(), context=context) as url,
        pytest.raises(Unreachable, match="ca_file") as refused,
    ):
        ask(url)
    assert refused.value.code == "certificate-refused"


def test_a_file_that_is_no_certificate_is_the_operator_s_to_mend(tmp_path):
    (tmp_path / "ca.pem").write_text("nothing of the kind")
    with pytest.raises(SetupError) as refused:
        ask("https://127.0.0.1:9", ca_file=tmp_path / "ca.pem")
    assert refused.value.code == "ca-file"


@pytest.mark.parametrize("secured", [False, True])
def test_a_proxy_is_asked_for_everything(tmp_path, secured):
    ca_file, context = private_authority(tmp_path) if secured else (None, None)
    with serving(FileServer(), context=context) as url, forward_proxy() as (proxy, asked):
        assert ask(url, proxy=proxy, ca_file=ca_file) == {}
    where = url.removeprefix("https://") if secured else f"{url}/anything"
    assert asked == [f"{'CONNECT' if secured else 'GET'} {where}"]


def test_the_environment_s_proxy_counts_where_none_is_named(monkeypatch):
    with serving(FileServer()) as url, forward_proxy() as (proxy, asked):
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.setenv("no_proxy", "")
        assert ask(url) == {}
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert ask(url) == {}
    assert len(asked) == 1


def test_a_file_comes_through_the_proxy_too(tmp_path):
    import hashlib

    content = b"many bytes" * 1000
    ca_file, context = private_authority(tmp_path)
    with serving(FileServer(content), context=context) as url, forward_proxy() as (proxy, _):
        way = Coordinator(url=url, key=PrivateKey.generate(), proxy=proxy, ca_file=ca_file)
        with closing(way):
            way.pull("/f", tmp_path / "f", sha256=hashlib.sha256(content).hexdigest(), size=len(content))
    assert (tmp_path / "f").read_bytes() == content


def test_a_proxy_of_an_unknown_kind_is_refused():
    with pytest.raises(SetupError) as refused:
        ask("http://127.0.0.1:9", proxy="socks5://127.0.0.1:9")
    assert refused.value.code == "proxy-unusable"


def test_the_node_s_own_file_describes_the_way(home_folder):
    private_authority(home_folder)
    toml = (home_folder / "node.toml").read_text()
    (home_folder / "node.toml").write_text(
        f'{toml}ca_file = "ca.pem"\nmax_bytes_per_second = 5\nstreams = 2\nproxy = "http://127.0.0.1:9"\n'
    )
    with closing(Coordinator.of(NodeHome(home_folder), patience=0.1)) as way:
        assert (way.bucket.rate, way.streams, way.patience) == (5, 2, 0.1)
