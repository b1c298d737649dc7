"""Descriptions of single datasets as others publish them: Croissant, DCAT and dataset cards.

What a description does not state stays open. No reader loads anything from anywhere: every byte that is
read was handed in.
"""

from catalog.intake.readers.reading import Candidate, Kind, Reading, read_all, read_description

__all__ = ["Candidate", "Kind", "Reading", "read_all", "read_description"]
