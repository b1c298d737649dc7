"""A repository at one commit, from a server on this machine that speaks the hub's addresses."""

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from training.imports.errors import ImportRefused
from training.imports.folder import read_folder
from training.imports.hub import fetch_model

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub(BaseHTTPRequestHandler):
    """Model info, the tree of a commit, each file by HEAD and GET; remembers what was asked for."""

    folder: Path
    asked: list[str]

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        path = self.path.partition("?")[0]
        self.asked.append(path)
        files = {file.name: file.stat().st_size for file in sorted(self.folder.iterdir())}
        if path.startswith("/api/models/someone/tiny/revision/"):
            listed = [{"rfilename": name, "size": size} for name, size in files.items()]
            said = {"id": "someone/tiny", "sha": COMMIT, "siblings": listed}
            self._send(json.dumps(said).encode(), "info", body)
        elif path == f"/api/models/someone/tiny/tree/{COMMIT}":
            tree = [
                {"type": "file", "path": name, "size": size, "oid": "0" * 40} for name, size in files.items()
            ]
            self._send(json.dumps(tree).encode(), "tree", body)
        elif path.startswith(f"/someone/tiny/resolve/{COMMIT}/"):
            content = (self.folder / Path(path).name).read_bytes()
            self._send(content, hashlib.sha256(content).hexdigest(), body)
        else:
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def _send(self, content: bytes, etag: str, body: bool) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", f'"{etag}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub(make_model) -> Iterator[tuple[str, list[str]]]:
    folder = make_model()
    (folder / "modeling.py").write_text("raise SystemExit")
    (folder / "pytorch_model.bin").write_bytes(b"pickle")
    handler = type("TinyHub", (Hub,), {"folder": folder, "asked": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", handler.asked
        server.shutdown()
        thread.join()


def test_the_files_of_a_commit_come_and_neither_code_nor_pickles(hub, tmp_path):
    address, asked = hub
    commit = fetch_model("someone/tiny", tmp_path / "got", endpoint=address)
    assert commit == COMMIT
    assert {file.path for file in read_folder(tmp_path / "got").files} >= {"model.safetensors", "README.md"}
    assert not any(path.endswith((".py", ".bin")) for path in asked)


def test_a_repository_that_is_not_there_is_refused_in_the_hubs_words(hub, tmp_path):
    with pytest.raises(ImportRefused) as refused:
        fetch_model("someone/absent", tmp_path / "got", endpoint=hub[0])
    assert refused.value.code == "hub-refused"


def test_a_hub_that_does_not_answer_is_told_apart(tmp_path):
    with pytest.raises(ImportRefused) as refused:
        fetch_model("someone/tiny", tmp_path / "got", endpoint="http://127.0.0.1:9")
    assert refused.value.code == "hub-unreachable"


@pytest.mark.parametrize("name", ["../../etc", "a/b/c", "", "a b/c"])
def test_a_name_that_is_no_repository_is_refused(name, tmp_path):
    with pytest.raises(ImportRefused):
        fetch_model(name, tmp_path / "got", endpoint="http://127.0.0.1:9")
