from tests.catalog.api.entries import four_tiers, insider, own_places

__all__ = ["four_tiers", "insider", "own_places"]
