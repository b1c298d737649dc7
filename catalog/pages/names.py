"""Names of the catalog floor's things, for ``catalog.pages.naming``."""

import uuid
from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _

from catalog.access.models import AccessRequest
from catalog.batches.models import Batch
from catalog.datasets.models import Dataset, DatasetVersion
from catalog.governance.models import Motion
from catalog.members.models import Member, User
from catalog.pages.governance.wording import names_in, title_of
from catalog.pages.naming import Named, Names, name_of_version, register_namer
from catalog.pages.proposals.titles import titles_of
from catalog.proposals.models import Proposal
from catalog.templatetags.design import bare_text
from provenance.actors import CONSORTIUM, Actor


def register() -> None:
    """Name people, members, entries, versions, proposals, requests, motions and tables."""
    for noun, namer in {
        "person": _people,
        "member": _members,
        "dataset": _datasets,
        "version": _versions,
        "proposal": _proposals,
        "access": _requests,
        "motion": _motions,
        "batch": _batches,
    }.items():
        register_namer(noun, namer)


def uuids(keys: Collection[str]) -> Iterator[uuid.UUID]:
    """Yield those keys that are UUIDs."""
    for key in keys:
        try:
            yield uuid.UUID(key)
        except ValueError:
            continue


def _people(reader: Actor, keys: Collection[str]) -> Names:
    if CONSORTIUM not in reader.audiences:  # nor does who asks for it by a subject learn a name
        return {}
    people = User.objects.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
    return {str(person.pk): Named(str(person)) for person in people}


def _members(reader: Actor, keys: Collection[str]) -> Names:
    del reader  # members are public
    members = Member.objects.filter(slug__in=keys)
    return {member.slug: Named(member.name, member.get_absolute_url()) for member in members}


def _datasets(reader: Actor, keys: Collection[str]) -> Names:
    found = Dataset.objects.visible_to(reader).filter(slug__in=keys)
    return {entry.slug: Named(bare_text(entry.titles), entry.get_absolute_url()) for entry in found}


def _versions(reader: Actor, keys: Collection[str]) -> Names:
    found = DatasetVersion.objects.visible_to(reader).filter(digest__in=keys).select_related("dataset")
    return {each.digest: Named(name_of_version(each), each.get_absolute_url()) for each in found}


def _proposals(reader: Actor, keys: Collection[str]) -> Names:
    found = Proposal.objects.visible_to(reader).filter(pk__in=uuids(keys))
    return {
        str(each.pk): Named(
            _("Proposal: %(title)s") % {"title": bare_text(titles_of(each))}, each.get_absolute_url()
        )
        for each in found
    }


def _requests(reader: Actor, keys: Collection[str]) -> Names:
    found = AccessRequest.objects.visible_to(reader).filter(pk__in=uuids(keys)).select_related("dataset")
    return {
        str(each.pk): Named(
            _("Access to %(title)s") % {"title": bare_text(each.dataset.titles)}, each.get_absolute_url()
        )
        for each in found
    }


def _motions(reader: Actor, keys: Collection[str]) -> Names:
    if CONSORTIUM not in reader.audiences:
        return {}
    found = list(Motion.objects.filter(pk__in=uuids(keys)))
    names = names_in(reader, found)
    return {
        str(each.pk): Named(
            _("Motion: %(title)s") % {"title": title_of(each, names)}, each.get_absolute_url()
        )
        for each in found
    }


def _batches(reader: Actor, keys: Collection[str]) -> Names:
    found = Batch.objects.visible_to(reader).filter(pk__in=uuids(keys))
    return {
        str(each.pk): Named(_("Table: %(name)s") % {"name": each.name}, each.get_absolute_url())
        for each in found
    }
