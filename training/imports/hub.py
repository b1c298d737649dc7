"""A model's files from a hub that speaks the Hugging Face protocol, at one commit."""

from pathlib import Path
from typing import Final

from training.imports.errors import ImportRefused

WANTED: Final = ("config.json", "*.safetensors", "model.safetensors.index.json", "tokenizer.json")
NOTES: Final = ("LICENSE*", "NOTICE", "README.md")
MOST_BYTES: Final = 2 << 40


def fetch_model(repository: str, folder: Path, *, revision: str = "main", endpoint: str | None = None) -> str:
    """Bring the files that an import reads into ``folder`` and return the commit that they are of.

    Nothing else of the repository is asked for: no code, no pickles. ``HF_TOKEN`` opens repositories that ask
    for consent.

    Raises:
        ImportRefused: ``hub-refused`` with the hub's own words, ``hub-unreachable``, ``model-too-large``.
    """
    import httpx2
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        found = HfApi(endpoint=endpoint).model_info(repository, revision=revision, files_metadata=True)
        commit = str(found.sha)
        total = sum(file.size or 0 for file in found.siblings or ())
        if total > MOST_BYTES:
            raise ImportRefused("model-too-large", f"the repository has {total} bytes")
        snapshot_download(
            repository,
            revision=commit,
            allow_patterns=[*WANTED, *NOTES],
            local_dir=folder,
            endpoint=endpoint,
        )
    except (HfHubHTTPError, HFValidationError) as error:
        raise ImportRefused("hub-refused", str(error).splitlines()[0][:300]) from None
    except (LocalEntryNotFoundError, httpx2.HTTPError, OSError) as error:
        raise ImportRefused("hub-unreachable", f"{type(error).__name__}: {error}"[:300]) from None
    return commit
