"""The words of our JSON-LD documents, and a way to read such documents that never leaves this machine.

Documents carry their context in full: whoever keeps one can read it in ten years, offline, without us.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final, NoReturn

from pyld import jsonld

MEDIA_TYPE: Final = "application/ld+json"
_CONTEXTS: Final = Path(__file__).parent / "contexts"


@cache
def load_context(name: str) -> dict[str, Any]:
    """Return one of the shipped contexts by name; treat it as frozen.

    Raises:
        FileNotFoundError: we ship none of that name.
    """
    context: dict[str, Any] = json.loads((_CONTEXTS / f"{name}.jsonld").read_text("utf-8"))["@context"]
    return context


def refuse_to_load(url: str, _options: dict[str, Any]) -> NoReturn:
    """Stand in PyLD's document loader: a document from outside must not make us call anywhere.

    Raises:
        JsonLdError: always.
    """
    raise jsonld.JsonLdError(
        f"{url} is not loaded", "jsonld.LoadDocumentError", code="loading document failed"
    )


def expand(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Expand a document (JSON-LD 1.1 API, §5.1) without any fetch.

    Raises:
        JsonLdError: it is no JSON-LD, or refers to a context that lies elsewhere.
    """
    expanded: list[dict[str, Any]] = jsonld.expand(document, {"documentLoader": refuse_to_load, "base": ""})
    return expanded


def to_nquads(document: dict[str, Any]) -> str:
    """Return the document as canonical N-Quads (RDF Dataset Canonicalization), one statement a line."""
    options = {
        "documentLoader": refuse_to_load,
        "base": "",
        "algorithm": "URDNA2015",
        "format": "application/n-quads",
    }
    quads: str = jsonld.normalize(document, options)
    return quads
