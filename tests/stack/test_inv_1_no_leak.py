"""INV-1 on the running program: no sentence of a closed text lies anywhere in the coordinator's folder."""

import psycopg
import pytest

from catalog.tiers import Tier
from tapestry.demonstration import leak_search
from tapestry.demonstration.facts import corpus_path, load_consortium

pytestmark = pytest.mark.stack


@pytest.fixture
def settled(running):
    """A round has used the texts, and the database has written down what it held in memory."""
    running.no_round_runs()
    with psycopg.connect(running.environment.database_url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    return running


def test_inv_1_no_sentence_of_a_closed_text_is_in_the_coordinators_files(settled):
    searched = leak_search.search(settled.var, leak_search.guarded_sentences(load_consortium()))
    assert searched.found == ()
    assert searched.sentences > 100
    assert searched.bytes > 1_000_000


def test_inv_1_the_same_search_finds_what_the_coordinator_may_hold(settled):
    entry = next(entry for entry in load_consortium().datasets if entry.tier == Tier.OPEN)
    lines = corpus_path(entry.files[0].removesuffix(".txt")).read_text("utf-8").splitlines()
    sentence = max(lines, key=len)
    found = leak_search.search(settled.var, [sentence]).found
    assert {path.relative_to(settled.var).parts[0] for path, _ in found} == {"blobs"}


def test_inv_1_no_sentence_of_a_closed_text_is_in_the_database(settled):
    sentences = leak_search.guarded_sentences(load_consortium())
    searched = leak_search.search_database(settled.environment.database_url, sentences)
    assert searched.found == ()
    assert searched.bytes > 100_000


def test_inv_1_the_search_of_the_database_finds_what_is_in_it(settled):
    description = "One heading or paragraph a line."
    searched = leak_search.search_database(settled.environment.database_url, [description])
    assert [sentence for _, sentence in searched.found] == [description]
