"""Words of hubs, read as terms of our vocabularies. What no word tells is "unknown", and said to be."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from catalog.tiers import Stage

NO_THEME: Final = "OP_DATPRO"  # the EU's own term for data whose theme is not settled
UNKNOWN: Final = "unknown"

THEMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("medical", "health", "healthcare", "psychology"), "HEAL"),
        **dict.fromkeys(("legal", "law"), "JUST"),
        **dict.fromkeys(("finance", "banking", "insurance", "economics", "advertising"), "ECON"),
        **dict.fromkeys(("education", "music", "game", "sports", "fashion", "history", "art"), "EDUC"),
        **dict.fromkeys(("climate", "environment", "ecology"), "ENVI"),
        **dict.fromkeys(("agriculture", "food"), "AGRI"),
        **dict.fromkeys(("government", "politics"), "GOVE"),
        **dict.fromkeys(("geospatial",), "REGI"),
        **dict.fromkeys(("energy",), "ENER"),
        **dict.fromkeys(("transport", "transportation"), "TRAN"),
        **dict.fromkeys(("code", "programming", "cybersecurity", "automation", "robotics"), "TECH"),
        **dict.fromkeys(("science", "biology", "mathematics", "math", "chemistry"), "TECH"),
        **dict.fromkeys(("physics", "astronomy"), "TECH"),
    }
)
MODALITIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(
            ("text", "nlp", "text-generation", "text-classification", "question-answering"), "text"
        ),
        **dict.fromkeys(("summarization", "translation", "language-modeling", "fill-mask"), "text"),
        **dict.fromkeys(("token-classification", "text2text-generation", "sentence-similarity"), "text"),
        **dict.fromkeys(
            ("image", "imagefolder", "image-classification", "object-detection", "vision"), "image"
        ),
        **dict.fromkeys(("image-segmentation", "computer-vision"), "image"),
        **dict.fromkeys(("audio", "speech", "soundfolder", "audio-classification", "music"), "audio"),
        **dict.fromkeys(("video", "video-classification"), "video"),
        **dict.fromkeys(("tabular", "tabular-classification", "tabular-regression"), "tabular"),
        **dict.fromkeys(("code",), "code"),
        **dict.fromkeys(("image-to-text", "text-to-image", "visual-question-answering"), "multimodal"),
        **dict.fromkeys(("automatic-speech-recognition", "text-to-speech", "multimodal"), "multimodal"),
        **dict.fromkeys(("image-text-to-text", "video-text-to-text"), "multimodal"),
    }
)
ARTIFACT_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("dpo", "rlhf", "preference", "reinforcement_learning"), "preference"),
        **dict.fromkeys(("finetuning", "sft", "instruction_following", "instruction-tuning"), "sft"),
        **dict.fromkeys(("pretraining", "pre-training", "language-modeling"), "pre-training"),
        **dict.fromkeys(("evaluation", "benchmark", "eval"), "eval"),
    }
)
SIZES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("< 1K", "n<1K"), "fewer than 1,000 records"),
        **dict.fromkeys(("1K - 10K", "1K<n<10K"), "1,000 to 10,000 records"),
        **dict.fromkeys(("10K - 100K", "10K<n<100K"), "10,000 to 100,000 records"),
        **dict.fromkeys(("100K - 1M", "100K<n<1M"), "100,000 to 1,000,000 records"),
        **dict.fromkeys(("1M - 10M", "1M<n<10M"), "1,000,000 to 10,000,000 records"),
        **dict.fromkeys(("10M - 100M", "10M<n<100M"), "10,000,000 to 100,000,000 records"),
        **dict.fromkeys(("100M - 1B", "100M<n<1B"), "100,000,000 to 1,000,000,000 records"),
    }
)
"""Ranges that hubs give; a range is no count, so that it stays a keyword and becomes no size."""


def themes_of(words: Iterable[str]) -> list[str]:
    """Return the EU themes that words of domains stand for, or the one that says: not settled."""
    found = dict.fromkeys(THEMES[word] for word in map(str.lower, words) if word in THEMES)
    return list(found) or [NO_THEME]


def modality_of(words: Iterable[str]) -> str:
    """Return the one modality that words tell; several are "multimodal", none is "unknown"."""
    found = {MODALITIES[word] for word in map(str.lower, words) if word in MODALITIES}
    return found.pop() if len(found) == 1 else "multimodal" if found else UNKNOWN


def artifact_type_of(words: Iterable[str]) -> str:
    """Return the stage of work that words tell; "unknown" where they tell none or several."""
    found = {ARTIFACT_TYPES[word] for word in map(str.lower, words) if word in ARTIFACT_TYPES}
    return found.pop() if len(found) == 1 else UNKNOWN


def stages_of(model_training: bool | str) -> list[str]:
    """Return all stages where the licence's text permits training, and else the narrowest use alone."""
    return [str(stage) for stage in Stage] if model_training is True else [str(Stage.CERTIFICATION_EVIDENCE)]
