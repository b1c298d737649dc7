"""The demonstration's nodes, each a folder under ``var``: what each member would set up by hand."""

import json
import shutil
from pathlib import Path

from django.conf import settings

from provenance.identity.services import coordinator_did, coordinator_key
from tapestry.demonstration.consortium import Consortium, Node
from tapestry.demonstration.facts import corpus_path
from training.node import trust
from training.node.home import NodeHome

POLICY = """# What this node does at all, whatever a manifest says. What is not named here is refused.
purposes = ["contributed-cpt", "evaluation"]
datasets = ["udhr-*"]
forbidden_datasets = []
max_seconds = 1200
max_memory_bytes = 4294967296
max_steps = 2000
"""


def home_of(node: Node) -> NodeHome:
    """Return the folder of one of the demonstration's nodes; what lies under ``nodes`` is started."""
    return NodeHome(settings.VAR / ("resting" if node.rests else "nodes") / node.slug)


def lay_out_home(consortium: Consortium, node: Node) -> None:
    """Write configuration, policy and the member's own data; keep what is there already."""
    home = home_of(node)
    home.folder.mkdir(parents=True, exist_ok=True)
    _keep(home.folder / "node.toml", _configuration(node))
    _keep(home.policy_file, POLICY)
    for entry in consortium.entries:
        if entry.node == node.slug:
            folder = home.data / entry.slug
            folder.mkdir(parents=True, exist_ok=True)
            for name in entry.files:
                if not (folder / name).exists():
                    shutil.copyfile(corpus_path(Path(name).stem), folder / name)
    method = {"publicKeyMultibase": coordinator_key().public.multibase}
    trust.pin(home, {"id": coordinator_did(), "verificationMethod": [method]})


def _configuration(node: Node) -> str:
    values = {
        "slug": node.slug,
        "name": node.name["en"],
        "member": node.member,
        "form": node.mode,
        "jurisdiction": node.country,
        "coordinator": settings.PUBLIC_URL,
    }
    if node.mode == "attached":
        values["broker"] = settings.CELERY_BROKER_URL
    # A JSON string without control characters is a TOML basic string as well.
    return "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in values.items())


def _keep(path: Path, text: str) -> None:
    if not path.exists():
        path.write_text(text, encoding="utf-8")
