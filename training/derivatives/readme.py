"""A model's card as README.md with YAML front matter, as the Hugging Face Hub keeps it beside weights.

Source: the Hub's documentation, "Model Cards"; `huggingface_hub.ModelCardData`, which a test asks.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import yaml
from django.utils.translation import gettext as _

from catalog.cards.escaping import cell, markdown, one_line
from catalog.cards.hub_licences import hub_licence
from catalog.datasets.models import DatasetVersion
from catalog.interchange.addresses import absolute, version_address
from provenance.actors import Actor
from training.derivatives.card import SECTIONS
from training.derivatives.models import Derivative
from training.derivatives.visibility import may_read_details, may_read_manifest


def discoverable_versions(derivative: Derivative, actor: Actor) -> list[DatasetVersion]:
    """Return the named versions that ``actor`` may discover (INV-6), by entry."""
    found = DatasetVersion.objects.visible_to(actor).filter(derivatives=derivative)
    return list(found.select_related("dataset__member").order_by("dataset__slug", "number"))


def write_readme(derivative: Derivative, actor: Actor) -> str:
    """Return the file as ``actor`` may read it. Nothing that a member wrote acts in it."""
    versions = discoverable_versions(derivative, actor)
    data = {key: value for key, value in _front(derivative, versions).items() if value}
    dumped = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100)
    return f"---\n{dumped}---\n\n" + "\n\n".join(_body(derivative, versions, actor)) + "\n"


def _front(derivative: Derivative, versions: Iterable[DatasetVersion]) -> dict[str, Any]:
    licence = hub_licence(derivative.licence) if derivative.licence else "other"
    named = {"license_name": one_line(derivative.licence) or "closed"} if licence == "other" else {}
    return {
        "language": list(derivative.languages),
        "license": licence,
        **named,
        "base_model": f"{derivative.base.family.slug}-base-{derivative.base.number}",
        "base_model_relation": "finetune",
        "datasets": [f"{version.dataset.slug}@{version.number}" for version in versions],
        "tags": ["tapestry", f"tier:{derivative.tier}", *derivative.stages],
        "tapestry": {
            "model": absolute(derivative.get_absolute_url()),
            "base": absolute(derivative.base.get_absolute_url()),
            "member": derivative.member.slug,
            "state": str(derivative.state),
        },
    }


def _body(derivative: Derivative, versions: Iterable[DatasetVersion], actor: Actor) -> Iterator[str]:
    yield f"# {cell(derivative.name)}"
    words = {"member": cell(derivative.member.name), "base": cell(derivative.base.label)}
    yield _("Made by %(member)s from %(base)s.") % words
    if may_read_details(actor, derivative):
        for name, title in SECTIONS.items():
            if text := derivative.card.get(name):
                yield f"## {cell(str(title))}"
                yield markdown(text)
    if listed := [f"- <{version_address(version)}>" for version in versions]:
        yield f"## {_('Datasets')}"
        yield "\n".join(listed)
    if may_read_manifest(actor, derivative) and derivative.commitments:
        yield f"## {_('Commitments to private parts')}"
        yield "\n".join(f"- `{each}`" for each in derivative.commitments)
