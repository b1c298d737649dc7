"""Bringing a job's files together: pulled ones through the API, local ones from the member's own folder."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from training.manifest import Access, JobManifest, TokenizerFile
from training.manifest import Weights as WeightsOf
from training.node.client import Coordinator, hash_file
from training.node.errors import Refused
from training.node.home import NodeHome
from training.node.learning.request import InputFile, Request, TeacherFiles, Weights

Pull: TypeAlias = Callable[[str, int], Path]
"""From a sha256 and a size in bytes to the file on this machine."""


def request_of(manifest: JobManifest, *, home: NodeHome, pull: Pull, processes: int = 1) -> Request:
    """Return what the child needs, every file present on this machine and with the hash that was agreed.

    Raises:
        Refused: ``local-file-missing`` or ``local-file-changed``: the member's data are not what was agreed.
        JobError: ``input-mismatch`` for pulled files.
    """
    tokenizer, teacher = manifest.family.tokenizer, manifest.teacher
    models = (manifest.base, *manifest.candidates)
    return Request(
        architecture=manifest.family.architecture.model_dump(),
        weights=[Weights(digest=model.digest, path=_pulled(model, pull)) for model in models],
        teacher=teacher
        and TeacherFiles(architecture=teacher.architecture.model_dump(), path=_pulled(teacher.weights, pull)),
        files=_files(manifest, home=home, pull=pull, canaries=False),
        canaries=[] if manifest.kind.trains else _files(manifest, home=home, pull=pull, canaries=True),
        mixture=manifest.mixture,
        tokenizer=_pulled(tokenizer, pull) if isinstance(tokenizer, TokenizerFile) else None,
        held_out=manifest.held_out,
        training=manifest.training,
        threads=home.config.threads,
        processes=processes,
    )


def puller(job: str, *, home: NodeHome, coordinator: Coordinator) -> Pull:
    """Return what fetches a job's files through the API into the cache, where they are not there yet."""

    def pull(sha256: str, size: int) -> Path:
        target = home.cache / sha256
        if not (target.exists() and hash_file(target)[0].hex() == sha256):
            coordinator.pull(f"/api/v1/jobs/{job}/inputs/{sha256}", target, sha256=sha256, size=size)
        return target

    return pull


def _pulled(file: WeightsOf | TokenizerFile, pull: Pull) -> Path:
    return pull(file.sha256, file.bytes)


def _files(manifest: JobManifest, *, home: NodeHome, pull: Pull, canaries: bool) -> list[InputFile]:
    """Return the files of data, or of canaries: planted in the data, these are no text of their own."""
    return [
        InputFile(
            path=_own_file(home.data / entry.dataset / file.path, sha256=file.sha256)
            if file.access is Access.LOCAL
            else pull(file.sha256, file.bytes),
            language=file.language,
            version=entry.version_digest,
            part=file.part,
            reading=file.reading,
        )
        for entry in manifest.inputs
        for file in entry.files
        if file.declares_canaries is canaries
    ]


def _own_file(path: Path, *, sha256: str) -> Path:
    if not path.is_file():
        raise Refused("local-file-missing", f"{path} is not here")
    if hash_file(path)[0].hex() != sha256:
        raise Refused("local-file-changed", f"{path} is not the file that the dataset's version describes")
    return path.absolute()
