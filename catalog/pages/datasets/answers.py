"""The first question of a dataset's page, "may I use it?", answered in one sentence from its record."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.datasets.models import Dataset
from catalog.datasets.vocabulary import UNKNOWN_LICENCE
from catalog.design.terms import label_of
from catalog.lifecycle.models import NoticeKind
from catalog.lifecycle.standing import Standing
from catalog.tiers import Tier


class Answer(NamedTuple):
    """A sentence with the tone of its notice: good, attention or bad."""

    tone: str
    text: str


def may_i_use_it(
    dataset: Dataset, tier: str, record: Mapping[str, Any], standing: Standing | None = None
) -> Answer:
    """Return the sentence for the reader. It sums the record up; what is permitted is for policy to say.

    A ``standing`` notice comes first: what may be used and what is wise to start with are two questions.
    """
    answer = _from_record(dataset, tier, record)
    if standing is None or dataset.state == Dataset.State.WITHDRAWN:
        return answer
    warning = (
        _("Superseded: another entry stands in its place.")
        if standing.kind == NoticeKind.SUPERSEDED
        else _("Deprecated: start nothing new.")
    )
    return Answer("bad" if answer.tone == "bad" else "attention", f"{warning} {answer.text}")


def _from_record(dataset: Dataset, tier: str, record: Mapping[str, Any]) -> Answer:
    if dataset.state == Dataset.State.WITHDRAWN:
        return Answer(
            "bad", _("No. It was withdrawn, so new access is refused; its history stays as evidence.")
        )
    rights = record.get("rights") or {}
    trains = rights.get("model_training") is True
    known = Tier(tier)
    if known is Tier.OPEN:
        return _open(str(record.get("licence") or UNKNOWN_LICENCE), rights, trains=trains)
    if known is Tier.PRIVATE:
        return Answer(
            "attention", _("Only %(member)s, in its own sovereign builds.") % {"member": dataset.member}
        )
    if not trains:
        return Answer("bad", _("Not for training: its holder does not permit that models are trained on it."))
    stages = _stages(record)
    if known is Tier.TRAIN_ONLY:
        text = _("Through an approved job only: a node trains on it with a signed manifest, for %(stages)s.")
        return Answer("attention", text % {"stages": stages})
    text = _("Through training only: %(member)s’s own nodes train on it inside %(boundary)s, for %(stages)s.")
    place = (record.get("residency") or {}).get("boundary")
    boundary = label_of("region", place) if place else _("its boundary")
    return Answer("attention", text % {"member": dataset.member, "boundary": boundary, "stages": stages})


def _open(licence: str, rights: Mapping[str, Any], *, trains: bool) -> Answer:
    if licence == UNKNOWN_LICENCE:
        return Answer("attention", _("Ask first: nobody stated its licence, and silence permits nothing."))
    if not trains:
        text = _("To read, under %(licence)s, but not to train on: its holder does not permit that.")
        return Answer("attention", text % {"licence": licence})
    if rights.get("commercial_use") is not True:
        text = _("Yes, under %(licence)s, for purposes that are not commercial.")
    elif rights.get("attribution") is not False:
        text = _("Yes, under %(licence)s: download it and train on it, and name its source.")
    else:
        text = _("Yes, under %(licence)s: download it and train on it.")
    return Answer("good", text % {"licence": licence})


def _stages(record: Mapping[str, Any]) -> str:
    permitted = record.get("permitted_stages") or []
    names = [label_of("stage", stage).lower() for stage in permitted]
    return get_text_list(names, pgettext("before the last of a list", "and")) or _("no stage yet")
