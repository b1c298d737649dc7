"""No field of the record without a question, and no answer that a form loses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.datasets.record import DatasetRecord
from catalog.pages.proposals.forms.base import value_at
from catalog.pages.proposals.forms.fields import in_percent, read_percent
from catalog.pages.proposals.steps import STEPS
from catalog.pages.records import QUESTIONS, rows_of
from catalog.proposals.wording import OTHER, wording_of
from tests.pages.maximal import MAXIMAL, questions

pytestmark = pytest.mark.django_db
PATHS = sorted(set(questions()) - {"affirmed", "title", "summary", "description"})


def forms_of(record):
    """Yield each step's form as a browser sends it back untouched."""
    for step in STEPS:
        if step.form is not None:
            shown = step.form(initial=step.form.from_record(record))
            typed = {name: shown[name].value() for name in shown.fields}
            form = step.form({name: value for name, value in typed.items() if value is not None})
            assert form.is_valid(), (step.slug, form.errors)
            yield form


def without(part, left_out, prefix=""):
    """Return a part of a record without these answers, and without parts of which none is left."""
    kept = {}
    for name, value in part.items():
        path = prefix + name
        nested = any(each.startswith(f"{path}.") for each in PATHS)
        inner = without(value, left_out, f"{path}.") if nested else value
        if path not in left_out and inner != {}:
            kept[name] = inner
    return kept


def typed_again(record):
    patches = [form.as_patch() for form in forms_of(record)]
    together = {name: value for patch in patches for name, value in patch.items() if value is not None}
    return {**together, "affirmed": True}


def test_the_example_answers_every_question_well():
    assert DatasetRecord.model_validate(MAXIMAL).model_dump(mode="json", exclude_none=True) == MAXIMAL
    assert [path for path in questions() if value_at(MAXIMAL, path) is None] == []


def test_each_field_of_the_record_is_asked_on_exactly_one_step():
    asked = [name for form in forms_of(MAXIMAL) for name in form.as_patch()]
    assert sorted([*asked, "affirmed"]) == sorted(DatasetRecord.model_fields)


def test_each_answer_stands_in_exactly_one_row_of_its_own_step():
    assert sorted(question.path for question in QUESTIONS) == sorted(set(questions()) - {"affirmed"})
    asked = {name: step.slug for step in STEPS if step.form for name in step.form({}).fields}
    for question in QUESTIONS:
        name = question.path.replace(".", "_")
        assert asked.get(name, question.step) == question.step, question.path


def test_each_field_has_words_for_its_findings():
    assert [name for name in DatasetRecord.model_fields if wording_of(name) is OTHER] == []


def test_every_answer_is_shown_and_none_of_them_as_a_code():
    shown = {row.path: [line.text for line in row.lines] for row in rows_of(MAXIMAL)}
    assert all(shown.values())
    assert shown["shares"] == ["Tiếng Việt (vi): 60.7 %", "ខ្មែរ (km): 39 %"]
    assert shown["rights.commercial_use"] == ["Not known"]
    assert shown["sources"] == ["envelopes, version 3", "stamps, version 1"]
    assert shown["screening"][0] == "Personal data that identify people: removed"
    assert shown["temporal.start"] == ["21 July 1954"]


def test_a_record_comes_back_from_the_forms_as_it_was():
    assert typed_again(MAXIMAL) == MAXIMAL


@settings(max_examples=20, deadline=None)
@given(st.sets(st.sampled_from(PATHS)))
def test_so_does_every_unfinished_one(left_out):
    draft = without(MAXIMAL, left_out)
    assert typed_again(draft) == draft


@given(st.floats(0, 1))
def test_a_share_loses_no_digit_in_percent(share):
    assert read_percent(in_percent(share)) == share
