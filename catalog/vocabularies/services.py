"""Editing vocabularies without a release: terms are added, renamed and retired, and never deleted (DG:10)."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from catalog.datasets.vocabulary import check_language
from catalog.members.models import Role
from catalog.vocabularies.models import Term
from catalog.vocabularies.reading import forget_terms
from catalog.vocabularies.schemes import FIXED, is_scheme
from provenance.actors import Actor, ActorKind
from provenance.errors import Conflict, Invalid, NotFound, NotPermitted
from provenance.events.services import Evidence, record_event
from provenance.text import plain_text

LONGEST_LABEL: Final = 200
LONGEST_DEFINITION: Final = 2000
MOST_LANGUAGES: Final = 50
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")

Texts = Mapping[str, str]


@transaction.atomic
def add_term(*, actor: Actor, scheme: str, code: str, labels: Texts, definition: Texts | None = None) -> Term:
    """Add a term to a scheme; it can be used at once. Its IRI is minted here and stays for ever.

    Raises:
        NotPermitted: code ``not-a-maintainer``. NotFound: no such scheme.
        Conflict: codes ``scheme-fixed``, ``term-exists``.
        Invalid: codes ``code-malformed``, ``labels-missing``, ``text-malformed``.
    """
    require_editable(actor, scheme)
    if not _CODE.fullmatch(code):
        message = "A code is made of letters, digits, '.', '_' and '-', and begins with a letter or digit."
        raise Invalid(message, code="code-malformed", fields={"code": [message]})
    last = Term.objects.filter(scheme=scheme).aggregate(last=Max("position"))["last"]
    term = Term(
        scheme=scheme,
        code=code,
        iri=f"{settings.PUBLIC_URL}/vocabularies/{scheme}/#{code}",
        labels=_labels(labels),
        definition=_texts(definition or {}, "definition", LONGEST_DEFINITION),
        position=0 if last is None else last + 1,
    )
    try:
        with transaction.atomic():
            term.save(force_insert=True)
    except IntegrityError:
        message = f"{scheme} has a term {code!r}, perhaps a retired one."
        raise Conflict(message, code="term-exists", fields={"code": [message]}) from None
    return _log(actor, term, "vocabulary.term-added", labels=term.labels)


@transaction.atomic
def rename_term(
    *, actor: Actor, scheme: str, code: str, labels: Texts, definition: Texts | None = None
) -> Term:
    """Give a term other labels and another definition; code and IRI stay, so every record keeps its meaning.

    Raises:
        NotPermitted, Invalid, Conflict: as ``add_term``. NotFound: no such term.
    """
    term = _lock(actor, scheme, code)
    before = term.labels
    term.labels = _labels(labels)
    term.definition = _texts(definition or {}, "definition", LONGEST_DEFINITION)
    term.save(update_fields=["labels", "definition"])
    return _log(actor, term, "vocabulary.term-renamed", labels=term.labels, before=before)


@transaction.atomic
def retire_term(*, actor: Actor, scheme: str, code: str, replaced_by: str = "") -> Term:
    """Take a term out of use for new records, perhaps in favour of another one of the scheme.

    Versions that name it stay as they are, and go on showing its label.

    Raises:
        NotPermitted: as ``add_term``. NotFound: no such term.
        Conflict: codes ``scheme-fixed``, ``already-retired``, ``last-term``.
        Invalid: code ``replacement-unknown``: it is none of the scheme in use, or the term itself.
    """
    require_editable(actor, scheme)
    scheme_terms = Term.objects.filter(scheme=scheme)
    # One after the other, so that two maintainers can not retire the last two at once.
    list(scheme_terms.select_for_update().order_by("pk").values_list("pk"))
    term = _lock(actor, scheme, code)
    if term.retired_at is not None:
        raise Conflict("This term was retired before.", code="already-retired")
    standing = scheme_terms.filter(retired_at=None).exclude(pk=term.pk)
    if not standing.exists():
        raise Conflict("A scheme keeps at least one term.", code="last-term")
    if replaced_by:
        term.replaced_by = standing.filter(code=replaced_by).first()
        if term.replaced_by is None:
            message = "Choose another term of this scheme that is in use."
            raise Invalid(message, code="replacement-unknown", fields={"replaced_by": [message]})
    term.retired_at = timezone.now()
    term.save(update_fields=["retired_at", "replaced_by"])
    return _log(actor, term, "vocabulary.term-retired", replaced_by=replaced_by)


def may_edit(actor: Actor, scheme: str) -> bool:
    """Tell whether the actor is a maintainer and the scheme one that people edit."""
    return scheme not in FIXED and actor.kind is ActorKind.PERSON and actor.has_role(Role.MAINTAINER)


def require_editable(actor: Actor, scheme: str) -> None:
    """Refuse everybody but maintainers, and edits of a vocabulary that the program fixes.

    Raises:
        NotFound: no such scheme. NotPermitted: code ``not-a-maintainer``. Conflict: code ``scheme-fixed``.
    """
    if not is_scheme(scheme):
        raise NotFound("There is no such vocabulary.")
    if actor.kind is not ActorKind.PERSON or not actor.has_role(Role.MAINTAINER):
        raise NotPermitted("Only maintainers edit vocabularies.", code="not-a-maintainer")
    if scheme in FIXED:
        raise Conflict(FIXED[scheme], code="scheme-fixed")


def _lock(actor: Actor, scheme: str, code: str) -> Term:
    require_editable(actor, scheme)
    term = Term.objects.select_for_update().filter(scheme=scheme, code=code).first()
    if term is None:
        raise NotFound("There is no such term.")
    return term


def _labels(labels: Texts) -> dict[str, str]:
    kept = _texts(labels, "labels", LONGEST_LABEL)
    if not kept:
        message = "Name it in at least one language."
        raise Invalid(message, code="labels-missing", fields={"labels": [message]})
    return kept


def _texts(texts: Texts, field: str, longest: int) -> dict[str, str]:
    """Return plain texts by canonical language tag, without the empty ones."""
    if len(texts) > MOST_LANGUAGES:
        raise Invalid("Too many languages.", code="text-malformed", fields={field: ["Too many languages."]})
    try:
        kept = {
            check_language(tag): plain_text(text, field=field, longest=longest) for tag, text in texts.items()
        }
    except ValueError as error:
        raise Invalid(str(error), code="text-malformed", fields={field: [str(error)]}) from None
    return {tag: text for tag, text in kept.items() if text}


def _log(actor: Actor, term: Term, action: str, **details: Any) -> Term:
    record_event(
        actor=actor,
        action=action,
        subject=f"vocabulary:{term.scheme}/{term.code}",
        evidence=Evidence(details=details),
    )
    transaction.on_commit(forget_terms)
    forget_terms()
    return term
