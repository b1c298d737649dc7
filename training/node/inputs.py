"""Bringing a job's files together: pulled ones through the API, local ones from the member's own folder."""

from pathlib import Path

from training.manifest import Access, JobManifest
from training.node.client import Coordinator, hash_file
from training.node.errors import Refused
from training.node.home import NodeHome
from training.node.request import InputFile, Weights


def gather(manifest: JobManifest, *, home: NodeHome, coordinator: Coordinator) -> list[InputFile]:
    """Return every input file, present on this machine and with the hash that the manifest names.

    Raises:
        Refused: ``local-file-missing`` or ``local-file-changed``: the member's data are not what was agreed.
        JobError: ``input-mismatch`` for pulled files.
    """
    found = []
    for entry in manifest.inputs:
        for file in entry.files:
            if file.access is Access.LOCAL:
                path = _own_file(home.data / entry.dataset / file.path, sha256=file.sha256)
            else:
                path = pull(
                    sha256=file.sha256,
                    size=file.bytes,
                    job=str(manifest.job_id),
                    home=home,
                    coordinator=coordinator,
                )
            found.append(
                InputFile(path=path, language=file.language, version=entry.version_digest, part=file.part)
            )
    return found


def gather_weights(manifest: JobManifest, *, home: NodeHome, coordinator: Coordinator) -> list[Weights]:
    """Return the base, then each candidate, pulled and checked."""
    job = str(manifest.job_id)
    return [
        Weights(
            digest=model.digest,
            path=pull(sha256=model.sha256, size=model.bytes, job=job, home=home, coordinator=coordinator),
        )
        for model in (manifest.base, *manifest.candidates)
    ]


def pull(*, sha256: str, size: int, job: str, home: NodeHome, coordinator: Coordinator) -> Path:
    """Return the cached file with this hash, fetched through the API when it is not there yet."""
    target = home.cache / sha256
    if not (target.exists() and hash_file(target)[0].hex() == sha256):
        coordinator.fetch(f"/api/v1/jobs/{job}/inputs/{sha256}", target, sha256=sha256, size=size)
    return target


def _own_file(path: Path, *, sha256: str) -> Path:
    if not path.is_file():
        raise Refused("local-file-missing", f"{path} is not here")
    if hash_file(path)[0].hex() != sha256:
        raise Refused("local-file-changed", f"{path} is not the file that the dataset's version describes")
    return path.absolute()
