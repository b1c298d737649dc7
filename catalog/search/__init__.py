"""Finding entries. The rest of the house asks `search_datasets` (reads.py); only workers write the index."""

from functools import cache
from pathlib import Path

from django.conf import settings

from catalog.search.index import SearchIndex
from catalog.search.tantivy_index import TantivyIndex


@cache
def get_index() -> SearchIndex:
    """Return this process's handle on the index under ``settings.VAR``."""
    return TantivyIndex(Path(settings.VAR) / "search")
