"""The node's side, in a process and perhaps a network namespace of its own: JSON in, seconds out."""

import json
import sys
import time
from contextlib import closing
from pathlib import Path

from bench.wire.raw import receive


def main() -> None:
    given = json.loads(sys.stdin.readline())
    if given["do"] == "raw":
        print(receive(given["host"], given["port"], given["streams"]))
        return
    from provenance.signing.keys import PrivateKey
    from training.node.client import Coordinator

    way = Coordinator(
        url=given["url"], key=PrivateKey.from_seed(Path(given["key"]).read_bytes()), streams=given["streams"]
    )
    began = time.monotonic()
    with closing(way):
        if given["do"] == "pull":
            way.pull(given["path"], Path(given["file"]), sha256=given["sha256"], size=given["size"])
        else:
            way.push(
                given["path"], Path(given["file"]), attempt=1, sha256=given["sha256"], size=given["size"]
            )
    print(time.monotonic() - began)


if __name__ == "__main__":
    main()
