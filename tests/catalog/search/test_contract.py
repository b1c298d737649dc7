"""What every search backend must do. A new backend joins by a line in `BACKENDS`."""

import threading
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.search.index import Document, Query, SearchUnavailableError
from catalog.search.tantivy_index import TantivyIndex
from provenance.actors import CONSORTIUM, PUBLIC, member_audience

BACKENDS = {"tantivy": TantivyIndex}
EVERYBODY = frozenset({PUBLIC})
LOOM = member_audience("loom")


@pytest.fixture(params=BACKENDS)
def make_index(request, tmp_path):
    return lambda: BACKENDS[request.param](tmp_path)


@pytest.fixture
def index(make_index):
    return make_index()


def entry(slug, title="", *, audience=PUBLIC, **fields):
    texts = {"summary": "", "about": slug, "stamp": "1", "created": 1, **fields}
    facets = {"tier": ("open",), **texts.pop("facets", {})}
    return Document(slug=slug, audience=audience, title=title, facets=facets, **texts)


def ask(index, text="", audiences=EVERYBODY, **more):
    return index.search(Query(audiences=audiences, text=text, **more))


def counts(results, name):
    return {item.value: item.count for item in results.facets[name]}


def test_a_document_is_found_as_soon_as_put_returns(index):
    index.put([entry("folk-songs", "Folk songs of the delta")])
    assert ask(index, "delta").hits == ("folk-songs",)


def test_another_reader_sees_it_at_once(index, make_index):
    reader = make_index()
    assert ask(reader).total == 0
    index.put([entry("a", "weaving")])
    assert ask(reader, "weaving").hits == ("a",)
    index.put([entry("a", "spinning")])
    assert ask(reader, "weaving").hits == ()


def test_putting_again_replaces(index):
    index.put([entry("a", "old name")])
    index.put([entry("a", "new name")])
    assert (index.count(), ask(index, "old").total, ask(index, "new").total) == (1, 0, 1)


def test_removing_forgets_and_unknown_slugs_are_no_error(index):
    index.put([entry("a", "x-ray"), entry("b", "x-ray")])
    index.remove(["a", "never-there"])
    assert ask(index, "x-ray").hits == ("b",)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Child care in villages", "childcare"),
        ("Childcare in villages", "child care"),
        ("Child-care in villages", "childcare"),
        ("Bài hát Đà Nẵng", "da nang"),
        ("Bai hat Da Nang", "ĐÀ NẴNG"),
        ("Straßennamen", "STRASSE"),
        ("世界人権宣言", "人権"),
        ("世界人権宣言", "世界 宣言"),
        ("猫の辞書", "猫"),
        ("प्रेमचंद की कहानियाँ", "कहानियाँ"),
        ("សេចក្តីប្រកាសជាសកល", "សកល"),
        ("ໃບປະກາດສາກົນ", "ສາກົນ"),
        ("Medical dictations", "medic"),
        ("A dataset of letters", "datasets letter"),
        ("Letters from farmers to their children", "letters by farmers to children"),
        ("ＦＵＬＬ　ｗｉｄｔｈ", "full width"),
    ],
)
def test_words_meet_across_spelling_script_and_form(index, title, text):
    index.put([entry("a", title), entry("b", "Nothing alike")])
    assert ask(index, text).hits == ("a",)


@pytest.mark.parametrize(
    ("title", "text"), [("世界人権宣言", "権人"), ("Vietnamese law", "law of the sea"), ("कल", "कुल")]
)
def test_words_that_differ_do_not_meet(index, title, text):
    index.put([entry("a", title)])
    assert ask(index, text).total == 0


def test_a_title_weighs_more_than_a_summary_and_that_more_than_a_description(index):
    filler = "unrelated words that make each text about as long as the others"
    index.put(
        [entry("c", filler, description="looms"), entry("b", filler, summary="looms"), entry("a", "looms")]
    )
    assert ask(index, "looms").hits == ("a", "b", "c")


def test_without_words_the_newest_come_first(index):
    index.put([entry("old", created=1), entry("new", created=3), entry("middle", created=2)])
    assert ask(index).hits == ("new", "middle", "old")


def test_pages_follow_one_another_without_gap_or_overlap(index):
    index.put([entry(f"e{n:02}", "same title", created=n) for n in range(25)])
    pages = [ask(index, "title", offset=start, limit=10).hits for start in (0, 10, 20, 30)]
    assert [len(page) for page in pages] == [10, 10, 5, 0]
    assert len(set().union(*pages)) == 25


