"""The YAML at the head of a card, with the keys that the Hugging Face Hub reads.

Source: the Hub's documentation of dataset cards, and `huggingface_hub.DatasetCardData`, which tests ask.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import yaml
from langcodes import Language
from langcodes.tag_parser import LanguageTagError

from catalog.cards.escaping import one_line
from catalog.cards.hub_licences import hub_licence
from catalog.datasets.models import DatasetVersion
from catalog.design.languages import choose_text
from catalog.interchange.addresses import version_address
from catalog.interchange.authorities import licence

# (below this many records, the Hub's word for it)
SIZES: Final = (
    (10**3, "n<1K"),
    (10**4, "1K<n<10K"),
    (10**5, "10K<n<100K"),
    (10**6, "100K<n<1M"),
    (10**7, "1M<n<10M"),
    (10**8, "10M<n<100M"),
    (10**9, "100M<n<1B"),
    (10**10, "1B<n<10B"),
    (10**11, "10B<n<100B"),
    (10**12, "100B<n<1T"),
)
# What language models are trained on; of other uses nobody told us the task.
_TASKS: Final = dict.fromkeys(("pre-training", "sft"), "text-generation")
_LONGEST_BASE: Final = 3  # letters of a language's own code


def front_matter(version: DatasetVersion, record: Mapping[str, Any], *, language: str) -> str:
    """Return the YAML of what ``record`` tells, between its two lines of dashes.

    ``record`` is what the reader may read of the version; ``language`` chooses the title.
    """
    data = {key: value for key, value in _data(version, record, language).items() if value}
    # The safe dumper quotes whatever could be read as something else, and indents what follows a line break.
    dumped = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100)
    return f"---\n{dumped}---\n"


def _data(version: DatasetVersion, record: Mapping[str, Any], language: str) -> dict[str, Any]:
    tags = [str(tag) for tag in record.get("languages") or ()]
    return {
        "pretty_name": one_line(choose_text(version.titles, language).text),
        "language": _base_codes(tags),
        "language_bcp47": [tag for tag in tags if "-" in tag],
        **_licence(record.get("licence"), version),
        "multilinguality": [_multilinguality(len(_base_codes(tags)))] if tags else [],
        "size_categories": [found] if (found := size_category(_records(version, record))) else [],
        "task_categories": _tasks(record),
        "annotations_creators": ["machine-generated"] if record.get("synthetic") else [],
        "source_datasets": [f"{each['dataset']}@{each['version']}" for each in record.get("sources") or ()],
        "tags": _tags(version, record),
        "tapestry": {
            "tier": version.tier,
            "version": version.number,
            "sha256": version.digest,
            "url": version_address(version),
        },
    }


def size_category(records: int) -> str:
    """Return the Hub's word for a number of records; empty for none, which says that nobody counted."""
    if records <= 0:
        return ""
    return next((word for bound, word in SIZES if records < bound), "n>1T")


def _records(version: DatasetVersion, record: Mapping[str, Any]) -> int:
    return version.records or int((record.get("size") or {}).get("records") or 0)


def _base_codes(tags: Sequence[str]) -> list[str]:
    """Return the languages' own codes, each once; the Hub knows ISO 639 and no regions."""
    return list(dict.fromkeys(code for tag in tags if (code := _base_code(tag))))


def _base_code(tag: str) -> str:
    try:
        code = Language.get(tag).language or ""
    except LanguageTagError:
        return ""
    return code if len(code) <= _LONGEST_BASE else ""


def _multilinguality(languages: int) -> str:
    return "multilingual" if languages > 1 else "monolingual"


def _licence(expression: str | None, version: DatasetVersion) -> dict[str, str]:
    if not expression:
        return {}
    known = hub_licence(expression)
    if known != "other":
        return {"license": known}
    document = licence(expression) or {}
    link = document.get("@id") or version_address(version)
    return {"license": known, "license_name": one_line(expression), "license_link": link}


def _tasks(record: Mapping[str, Any]) -> list[str]:
    task = _TASKS.get(str(record.get("artifact_type")))
    return [task] if task and record.get("modality") == "text" else []


def _tags(version: DatasetVersion, record: Mapping[str, Any]) -> list[str]:
    words = ["tapestry", f"tier:{version.tier}", record.get("artifact_type"), record.get("modality")]
    keywords = [one_line(str(word)) for word in record.get("keywords") or ()]
    return list(dict.fromkeys(str(word) for word in (*words, *keywords) if word))
