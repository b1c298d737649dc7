"""What is known about one file, and about all files of an entry: closed records that become JSON."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]


class Closed(BaseModel):
    """A record that takes no other fields and does not change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sample(Closed):
    """What a sampled fact rests on.

    Attributes:
        records: looked at. of: records there are. method: how they were drawn.
        bound: half-width of the 95 % interval of a share (Wilson 1927); 3/n where nothing was found.
    """

    records: int
    of: int
    method: str
    bound: Share


class Column(Closed):
    """A column of a table; ``type`` as Arrow writes it."""

    name: str
    type: str


class Tokens(Closed):
    """``count`` tokens of the tokenizer named; ``utf-8-bytes`` gives one for each byte of text."""

    tokenizer: str
    count: int
    exact: bool


class LanguageShare(Closed):
    """``share`` of the sampled records in the language ``tag`` (BCP 47); ``und`` where it is not certain."""

    tag: str
    share: Share


class Languages(Closed):
    """Detected languages beside the declared ones.

    Attributes:
        detector: name and version. undeclared: found in a hundredth of the sample or more, not declared.
        not_found: declared and known to the detector, but absent from the sample.
        unrecognisable: declared, and not among the languages that the detector knows.
    """

    detector: str
    detected: tuple[LanguageShare, ...] = ()
    declared: tuple[str, ...] = ()
    undeclared: tuple[str, ...] = ()
    not_found: tuple[str, ...] = ()
    unrecognisable: tuple[str, ...] = ()
    sample: Sample


class Duplicates(Closed):
    """Share of records that repeat an earlier one: byte for byte, or in most of its shingles."""

    exact: Share
    near: Share
    exact_is_sampled: bool
    sample: Sample
    near_sample: Sample


class PersonalDatum(Closed):
    """``count`` finds in the sample; ``per_million_records`` is estimated. The find itself is never kept."""

    kind: str
    count: int
    per_million_records: int


class PersonalData(Closed):
    """Kinds found in the sample; the bound is that of the share of records with any find."""

    found: tuple[PersonalDatum, ...] = ()
    sample: Sample


class Licence(Closed):
    """An SPDX ``expression`` (or LicenseRef) and the file, or the place in it, where it stands."""

    expression: str
    where: str


class Remark(Closed):
    """What is not right with a file that is taken all the same."""

    code: str
    message: str


class CodeShare(Closed):
    """Files and bytes of one programming language, by the names' endings."""

    language: str
    files: int
    bytes: int


class FileFacts(Closed):
    """Facts about one file. Sizes are in bytes; ``sketch`` is what ``catalog.facts.sketch`` compares.

    Attributes:
        format: of the content, the most frequent one in an archive. members: files in archives, all levels.
        sha256, bytes: of the file as it is. unpacked_bytes: of its content.
        records: lines of text, rows of tables, records of WARC; 0 for binary data.
        encoding_errors: byte sequences that are not UTF-8.
    """

    inspector: str
    name: str
    format: str
    compression: str = "none"
    archive: str = "none"
    members: int = 0
    sha256: str
    bytes: int
    unpacked_bytes: int
    records: int = 0
    columns: tuple[Column, ...] = ()
    tokens: Tokens
    encoding_errors: int = 0
    languages: Languages | None = None
    duplicates: Duplicates | None = None
    personal_data: PersonalData | None = None
    licences: tuple[Licence, ...] = ()
    code: tuple[CodeShare, ...] = ()
    sketch: tuple[int, ...] = ()
    preview: tuple[tuple[str, ...], ...] = ()
    remarks: tuple[Remark, ...] = ()


class EntryFacts(Closed):
    """Facts about all files of an entry; shares of languages are weighted by unpacked bytes.

    Attributes:
        duplicate_files: groups of names of files with the same bytes.
        language_bound: half-width of the 95 % interval, the widest of the files'.
    """

    inspector: str
    files: int
    bytes: int
    unpacked_bytes: int
    records: int
    tokens: Tokens
    encoding_errors: int
    formats: tuple[str, ...] = ()
    languages: tuple[LanguageShare, ...] = ()
    language_bound: Share = 0.0
    undeclared: tuple[str, ...] = ()
    not_found: tuple[str, ...] = ()
    unrecognisable: tuple[str, ...] = ()
    exact_duplicates: Share | None = None
    near_duplicates: Share | None = None
    duplicate_files: tuple[tuple[str, ...], ...] = ()
    personal_data: tuple[PersonalDatum, ...] = ()
    licences: tuple[Licence, ...] = ()
    sketch: tuple[int, ...] = ()
    remarks: tuple[Remark, ...] = ()
