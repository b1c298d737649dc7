"""Names of the training floor's things, for ``catalog.pages.naming``: public, but for private derivatives."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from catalog.pages.names import uuids
from catalog.pages.naming import Named, Names, register_namer
from provenance.actors import Actor
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.derivatives.models import Derivative
from training.families.models import ImportedModel, ModelSeries
from training.jobs.models import Job
from training.nodes.models import Node, NodeKey
from training.rollbacks.models import Rollback
from training.rounds.models import Round


def register() -> None:
    """Name nodes, by key and by slug, rounds, jobs, contributions and bases."""
    for noun, namer in {
        "did": _keys,
        "node": _nodes,
        "round": _rounds,
        "job": _jobs,
        "contribution": _contributions,
        "checkpoint": _checkpoints,
        "model": _models,
        "derivative": _derivatives,
        "series": _series,
        "rollback": _rollbacks,
    }.items():
        register_namer(noun, namer)


def _keys(reader: Actor, keys: Collection[str]) -> Names:
    del reader
    # A key that was rotated stays in the log, and keeps its node's name.
    dids = [f"did:{key}" for key in keys]
    found = (
        NodeKey.objects.filter(did__in=dids).select_related("node").only("did", "node__name", "node__slug")
    )
    named = {key.did: key.node for key in found}
    named |= {node.did: node for node in Node.objects.filter(did__in=set(dids) - set(named))}
    return {
        did.removeprefix("did:"): Named(node.name, node.get_absolute_url()) for did, node in named.items()
    }


def _nodes(reader: Actor, keys: Collection[str]) -> Names:
    del reader
    nodes = Node.objects.filter(slug__in=keys)
    return {node.slug: Named(node.name, node.get_absolute_url()) for node in nodes}


def _rounds(reader: Actor, keys: Collection[str]) -> Names:
    del reader
    rounds = Round.objects.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
    return {
        str(each.pk): Named(each.label, each.get_absolute_url()) for each in rounds.select_related("family")
    }


def _jobs(reader: Actor, keys: Collection[str]) -> Names:
    del reader
    jobs = Job.objects.filter(pk__in=list(uuids(keys))).select_related("node")
    return {
        str(job.pk): Named(
            _("%(kind)s on %(node)s") % {"kind": job.get_kind_display(), "node": job.node.name},
            f"/rounds/{job.round_id}/jobs/{job.pk}/",
        )
        for job in jobs.only("kind", "round_id", "node__name")
    }


def _contributions(reader: Actor, keys: Collection[str]) -> Names:
    del reader
    found = Contribution.objects.filter(digest__in=keys).select_related("job__node", "round")
    words = _("Contribution of %(node)s to round %(n)s")
    return {
        each.digest: Named(
            words % {"node": each.job.node.name, "n": each.round.number}, each.get_absolute_url()
        )
        for each in found.only("digest", "job__node__name", "round__number")
    }


def _checkpoints(reader: Actor, keys: Collection[str]) -> Names:
    del reader
    found = Checkpoint.measured.filter(digest__in=keys).select_related("family")
    return {
        each.digest: Named(each.label, _page_of(each))
        for each in found.only("digest", "number", "standing", "family__name")
    }


def _rollbacks(reader: Actor, keys: Collection[str]) -> Names:
    del reader
    found = Rollback.objects.filter(pk__in=list(uuids(keys))).select_related("family", "head")
    return {str(each.pk): Named(each.label, each.get_absolute_url()) for each in found}


def _models(reader: Actor, keys: Collection[str]) -> Names:
    del reader
    found = ImportedModel.objects.filter(digest__in=keys)
    return {each.digest: Named(each.name, f"/models/{each.digest}/") for each in found.only("digest", "name")}


def _derivatives(reader: Actor, keys: Collection[str]) -> Names:
    found = Derivative.objects.visible_to(reader).filter(slug__in=keys)
    return {each.slug: Named(each.name, each.get_absolute_url()) for each in found.only("slug", "name")}


def _series(reader: Actor, keys: Collection[str]) -> Names:
    del reader
    found = ModelSeries.objects.filter(slug__in=keys)
    return {each.slug: Named(each.name, f"/series/{each.slug}/") for each in found}


def _page_of(checkpoint: Checkpoint) -> str:
    """A candidate has no page of its own: its round's page shows it."""
    is_base = checkpoint.standing == Checkpoint.Standing.BASE
    return checkpoint.get_absolute_url() if is_base else ""
