"""What the parts of a record share: closed models, texts per language, words of vocabularies."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from catalog.datasets.vocabulary import LanguageTag, check_country


def _has_some_text(texts: dict[str, str]) -> dict[str, str]:
    kept = {language: text.strip() for language, text in texts.items() if text.strip()}
    if not kept:
        raise ValueError("write it in at least one language")
    return kept


TextPerLanguage = Annotated[dict[LanguageTag, str], AfterValidator(_has_some_text)]
LongText = Annotated[str, Field(max_length=4000)]
WebAddress = Annotated[str, Field(max_length=1000, pattern=r"^https?://[^\s<>\"]+$")]
Country = Annotated[str, AfterValidator(check_country)]
Share = Annotated[float, Field(ge=0, le=1)]
Known = bool | Literal["unknown"]


class Part(BaseModel):
    """Base of all parts: unknown fields are refused, values are not coerced."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
