"""Files as described: shares of languages by bytes, and one allowed form a tier."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.datasets.files import FileEntry, language_shares, read_files, storage_of
from catalog.tiers import Tier, may_store_bytes


def entry(path, language, size):
    return FileEntry(path=path, sha256="0" * 64, bytes=size, language=language, storage="blob")


@given(st.lists(st.tuples(st.sampled_from(["vi", "fr", "wo"]), st.integers(1, 2**40)), min_size=1))
def test_shares_add_up_to_one(files):
    shares = language_shares([entry(f"{n}.txt", tag, size) for n, (tag, size) in enumerate(files)], ["vi"])
    assert sum(share["share"] for share in shares) == pytest.approx(1, abs=1e-5)


def test_inv_1_exactly_the_tiers_that_allow_it_store_bytes():
    assert [storage_of(tier) == "blob" for tier in Tier] == [may_store_bytes(tier) for tier in Tier]


def test_files_are_read_in_the_order_of_their_paths():
    files = [entry(path, "", 1).as_manifest() for path in ("b.txt", "a.txt")]
    assert [file.path for file in read_files(files)] == ["a.txt", "b.txt"]
