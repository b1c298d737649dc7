"""Flower and mergekit on the same files. Runs alone, in their environment: python peers.py WAY FOLDER DELTAS.

Flower's strategies get the messages that its server would give them, made from the files, and write nothing.
mergekit reads and writes folders of models, through its public configuration and `run_merge`. Neither hashes,
syncs or says anything of the updates. Prints one line of JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def flower(strategy: str, **settings: Any) -> Callable[[Path, int], None]:
    def way(folder: Path, deltas: int) -> None:
        from flwr.app import Array, ArrayRecord, Message, MetricRecord, RecordDict
        from flwr.serverapp import strategy as strategies
        from flwr.supercore.task_identity import TaskIdentity
        from safetensors.numpy import load_file

        # A message says which run, node and task it is from; its server sets these.
        TaskIdentity.run_id = TaskIdentity.node_id = TaskIdentity.task_id = 1
        replies = []
        for number in range(1, deltas + 1):
            arrays = load_file(folder / str(number) / "model.safetensors")
            record = ArrayRecord({name: Array(values) for name, values in arrays.items()})
            content = RecordDict({"arrays": record, "metrics": MetricRecord({"num-examples": 1})})
            replies.append(Message(content=content, dst_node_id=number, message_type="train"))
        chosen = getattr(strategies, strategy)(**settings)
        found, _ = chosen.aggregate_train(1, replies)
        for array in found.values():
            array.numpy()

    return way


def mergekit(method: str, *, relative: bool) -> Callable[[Path, int], None]:
    def way(folder: Path, deltas: int) -> None:
        from mergekit.config import MergeConfiguration
        from mergekit.merge import MergeOptions, run_merge

        parameters = {"weight": 1.0, "density": 0.2} if relative else {"weight": 1.0}
        models = [
            {"model": str(folder / str(number)), "parameters": parameters} for number in range(1, deltas + 1)
        ]
        said: dict[str, Any] = {"merge_method": method, "models": models, "dtype": "float32"}
        if relative:
            said["base_model"] = str(folder / "0")
        options = MergeOptions(copy_tokenizer=False, write_model_card=False, quiet=True)
        run_merge(MergeConfiguration.model_validate(said), str(folder / f"mergekit-{method}"), options)

    return way


WAYS = {
    "Flower FedAvg": flower("FedAvg"),
    "Flower FedMedian": flower("FedMedian"),
    "Flower MultiKrum": flower("MultiKrum", num_malicious_nodes=1, num_nodes_to_select=5),
    "mergekit linear": mergekit("linear", relative=False),
    "mergekit ties": mergekit("ties", relative=True),
}


def peak_mib() -> float:
    # Of this program alone: getrusage also counts the parent's, from before the program was loaded.
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main(name: str, folder: Path, deltas: int) -> None:
    # What the interpreter and its imports take is not the work's.
    if name.startswith("Flower"):
        import flwr.serverapp.strategy  # noqa: F401
        import safetensors.numpy  # noqa: F401
    else:
        import mergekit.merge  # noqa: F401
    before, started = peak_mib(), time.perf_counter()
    WAYS[name](folder, deltas)
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": round(seconds, 4), "extra_mib": round(peak_mib() - before, 1)}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
