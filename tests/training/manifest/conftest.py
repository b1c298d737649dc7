"""One job of each kind that keeps every rule, as JSON values; tests change one thing."""

import copy
from datetime import UTC, datetime

import pytest

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
NODE = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"

ARCHITECTURE = {
    "hidden_size": 128,
    "intermediate_size": 384,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 4,
    "vocab_size": 264,
    "max_position_embeddings": 512,
}
FILE = {"path": "vie/articles.txt", "sha256": "1" * 64, "bytes": 9000, "language": "vi", "access": "pull"}
INPUT = {
    "version_digest": "2" * 64,
    "dataset": "udhr-vietnamese",
    "version": "1.0.0",
    "tier": "open",
    "licence": "MIT",
    "languages": ["vi"],
    "files": [FILE],
}
TRAINING = {
    "steps": 60,
    "batch_size": 8,
    "sequence_length": 128,
    "learning_rate": 0.003,
    "weight_decay": 0.01,
    "warmup_steps": 10,
    "seed": 7,
    "dtype": "fp32",
    "codec": "fp32",
}
JOB = {
    "schema_version": "2",
    "job_id": "6b0e2a0a-58a4-4a5b-9a36-4f1b8a0f9b11",
    "kind": "contributed-cpt",
    "purpose": "contributed-cpt",
    "round": {
        "id": "1",
        "number": 1,
        "mode": "synchronous",
        "quorum": 2,
        "opened_at": "2026-09-01T11:58:00Z",
        "deadline": "2026-09-01T13:00:00Z",
    },
    "node": NODE,
    "member": "hanoi-library",
    "family": {"slug": "loom", "architecture": ARCHITECTURE, "tokenizer": "bytes"},
    "base": {"digest": "3" * 64, "sha256": "4" * 64, "bytes": 1_843_000},
    "inputs": [INPUT],
    "training": TRAINING,
    "held_out": {"every": 10},
    "limits": {"seconds": 600, "memory_bytes": 2**32},
    "output": {"tier": "open", "licence": "MIT"},
    "policy_version": "2026-09-01",
    "issued_at": "2026-09-01T11:59:00Z",
    "expires_at": "2026-09-01T13:00:00Z",
    "lease_seconds": 30,
}


@pytest.fixture
def job():
    return copy.deepcopy(JOB)


@pytest.fixture
def evaluation(job):
    candidate = {"digest": "5" * 64, "sha256": "6" * 64, "bytes": 1_843_000}
    return job | {"kind": "evaluation", "purpose": "evaluation", "candidates": [candidate]}
