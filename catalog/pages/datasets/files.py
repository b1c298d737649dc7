"""The files of a version as a reader of its tier sees them."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.datasets.models import DatasetFile, DatasetVersion
from catalog.interchange.addresses import file_address
from catalog.interchange.disclosure import may_read_manifest
from catalog.policy import Operation, decide
from provenance.actors import Actor

MOST_SHOWN: Final = 100
WHEREABOUTS: Final[dict[str, str | Promise]] = {
    DatasetFile.Storage.BLOB: _("Kept by the coordinator; only a node with a grant receives it"),
    DatasetFile.Storage.POINTER: _("Stays on the member’s node"),
}


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file with the address of its bytes, or with the words for where they are."""

    file: DatasetFile
    address: str
    whereabouts: str | Promise


@dataclass(frozen=True, slots=True)
class FileList:
    """The first files, how many there are; ``withheld`` when the tier tells this reader nothing of them."""

    shown: list[ShownFile]
    total: int
    withheld: bool

    @property
    def more(self) -> int:
        """How many files the list leaves to the manifest."""
        return self.total - len(self.shown)


def files_for(version: DatasetVersion, actor: Actor) -> FileList:
    """Return what the actor may see of the files, in two queries."""
    if not may_read_manifest(actor, version):
        return FileList([], 0, withheld=True)
    downloads = decide(actor=actor, operation=Operation.DOWNLOAD, version_or_facts=version).allowed
    files = list(version.files.order_by("path")[:MOST_SHOWN])
    shown = [_shown(version, file, downloads=downloads) for file in files]
    return FileList(shown, version.files.count(), withheld=False)


def _shown(version: DatasetVersion, file: DatasetFile, *, downloads: bool) -> ShownFile:
    if downloads and file.storage == DatasetFile.Storage.BLOB:
        return ShownFile(file, file_address(version, file.path), "")
    return ShownFile(file, "", WHEREABOUTS[file.storage])
