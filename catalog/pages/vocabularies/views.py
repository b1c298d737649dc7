from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from catalog.interchange.context import MEDIA_TYPE
from catalog.members.actors import actor_of
from catalog.pages.proposals.forms.base import CatalogForm
from catalog.pages.vocabularies.forms import AddForm, RetireForm, WordsForm
from catalog.pages.vocabularies.purposes import purpose_of
from catalog.vocabularies.models import Term
from catalog.vocabularies.schemes import FIXED, Scheme, all_schemes
from catalog.vocabularies.services import add_term, may_edit, rename_term, require_editable, retire_term
from catalog.vocabularies.skos import concept_scheme
from provenance.errors import Conflict, Invalid


@require_safe
def browse_vocabularies(request: HttpRequest) -> HttpResponse:
    """List the vocabularies with the number of their terms in use; one query."""
    in_use = Term.objects.values("scheme").annotate(n=Count("pk", filter=Q(retired_at=None)))
    numbers = {row["scheme"]: row["n"] for row in in_use}
    rows = [
        {"scheme": scheme, "purpose": purpose_of(name), "terms": numbers.get(name, 0)}
        for name, scheme in all_schemes().items()
    ]
    return render(request, "pages/vocabularies/browse.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def show_vocabulary(request: HttpRequest, name: str) -> HttpResponse:
    """Show a vocabulary's terms, and to maintainers a form for a new one."""
    scheme = _scheme(name)
    actor = actor_of(request.user)
    if request.method == "POST":
        require_editable(actor, name)
    editable = may_edit(actor, name)
    form = AddForm(request.POST or None) if editable else None
    if form is not None and form.is_valid():
        values = form.cleaned_data
        if _done(form, lambda: add_term(actor=actor, scheme=name, **values)):
            messages.success(request, _("Added %(code)s. It can be used at once.") % {"code": values["code"]})
            return redirect("vocabulary", name)
    context = {
        "scheme": scheme,
        "purpose": purpose_of(name),
        "terms": _terms(name),
        "fixed": FIXED.get(name, ""),
        "editable": editable,
        "form": form,
    }
    return render(
        request, "pages/vocabularies/vocabulary.html", context, status=422 if form and form.errors else 200
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_term(request: HttpRequest, name: str, code: str) -> HttpResponse:
    """Rename a term or retire it."""
    scheme, actor = _scheme(name), actor_of(request.user)
    term = get_object_or_404(Term, scheme=name, code=code)
    require_editable(actor, name)
    retiring = "retire" in request.POST
    words = WordsForm(
        request.POST if request.method == "POST" and not retiring else None,
        initial={"labels": term.labels, "definition": term.definition},
    )
    retire = RetireForm(request.POST if retiring else None, term=term, prefix="retire")
    form: CatalogForm = retire if retiring else words
    if request.method == "POST" and form.is_valid():
        verb = retire_term if retiring else rename_term
        if _done(form, lambda: verb(actor=actor, scheme=name, code=code, **form.cleaned_data)):
            messages.success(request, _("Retired.") if retiring else _("Saved."))
            return redirect("vocabulary", name)
    context = {"scheme": scheme, "term": term, "words": words, "retire": retire, "refused": form}
    return render(request, "pages/vocabularies/term.html", context, status=422 if form.errors else 200)


@require_safe
def vocabulary_jsonld(_request: HttpRequest, name: str) -> HttpResponse:
    """Return the vocabulary as a SKOS concept scheme."""
    document = concept_scheme(_scheme(name), _terms(name))
    return JsonResponse(document, content_type=MEDIA_TYPE)


def _scheme(name: str) -> Scheme:
    if name not in all_schemes():
        raise Http404
    return all_schemes()[name]


def _terms(name: str) -> list[Term]:
    return list(Term.objects.filter(scheme=name).select_related("broader", "replaced_by"))


def _done(form: CatalogForm, verb: Any) -> bool:
    """Do it; show at the form's fields what speaks against it. What is no matter of a field is a page."""
    try:
        verb()
    except (Invalid, Conflict) as refused:
        if not refused.fields:
            raise
        form.take_over(refused.fields)
        return False
    return True
