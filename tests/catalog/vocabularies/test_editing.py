"""Terms are added, renamed and retired by maintainers; what a version said stays said."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client

from catalog.members.models import Role
from catalog.proposals.checks import blockers, check_record
from catalog.vocabularies.models import Term
from catalog.vocabularies.reading import terms_of
from catalog.vocabularies.services import add_term, rename_term, retire_term
from provenance.errors import Conflict, DomainError, Invalid, NotFound, NotPermitted
from provenance.events.models import Event
from tests.factories import complete_record, make_actor, make_dataset, make_member, make_submitted

pytestmark = pytest.mark.django_db
FILES = [{"path": "vi.txt", "storage": "blob", "language": "vi"}]


@pytest.fixture
def maintainer():
    return make_actor(make_member(), Role.MAINTAINER)


def weaving(actor):
    return add_term(actor=actor, scheme="theme", code="WEAV", labels={"en": "Weaving", "vi": "Dệt"})


def test_a_new_term_is_usable_in_a_proposal_at_once(maintainer):
    assert "themes.0" in blockers(check_record(complete_record(themes=["WEAV"]), FILES))
    weaving(maintainer)
    make_submitted(themes=["WEAV"])


def test_a_new_term_has_an_address_of_its_own_and_its_event(maintainer, settings):
    term = weaving(maintainer)
    assert term.iri == f"{settings.PUBLIC_URL}/vocabularies/theme/#WEAV"
    event = Event.objects.get(subject="vocabulary:theme/WEAV")
    assert (event.action, event.actor) == ("vocabulary.term-added", maintainer.identifier)


def test_a_retired_term_stays_on_old_versions_and_is_refused_in_new_records(maintainer):
    weaving(maintainer)
    dataset = make_dataset(themes=["WEAV"])
    retire_term(actor=maintainer, scheme="theme", code="WEAV", replaced_by="EDUC")
    assert "themes.0" in blockers(check_record(complete_record(themes=["WEAV"]), FILES))
    assert "Weaving" in Client().get(dataset.get_absolute_url()).content.decode()
    document = Client().get(f"/datasets/{dataset.slug}.jsonld").json()
    assert "WEAV" in str(document)


def test_a_retired_term_says_what_replaces_it(maintainer):
    weaving(maintainer)
    term = retire_term(actor=maintainer, scheme="theme", code="WEAV", replaced_by="EDUC")
    assert (term.replaced_by.code, "WEAV" in terms_of("theme")) == ("EDUC", False)
    with pytest.raises(Conflict, match="before"):
        retire_term(actor=maintainer, scheme="theme", code="WEAV")


def test_another_label_changes_neither_code_nor_address(maintainer):
    iri = weaving(maintainer).iri
    term = rename_term(actor=maintainer, scheme="theme", code="WEAV", labels={"en": "Looms"})
    assert (term.code, term.iri, term.labels) == ("WEAV", iri, {"en": "Looms"})


@pytest.mark.parametrize(
    ("change", "refusal", "code"),
    [
        ({"scheme": "nothing"}, NotFound, "not-found"),
        ({"scheme": "stage"}, Conflict, "scheme-fixed"),
        ({"code": "EDUC"}, Conflict, "term-exists"),
        ({"code": "a/b"}, Invalid, "code-malformed"),
        ({"labels": {"en": "  "}}, Invalid, "labels-missing"),
        ({"labels": {"no such tag": "x"}}, Invalid, "text-malformed"),
        ({"labels": {"en": "x" * 201}}, Invalid, "text-malformed"),
        ({"definition": {"en": "\0"}}, Invalid, "text-malformed"),
    ],
)
def test_what_breaks_a_vocabulary_is_refused(maintainer, change, refusal, code):
    given = {"scheme": "theme", "code": "WEAV", "labels": {"en": "Weaving"}, **change}
    with pytest.raises(refusal) as refused:
        add_term(actor=maintainer, **given)
    assert refused.value.code == code


@pytest.mark.parametrize("role", [Role.STEWARD, Role.RESEARCHER])
def test_only_maintainers_edit(role):
    with pytest.raises(NotPermitted):
        weaving(make_actor(make_member(), role))


@pytest.mark.parametrize("replacement", ["WEAV", "NOTHING"])
def test_a_term_is_replaced_by_another_one_in_use(maintainer, replacement):
    weaving(maintainer)
    with pytest.raises(Invalid, match="Choose another"):
        retire_term(actor=maintainer, scheme="theme", code="WEAV", replaced_by=replacement)


def test_the_last_term_of_a_vocabulary_stays(maintainer):
    *others, _last = Term.objects.filter(scheme="consent-basis").values_list("code", flat=True)
    for code in others:
        retire_term(actor=maintainer, scheme="consent-basis", code=code)
    with pytest.raises(DomainError) as refused:
        retire_term(actor=maintainer, scheme="consent-basis", code=_last)
    assert refused.value.code == "last-term"


@pytest.mark.django_db(transaction=True)
def test_two_maintainers_do_not_retire_the_last_two_terms_at_once(maintainer):
    *others, one, another = Term.objects.filter(scheme="consent-basis").values_list("code", flat=True)
    for code in others:
        retire_term(actor=maintainer, scheme="consent-basis", code=code)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            retire_term(actor=maintainer, scheme="consent-basis", code=one)
            second = pool.submit(_retire_elsewhere, maintainer, another)
            while not (second.done() or _somebody_waits()):
                pass
        assert second.result(timeout=30) == "last-term"


def _retire_elsewhere(actor, code) -> str:
    try:
        return retire_term(actor=actor, scheme="consent-basis", code=code).code
    except DomainError as refused:
        return refused.code
    finally:
        connection.close()


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]
