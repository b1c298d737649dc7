"""The catalog's pages, at the paths that DESIGN §5 fixes. Documents for machines stand before them."""

from django.urls import include, path

from catalog.design.favicon import show_favicon
from catalog.pages.datasets.browse import browse_datasets
from catalog.pages.datasets.card_page import show_card
from catalog.pages.datasets.compare import compare
from catalog.pages.datasets.entry import show_entry
from catalog.pages.datasets.facts import show_facts
from catalog.pages.datasets.notices import new_notice
from catalog.pages.datasets.version import show_version
from catalog.pages.datasets.withdraw import withdraw_entry
from catalog.pages.event_log import read_log
from catalog.pages.home import show_home
from catalog.pages.language import choose_language
from catalog.pages.log_export import export as export_log
from catalog.pages.members import browse_members, show_member
from catalog.pages.proposals import (
    attach,
    browse,
    check,
    decide,
    edit,
    from_description,
    inspection,
    overview,
    seal,
    start,
    tier_choice,
)
from catalog.pages.vocabularies import views as vocabularies
from catalog.uploads.views import OneUpload, Uploads

urlpatterns = [
    path("", include("catalog.interchange.urls")),
    path("", include("catalog.cards.urls")),
    path("", include("catalog.pages.access.urls")),
    path("", include("catalog.pages.governance.urls")),
    path("", include("catalog.pages.batches.urls")),
    path("", include("catalog.pages.notifications.urls")),
    path("", include("catalog.pages.tokens.urls")),
    path("favicon.ico", show_favicon, name="favicon"),
    path("", show_home, name="home"),
    path("language/", choose_language, name="language"),
    path("datasets/", browse_datasets, name="datasets"),
    path("datasets/<slug:slug>/", show_entry, name="dataset"),
    path("datasets/<slug:slug>/card/", show_card, name="dataset-card"),
    path("datasets/<slug:slug>/compare/", compare, name="dataset-compare"),
    path("datasets/<slug:slug>/notices/new/", new_notice, name="dataset-notice"),
    path("datasets/<slug:slug>/facts/", show_facts, name="dataset-facts"),
    path("datasets/<slug:slug>/withdraw/", withdraw_entry, name="dataset-withdraw"),
    path("datasets/<slug:slug>/versions/<int:number>/", show_version, name="dataset-version"),
    path("proposals/", browse.browse_proposals, name="proposals"),
    path("proposals/new/", start.start, name="proposal-new"),
    path("proposals/from/", from_description.start_from, name="proposal-from"),
    path("proposals/<uuid:key>/", overview.show_proposal, name="proposal"),
    path("proposals/<uuid:key>/", include("catalog.pages.review.urls")),
    path("proposals/<uuid:key>/withdraw/", decide.withdraw, name="proposal-withdraw"),
    path("proposals/<uuid:key>/edit/", edit.resume, name="proposal-edit"),
    path("proposals/<uuid:key>/edit/files/", attach.edit_files, name="proposal-files"),
    path("proposals/<uuid:key>/uploads/", Uploads.as_view(), name="proposal-uploads"),
    path("proposals/<uuid:key>/uploads/<uuid:upload_id>/", OneUpload.as_view(), name="proposal-upload"),
    path("proposals/<uuid:key>/edit/seal/", seal.edit_seal, name="proposal-seal"),
    path("proposals/<uuid:key>/inspection/", inspection.show_inspection, name="proposal-inspection"),
    path("proposals/<uuid:key>/edit/check/", check.check_answers, name="proposal-check"),
    path(
        "proposals/<uuid:key>/edit/tier/questions/", tier_choice.ask_for_tier, name="proposal-tier-questions"
    ),
    path("proposals/<uuid:key>/edit/<slug:step>/", edit.edit_step, name="proposal-step"),
    path("members/", browse_members, name="members"),
    path("members/<slug:slug>/", show_member, name="member"),
    path("vocabularies/", vocabularies.browse_vocabularies, name="vocabularies"),
    path("vocabularies/<slug:name>.jsonld", vocabularies.vocabulary_jsonld, name="vocabulary-jsonld"),
    path("vocabularies/<slug:name>/", vocabularies.show_vocabulary, name="vocabulary"),
    path("vocabularies/<slug:name>/terms/<str:code>/", vocabularies.edit_term, name="vocabulary-term"),
    path("log/", read_log, name="log"),
    path("log/export.jsonl", export_log, name="log-export"),
]
