"""Recomputing the consortium's bases: by any node, and from a kept folder by anybody (INV-5)."""
