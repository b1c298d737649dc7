"""The demonstration's private entry: sealed on a node of its member, which hands over the seal and rests."""

import json
from collections.abc import Mapping

from django.db import transaction

from catalog.datasets.models import Dataset
from catalog.members.models import Member
from catalog.proposals import services as proposals
from provenance.actors import Actor
from tapestry.demonstration.consortium import Consortium, DatasetEntry
from tapestry.demonstration.node_homes import home_of
from training.node.own_data.describing import describe
from training.node.own_data.listing import list_files
from training.node.own_data.sealing import KeptSeal, own_seals, read_record, record_beside, seal_dataset


def list_sealed(
    consortium: Consortium, entry: DatasetEntry, *, steward: Actor, record: Mapping[str, object]
) -> Dataset:
    """Seal the entry on its node, hand the seal in, and return what is published of it.

    ``record`` is written beside the data on the node and nowhere else. What was sealed before is not sealed
    again, what was handed in before is returned as it is.
    """
    kept = _seal_on_node(consortium, entry, record)
    published = Dataset.objects.filter(versions__record__commitment=kept.commitment).first()
    if published:
        return published
    with transaction.atomic():
        member = Member.objects.get(slug=entry.member)
        said = {"tier": "private", "affirmed": True}
        draft = proposals.start_proposal(actor=steward, member=member, record=said)
        sealed = proposals.attach_seal(actor=steward, proposal=draft, envelope=kept.envelope)
        proposals.submit_proposal(actor=steward, proposal=sealed)
    return Dataset.objects.get(proposals=sealed)


def _seal_on_node(consortium: Consortium, entry: DatasetEntry, record: Mapping[str, object]) -> KeptSeal:
    """What its operator would do by ``tapestry-node seal``."""
    home = home_of(next(node for node in consortium.nodes if node.slug == entry.node))
    for seal in own_seals(home):
        if seal.dataset == entry.slug:
            return seal
    folder = home.data / entry.slug
    folder.with_name(f"{folder.name}.json").write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    files = describe(list_files(folder))
    return seal_dataset(home, dataset=entry.slug, record=read_record(record_beside(folder)), files=files)
