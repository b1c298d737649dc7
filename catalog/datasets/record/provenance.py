"""Where data come from and how they were made (DG:2)."""

from pydantic import Field

from catalog.datasets.record.coverage import Period
from catalog.datasets.record.parts import LongText, Part, WebAddress
from catalog.datasets.vocabulary import CollectionMethod


class Creator(Part):
    """A person or body that made the data; ``address`` is an ORCID, a ROR or another page about them."""

    name: str = Field(min_length=1, max_length=200)
    address: WebAddress | None = None


class Collection(Part):
    """How and when the data were collected."""

    methods: list[CollectionMethod] = Field(default=[], max_length=20)
    period: Period | None = None


class Source(Part):
    """A pinned version of another entry that these data were derived from; its tier binds (DG:5, DM:8)."""

    dataset: str = Field(min_length=1, max_length=120, pattern=r"^[\w-]+$")
    version: int = Field(ge=1)


class Synthetic(Part):
    """The model that generated the data, and the terms that its outputs are under."""

    generator: str = Field(min_length=1, max_length=300)
    terms: str = Field(default="", max_length=1000)


class Processing(Part):
    """What was done with the data since they were collected."""

    curation: LongText = ""
    deduplication: LongText = ""
    filters: LongText = ""
    tools: LongText = ""
