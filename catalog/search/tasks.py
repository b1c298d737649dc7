from celery import shared_task
from django.core.cache import cache

from catalog.datasets.models import Dataset
from catalog.search import get_index
from catalog.search.documents import document_of
from catalog.search.index import Document
from catalog.search.reindex import reindex

_MENDING_SECONDS = 600


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
    if not cache.add("search:mending", 1, timeout=_MENDING_SECONDS):
        return
    try:
        reindex(get_index())
    finally:
        cache.delete("search:mending")


def _current(dataset_id: int) -> tuple[str, Document | None]:
    dataset = Dataset.objects.select_related("member").get(pk=dataset_id)
    if dataset.state != Dataset.State.PUBLISHED:
        return dataset.slug, None
    return dataset.slug, document_of(dataset, dataset.newest)
