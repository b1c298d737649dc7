"""What a request calls its approval: a running job, or a granted request for access."""

import uuid
from typing import Final

from django.utils import timezone

from catalog.access.models import AccessRequest
from catalog.access.states import AccessState
from catalog.datasets.models import DatasetVersion
from catalog.tiers import RULES, Download, Purpose, Tier
from provenance.errors import NotPermitted
from training.grants.requests import GrantManifest
from training.jobs.models import Job
from training.jobs.states import JobState
from training.nodes.models import Node

SHARED: Final = frozenset({Purpose.CONTRIBUTED_CPT, Purpose.EVALUATION})


def check_approval(node: Node, version: DatasetVersion, manifest: GrantManifest) -> None:
    """Return if the approval that is named stands, and if one is named where the tier wants it.

    For shared work bytes that are not everybody's go to the approved job alone that runs on them (FIELD.md
    §2); for a member's own build policy looks at the granted requests by itself.

    Raises:
        NotPermitted: ``approval-required``, ``approval-not-valid``.
    """
    by_grant = RULES[Tier(version.tier)].download is Download.GRANT
    kind, _colon, key = manifest.approval.partition(":")
    if by_grant and manifest.purpose in SHARED and kind != "job":
        raise NotPermitted(
            "For shared work these bytes go to an approved job alone.",
            code="approval-required",
            requirement="DM:9",
            remedy="Name the running job as approval, as in job:<id>.",
        )
    stands = {"": lambda *_: True, "job": _job_runs, "access": _access_stands}[kind]
    if not stands(node, version, manifest.purpose, key):
        raise NotPermitted(
            "What the manifest names as its approval does not hold for this node, version and purpose.",
            code="approval-not-valid",
            requirement="DM:16",
        )


def _job_runs(node: Node, version: DatasetVersion, purpose: Purpose, key: str) -> bool:
    running = Job.objects.filter(
        pk=uuid.UUID(key), node=node, kind=str(purpose), state=JobState.RUNNING, inputs__version=version
    )
    return running.filter(lease_until__gt=timezone.now(), cancel_requested=False).exists()


def _access_stands(node: Node, version: DatasetVersion, purpose: Purpose, key: str) -> bool:
    granted = AccessRequest.objects.filter(pk=uuid.UUID(key), dataset=version.dataset_id, member=node.member)
    return granted.filter(
        state=AccessState.GRANTED, purpose=str(purpose), expires_at__gt=timezone.now()
    ).exists()
