"""Brings the shipped vocabularies into the database; what people edited there since stays theirs."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.db import connection

from catalog.vocabularies.models import Term
from catalog.vocabularies.reading import forget_terms

SHIPPED: Final = Path(__file__).parent / "data"


def load_shipped(**_signal: Any) -> int:
    """Add the terms that are shipped and not there yet; return how many. Connected to ``post_migrate``.

    After migrations and not in one: a database that was emptied, as tests do, gets its terms again. One that
    was migrated to a state before this table gets none.
    """
    if Term._meta.db_table not in connection.introspection.table_names():  # noqa: SLF001 - public in Django
        return 0
    rows = list(_shipped())
    before = Term.objects.count()
    Term.objects.bulk_create(rows, ignore_conflicts=True)
    forget_terms()
    return Term.objects.count() - before


def _shipped() -> Iterator[Term]:
    for file in sorted(SHIPPED.glob("*.json")):
        document = json.loads(file.read_text("utf-8"))
        for position, term in enumerate(document["terms"]):
            yield Term(scheme=document["scheme"], position=position, **term)
