from celery import shared_task
from django.db import connection

from catalog.datasets.models import Dataset
from catalog.search import get_index
from catalog.search.documents import document_of
from catalog.search.index import Document
from catalog.search.reindex import reindex

_MENDING = 0x5EA2C4  # the advisory lock of whoever mends


@shared_task(acks_late=True)  # type: ignore[untyped-decorator]
def index_dataset(dataset_id: int) -> None:
    """Bring one entry's document to what the database says now; done twice it is done once."""
    index = get_index()
    slug, document = _current(dataset_id)
    while True:
        if document is None:
            index.remove([slug])
        else:
            index.put([document])
        # A newer version may have been indexed between our reading and our writing.
        _, newest = _current(dataset_id)
        if newest == document:
            return
        document = newest


@shared_task(acks_late=True)  # type: ignore[untyped-decorator]
def mend_index() -> None:
    """Build a broken index anew; of many requests at once the first one does it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_MENDING])
        if not cursor.fetchone()[0]:
            return
        try:
            reindex(get_index())
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MENDING])


def _current(dataset_id: int) -> tuple[str, Document | None]:
    dataset = Dataset.objects.select_related("member").get(pk=dataset_id)
    if dataset.state != Dataset.State.PUBLISHED:
        return dataset.slug, None
    return dataset.slug, document_of(dataset, dataset.newest)
