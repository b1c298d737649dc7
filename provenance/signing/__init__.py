"""Canonical JSON, keys, proofs, envelopes and request signatures. Pure: no Django, no database.

Nodes and any outside verifier import exactly these modules (DESIGN.md §1, §6).
"""
