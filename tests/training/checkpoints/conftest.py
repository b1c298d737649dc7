from tests.catalog.api.entries import four_tiers, own_places

__all__ = ["four_tiers", "own_places"]
