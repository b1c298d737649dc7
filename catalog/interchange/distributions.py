from typing import Any

from catalog.datasets.models import DatasetFile, DatasetVersion
from catalog.interchange import authorities
from catalog.interchange.addresses import file_address, version_address
from catalog.interchange.disclosure import may_read_manifest
from catalog.policy import Operation, decide
from catalog.tiers import Tier
from provenance.actors import Actor


def distributions(version: DatasetVersion, actor: Actor) -> list[dict[str, Any]]:
    """Describe a version's files with no more than its tier lets out; the files are expected prefetched.

    A download address stands only where everybody may follow it. Sealed files, and those of a summarised tier
    for readers outside the consortium, are one distribution that leads to the version's page.
    """
    sealed = Tier(version.tier) is Tier.PRIVATE
    if sealed or not may_read_manifest(actor, version):
        return [_shared(version)]
    download = decide(actor=actor, operation=Operation.DOWNLOAD, version_or_facts=version).allowed
    return [_of_file(file, version, download=download) for file in version.files.all()]


def _shared(version: DatasetVersion) -> dict[str, Any]:
    node = {"@type": "dcat:Distribution", "accessURL": version_address(version)}
    document = authorities.licence(version.record["licence"])
    return {**node, "license": document} if document else node


def _of_file(file: DatasetFile, version: DatasetVersion, *, download: bool) -> dict[str, Any]:
    node = {
        **_shared(version),
        "@id": f"{version_address(version)}#{file.sha256}",
        "title": {"en": file.path},
        "mediaType": authorities.media_type(file.media_type),
        "byteSize": str(file.bytes),
        "checksum": {
            "@type": "spdx:Checksum",
            "algorithm": {"@id": "spdx:checksumAlgorithm_sha256", "@type": "spdx:ChecksumAlgorithm"},
            "checksumValue": file.sha256,
        },
    }
    if download and file.storage == DatasetFile.Storage.BLOB:
        node["downloadURL"] = file_address(version, file.path)
    return node
