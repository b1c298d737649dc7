"""A node as the coordinator meets it: a key, signed requests, and files that a trainer could have made."""

import hashlib
import json
import tempfile
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.test import Client

from catalog.members.models import Member, Role
from provenance.actors import Actor
from provenance.signing.dsse import countersign, seal
from provenance.signing.http import sign_request
from provenance.signing.keys import PrivateKey
from provenance.signing.statements import (
    PREDICATE_CONTRIBUTION,
    PREDICATE_TEST_RESULT,
    Subject,
    statement,
)
from tests.factories import make_actor, make_member
from training.families.models import ModelFamily
from training.families.services import found_family
from training.jobs.manifests import manifest_in
from training.jobs.models import Job
from training.manifest.protocol import HEADER, PROTOCOL
from training.merge import ArchitectureConfig, initial_weights
from training.nodes.enrolment import request_enrolment
from training.nodes.services import approve_node
from training.rounds.models import Round
from training.rounds.opening import open_round
from training.rounds.plan import TrainingPlan

ORIGIN = "http://testserver"
TINY = ArchitectureConfig(
    hidden_size=8,
    intermediate_size=8,
    num_hidden_layers=1,
    num_attention_heads=2,
    num_key_value_heads=2,
    vocab_size=264,
    max_position_embeddings=128,
)
PLAN = TrainingPlan(steps=5, warmup_steps=1)
_numbers = count(1)


class SigningNode:
    """An enrolled node of a member, active unless told otherwise."""

    def __init__(
        self, member: Member | None = None, *, form: str = "sovereign", active: bool = True, place: str = "VN"
    ) -> None:
        self.key, self.protocol = PrivateKey.generate(), PROTOCOL
        self.client = Client()
        self.node = request_enrolment(
            did=self.key.did,
            slug=f"node-{next(_numbers)}",
            name="A machine",
            member_slug=(member or make_member()).slug,
            form=form,
            jurisdiction=place,
            capabilities={},
        )
        if active:
            for _ in range(2):
                self.node = approve_node(make_maintainer(), self.node)

    def signed(self, method: str, path: str, body: bytes = b"", **changes: Any) -> dict[str, str]:
        sha256 = hashlib.sha256(body).digest()
        return sign_request(method=method, url=ORIGIN + path, body_sha256=sha256, key=self.key, **changes)

    def send(
        self,
        method: str,
        path: str,
        body: Any = b"",
        *,
        headers: dict[str, str] | None = None,
        kind: str = "application/json",
    ) -> HttpResponse:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {HEADER: str(self.protocol), **(headers or self.signed(method, path, raw))}
        return self.client.generic(method, path, raw, content_type=kind, headers=headers)

    def get(self, path: str) -> HttpResponse:
        return self.send("GET", path)

    def post(self, path: str, body: Any) -> HttpResponse:
        return self.send("POST", path, body)

    # -- one job, step by step

    def job(self, round_: Round, kind: str = "contributed-cpt") -> Job:
        return Job.objects.filter(round=round_, node=self.node, kind=kind).latest("turn")

    def countersigned(self, job: Job) -> dict[str, Any]:
        return countersign(job.manifest, key=self.key, key_id=self.key.did)

    def claim(self, job: Job) -> HttpResponse:
        return self.post(f"/api/v1/jobs/{job.pk}/claim", {"envelope": self.countersigned(job)})

    def upload(self, job: Job, weights: bytes, attempt: int = 1) -> HttpResponse:
        """Open, send every part, close; the first refusal is the answer."""
        path = f"/api/v1/jobs/{job.pk}/weights/"
        sha256 = hashlib.sha256(weights).hexdigest()
        opening = {"attempt": attempt, "sha256": sha256, "bytes": len(weights), "part_bytes": 1 << 20}
        response = self.post(path, opening)
        if response.status_code != 200:
            return response
        size = response.json()["part_bytes"]
        for number in response.json()["missing"]:
            part = weights[number * size : (number + 1) * size]
            self.send("PUT", f"{path}{number}?attempt={attempt}", part, kind="application/octet-stream")
        return self.post(f"{path}close", {"attempt": attempt})

    def contribution(self, job: Job, weights: bytes, attempt: int = 1, **changes: Any) -> dict[str, Any]:
        manifest = manifest_in(job)
        predicate = {
            "jobId": str(job.pk),
            "manifest": job.manifest_digest,
            "roundId": manifest.round.id,
            "attempt": attempt,
            "node": self.key.did,
            "base": manifest.base.digest,
            "inputs": sorted(version.version_digest for version in manifest.inputs),
            "codec": manifest.training.codec,
            "encodingError": 0.0,
            "bytes": len(weights),
            "steps": manifest.training.steps,
            "tokens": 5120,
            "firstLoss": 5.5,
            "lastLoss": 3.25,
            **changes,
        }
        said = statement(
            subjects=[Subject("delta.safetensors", hashlib.sha256(weights).hexdigest())],
            predicate_type=PREDICATE_CONTRIBUTION,
            predicate=predicate,
        )
        return seal(said, key=self.key, key_id=self.key.did)

    def contribute(self, job: Job, envelope: dict[str, Any], attempt: int = 1) -> HttpResponse:
        return self.post(f"/api/v1/jobs/{job.pk}/contribution", {"attempt": attempt, "envelope": envelope})

    def train(self, round_: Round, seed: int = 1) -> HttpResponse:
        """Claim, commit and upload, as a node without trouble does; the answer to the commitment."""
        job, weights = self.job(round_), delta(seed)
        assert self.claim(job).status_code == 200
        response = self.contribute(job, self.contribution(job, weights))
        assert self.upload(job, weights).status_code == 200
        return response

    def evaluate(self, round_: Round, bits: float = 2.5) -> HttpResponse:
        job = self.job(round_, "evaluation")
        assert self.claim(job).status_code == 200
        envelope = self.measurements(job, bits)
        return self.post(f"/api/v1/jobs/{job.pk}/evaluation", {"attempt": 1, "envelope": envelope})

    def measurements(self, job: Job, bits: float = 2.5) -> dict[str, Any]:
        manifest = manifest_in(job)
        models = (manifest.base, *manifest.candidates)
        rows = [
            {
                "checkpoint": model.digest,
                "version": version.version_digest,
                "language": file.language,
                "bitsPerByte": bits,
                "bytes": 100,
            }
            for model in models
            for version in manifest.inputs
            for file in version.files
        ]
        said = statement(
            subjects=[Subject(model.digest, model.sha256) for model in models],
            predicate_type=PREDICATE_TEST_RESULT,
            predicate={
                "result": "PASSED",
                "configuration": [],
                "jobId": str(job.pk),
                "attempt": job.attempt or 1,
                "node": self.key.did,
                "measurements": rows,
            },
        )
        return seal(said, key=self.key, key_id=self.key.did)


@cache
def delta(seed: int) -> bytes:
    """A weight update that fits the tiny base."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "delta.safetensors"
        initial_weights(TINY, seed, out)
        return out.read_bytes()


def make_maintainer(member: Member | None = None) -> Actor:
    return make_actor(member or make_member(), Role.MAINTAINER)


def make_family(seed: int = 7) -> ModelFamily:
    return found_family(make_maintainer(), f"tiny-{next(_numbers)}", "Tiny", TINY, seed)


def make_round(family: ModelFamily | None = None, plan: TrainingPlan = PLAN, **changes: Any) -> Round:
    return open_round(make_maintainer(), family or make_family(), plan, **changes)
