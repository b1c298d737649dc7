"""What a person wrote by hand may be anything: each file is refused under its own code, with its path."""

import pytest

from training.node.errors import SetupError
from training.node.home import NodeHome
from training.node.policy.local_policy import load_policy
from training.node.private.build_plans import read_plan

READERS = {
    "node-config": ("node.toml", lambda folder: NodeHome(folder).config),
    "node-policy": ("policy.toml", lambda folder: load_policy(folder / "policy.toml")),
    "build-plan": ("plan.toml", lambda folder: read_plan(folder / "plan.toml")),
}


@pytest.mark.parametrize("code", READERS)
@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe no text", b"slug = ", b"nobody = 1"])
def test_a_file_that_says_nothing_usable_is_refused_under_its_own_code(tmp_path, code, content):
    name, read = READERS[code]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(SetupError, match=name) as refused:
        read(tmp_path)
    assert refused.value.code == code
