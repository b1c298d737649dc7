"""The demonstration consortium: real texts, honest metadata, invented institutions (PROVENANCE.md)."""
