"""A made-up HubSpot export of 200 contributions, and the list of everything that is wrong with it.

``FAULTS`` is data: what stands in which row, what the import has to say, and what mends it. All other rows
are faultless.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO

ROWS = 200
HEADINGS = (
    "Record ID",
    "Create Date",
    "Primary contact name",
    "Primary contact email",
    "Organization",
    "Dataset name",
    "Summary",
    "Dataset URL",
    "Dataset description",
    "Dataset license",
    "Domain",
    "Modality",
    "Language",
    "Use cases",
    "Start date",
    "Commercial use",
    "Model training",
    "Redistribution",
    "Attribution",
    "Community",
    "Number of records",
    "Data tier",
    "Personal data",
    "Stage of work",
    "Allowed stages",
    "I agree",
)
WORDS = ("river", "harvest", "market", "weaving", "fishing", "school", "temple", "forest", "island", "desert")
LANGUAGES = ("Vietnamese", "French;English", "qu", "Hindi;Telugu", "Swahili", "Arabic")
LICENCES = ("CC-BY-4.0", "cc0-1.0", "Apache-2.0", "MIT", "CDLA-Permissive-2.0")
DOMAINS = ("legal", "education;science", "agriculture", "health")


@dataclass(frozen=True)
class Fault:
    """What stands in one cell of a row, the code that the import gives, and the cells that mend it."""

    row: int
    column: str
    value: str
    code: str
    mended: Mapping[str, str] = field(default_factory=dict)


FAULTS = (
    Fault(3, "Dataset license", "CC something", "licence-unknown", {"Dataset license": "CC-BY-4.0"}),
    Fault(9, "Language", "Hindi;Klingonish", "language-unknown", {"Language": "Hindi"}),
    Fault(14, "Primary contact email", "an at archive.example", "email-malformed",
          {"Primary contact email": "an@archive.example"}),
    Fault(21, "Start date", "31.31.2024", "day-unreadable", {"Start date": "2024-01-31"}),
    Fault(22, "Start date", "03/04/2024", "day-ambiguous", {"Start date": "2024-04-03"}),
    Fault(35, "Dataset name", "", "title-missing", {"Dataset name": "Songs without a name"}),
    Fault(50, "Dataset URL", "https://data.example/sets/12/", "duplicate",
          {"Dataset URL": "https://data.example/sets/50"}),
    Fault(51, "Dataset name", "Stories of the weaving, part 3", "duplicate",
          {"Dataset name": "Other stories"}),
    Fault(66, "", "", "ragged-row", {"I agree": "Yes"}),
    Fault(80, "Dataset name", "Endless " * 60, "text-too-long", {"Dataset name": "Endless songs"}),
    Fault(81, "Community", "People of the " + "long " * 80 + "river", "text-too-long",
          {"Community": "River people"}),
    Fault(90, "Commercial use", "maybe on Tuesdays", "answer-unreadable", {"Commercial use": "No"}),
    Fault(97, "Dataset description", "<p>Read <a href='x'>this</a> first.</p>", "markup",
          {"Dataset description": "Read this first."}),
    Fault(110, "Dataset description", "Caf\ufffd conversations of one year.", "characters-lost",
          {"Dataset description": "Café conversations of one year."}),
    Fault(119, "Number of records", "=SUM(A1:A9)", "number-unreadable", {"Number of records": "9"}),
    Fault(120, "Dataset URL", '=HYPERLINK("https://evil.example")', "address-malformed",
          {"Dataset URL": "https://data.example/sets/120"}),
    Fault(131, "Domain", "astrology", "term-unknown", {"Domain": "SOCI"}),
    Fault(140, "Data tier", "Gold", "tier-unknown", {"Data tier": "open"}),
    Fault(152, "Modality", "smell", "term-unknown", {"Modality": "text"}),
)  # fmt: skip
PRIVATE = (44, 160)
"""Rows that say they are private; ``SECRET`` stands in each of them."""
SECRET = "Ceremony of the hidden spring"
FORMULA = (171, "=cmd|' /C calc'!A0")
"""A row whose community is a text that a spreadsheet would calculate: it stays a text, and is no fault."""


def expected() -> set[tuple[int, str, str]]:
    """What the import has to report, as row, column and code."""
    return {(fault.row, fault.column, fault.code) for fault in FAULTS}


def export() -> bytes:
    """The export, as HubSpot writes it: UTF-8, commas, every cell in quotes."""
    text = StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(HEADINGS)
    for number in range(1, ROWS + 1):
        cells = [row_of(number)[heading] for heading in HEADINGS]
        writer.writerow(cells[:-1] if number == RAGGED else cells)
    return text.getvalue().encode()


def row_of(number: int) -> dict[str, str]:
    """One row by heading, with its fault, if it has one."""
    row = _faultless(number)
    row.update({fault.column: fault.value for fault in FAULTS if fault.row == number and fault.column})
    if number in PRIVATE:
        row |= {"Data tier": "participant-private", "Dataset name": f"{SECRET} {number}"}
    if number == FORMULA[0]:
        row["Community"] = FORMULA[1]
    return row


def _faultless(number: int) -> dict[str, str]:
    word = WORDS[number % len(WORDS)]
    return {
        "Record ID": str(5_000_000 + number),
        "Create Date": f"2026-03-{number % 28 + 1:02} 15:22",
        "Primary contact name": "An Nguyen",
        "Primary contact email": f"an{number}@archive.example",
        "Organization": f"Archive of the {word}",
        "Dataset name": f"Stories of the {word}, part {number}",
        "Summary": f"Told in the {word} and written down.",
        "Dataset URL": f"https://data.example/sets/{number}",
        "Dataset description": f"Stories that people told about the {word}, written down by them.",
        "Dataset license": LICENCES[number % len(LICENCES)],
        "Domain": DOMAINS[number % len(DOMAINS)],
        "Modality": "text",
        "Language": LANGUAGES[number % len(LANGUAGES)],
        "Use cases": "search;translation",
        "Start date": f"2024-{number % 12 + 1:02}-15",
        "Commercial use": "Yes",
        "Model training": "true",
        "Redistribution": "unknown",
        "Attribution": "Yes",
        "Community": f"People of the {word}",
        "Number of records": f"{number},000",
        "Data tier": "open",
        "Personal data": "none",
        "Stage of work": "Pre-training",
        "Allowed stages": "pretraining;evaluation",
        "I agree": "Yes",
    }


RAGGED = next(fault.row for fault in FAULTS if fault.code == "ragged-row")
