"""One Tantivy index on disk: opening, reading the newest commit, writing under its lock."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import tantivy

from catalog.search.index import FACETS, SearchUnavailableError

WRITER_BYTES: Final = 15_000_000  # the least that Tantivy takes for its one thread
LOCK_SECONDS: Final = 20.0
TEXT_FIELDS: Final = ("title", "summary", "about", "description", "details")


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("slug", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("stamp", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("created", fast=True)
    for name in TEXT_FIELDS:
        builder.add_text_field(name, tokenizer_name="terms", index_option="freq")
    for name in FACETS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


SCHEMA: Final = _schema()


class Shelf:
    """The documents of one audience. Reading notices what other processes committed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index: tantivy.Index | None = None
        self._seen: tuple[int, int] | None = None

    def reader(self) -> tantivy.Searcher | None:
        """Return a searcher over the newest commit; None where nothing was ever put.

        Raises:
            SearchUnavailableError: the files can not be read.
        """
        try:
            meta = (self.folder / "meta.json").stat()
        except FileNotFoundError:
            return None
        # Every commit renames a new meta.json into place, so these two change with it.
        now = (meta.st_ino, meta.st_mtime_ns)
        try:
            if self._index is None or now != self._seen:
                self._index = self._open()
                self._seen = now
            return self._index.searcher()
        except (ValueError, OSError) as error:
            self._index = None
            raise SearchUnavailableError(f"{self.folder.name}: {error}") from None

    def write(self, change: Callable[[tantivy.IndexWriter], None]) -> None:
        """Apply ``change`` and commit it, waiting for another writer to finish.

        Raises:
            SearchUnavailableError: the files can not be read, or another writer kept the lock for 20 s.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            writer = self._writer(self._open())
            try:
                change(writer)
                writer.commit()
            except BaseException:
                writer.rollback()
                raise
            finally:
                writer.wait_merging_threads()
        except (ValueError, OSError) as error:
            raise SearchUnavailableError(f"{self.folder.name}: {error}") from None

    def discard(self) -> None:
        """Delete the files, readable or not."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._index = None

    def _open(self) -> tantivy.Index:
        index = tantivy.Index(SCHEMA, path=str(self.folder))
        index.config_reader("manual")
        # The terms come from catalog.search.analysis, separated by spaces.
        index.register_tokenizer("terms", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        return index

    def _writer(self, index: tantivy.Index) -> tantivy.IndexWriter:
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                return index.writer(WRITER_BYTES, 1)
            except ValueError as error:
                if "LockBusy" not in str(error) or time.monotonic() > deadline:
                    raise
            time.sleep(0.05)