def test_filters_are_alternatives_within_and_add_up_across(index):
    index.put(
        [
            entry("a", facets={"tier": ("open",), "language": ("vi", "fr")}),
            entry("b", facets={"tier": ("open",), "language": ("ja",)}),
            entry("c", facets={"tier": ("train-only",), "language": ("vi",)}),
        ]
    )
    filters = {"language": frozenset({"vi", "ja"}), "tier": frozenset({"open"})}
    assert set(ask(index, filters=filters).hits) == {"a", "b"}


def test_every_facet_value_leads_to_as_many_hits_as_it_promises(index):
    languages = [("vi",), ("vi", "fr"), ("ja",), ("pt", "pt-BR")]
    index.put([entry(f"e{n}", "corpus", facets={"language": languages[n % 4]}) for n in range(10)])
    for value, count in counts(ask(index, "corpus"), "language").items():
        assert ask(index, "corpus", filters={"language": frozenset({value})}).total == count > 0


def test_inv_6_a_hidden_entry_changes_nothing_that_an_outsider_observes(index):
    index.put([entry("a", "harvest diary"), entry("b", "harvest songs of the harvest", summary="diary")])
    before = [ask(index, text) for text in ("harvest", "diary", "harvest diary", "")]
    index.put([entry(f"s{n}", "harvest", audience=LOOM, facets={"language": ("vi",)}) for n in range(30)])
    assert [ask(index, text) for text in ("harvest", "diary", "harvest diary", "")] == before


def test_inv_6_its_own_member_finds_it_among_the_public_ones(index):
    index.put([entry("a", "harvest"), entry("s", "harvest", audience=LOOM, facets={"tier": ("private",)})])
    found = ask(index, "harvest", audiences=frozenset({PUBLIC, LOOM}))
    assert (set(found.hits), found.total, counts(found, "tier")) == ({"a", "s"}, 2, {"open": 1, "private": 1})


def test_inv_6_an_entry_that_becomes_private_vanishes_for_the_others(index):
    index.put([entry("a", "harvest")])
    index.put([entry("a", "harvest", audience=LOOM)])
    assert (ask(index, "harvest").total, index.count()) == (0, 1)


def test_inv_6_details_are_found_by_the_consortium_alone(index):
    index.put([entry("a", "Letters", details="parish registers")])
    assert ask(index, "parish").total == 0
    assert ask(index, "parish", audiences=EVERYBODY | {CONSORTIUM}).hits == ("a",)


@pytest.mark.parametrize(
    "text", ["title:[a TO *]", "AND OR NOT", '"', "\\", "\x00\ud800", "()" * 5000, "*?~^", "a" * 99_999]
)
def test_hostile_words_are_only_words(index, text):
    index.put([entry("a", "plain")])
    assert ask(index, text).hits == ()


def test_any_text_at_all_is_a_query(index):
    index.put([entry("a", "plain")])

    @settings(max_examples=60, deadline=None)
    @given(st.text(st.characters(codec=None), max_size=60))
    def asked(text):
        ask(index, text)

    asked()


def test_any_title_at_all_can_be_put_and_found(index):
    titles = ["\x00 nul", "emoji 🧵🪡", "x" * 100_000, "ﷺ", "\u202eright\u202c", "İ"]
    index.put([entry(f"e{n}", title) for n, title in enumerate(titles)])
    assert ask(index, "🧵 emoji").hits == ("e1",)


def test_writers_take_turns(make_index):
    writers = [make_index() for _ in range(4)]
    threads = [
        threading.Thread(target=lambda n=n, writer=writer: writer.put([entry(f"w{n}")]))
        for n, writer in enumerate(writers)
    ]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert ask(make_index()).total == 4


def test_stamps_tell_what_is_known_of_every_audience(index):
    index.put([entry("a"), replace(entry("b", audience=LOOM), stamp="2")])
    assert dict(index.stamps()) == {"a": "1", "b": "2"}


def test_a_broken_index_says_so_and_clearing_mends_it(index, tmp_path):
    index.put([entry("a", "cloth")])
    for meta in tmp_path.rglob("meta.json"):
        meta.write_text("{")
    with pytest.raises(SearchUnavailableError):
        ask(index, "cloth")
    with pytest.raises(SearchUnavailableError):
        index.check()
    index.clear()
    index.put([entry("a", "cloth")])
    assert ask(index, "cloth").total == 1
