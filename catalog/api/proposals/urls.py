from django.urls import include, path

from catalog.api.intake import FromDescriptionView
from catalog.api.proposals import appealing, drafting, files, history, listing, moving, reviewing, talking

_ONE = [
    path("", drafting.OneProposalView.as_view(), name="api-proposal"),
    path("history/", history.HistoryView.as_view(), name="api-proposal-history"),
    path("findings/", drafting.FindingsView.as_view(), name="api-proposal-findings"),
    path("submit/", moving.SubmitView.as_view(), name="api-proposal-submit"),
    path("withdraw/", moving.WithdrawView.as_view(), name="api-proposal-withdraw"),
    path("seal/", moving.SealView.as_view(), name="api-proposal-seal"),
    path("files/", files.FilesView.as_view(), name="api-proposal-files"),
    path("files/<path:path>", files.OneFileView.as_view(), name="api-proposal-file"),
    path("reviews/", reviewing.ReviewsView.as_view(), name="api-proposal-reviews"),
    path("assignments/", reviewing.AssignmentsView.as_view(), name="api-proposal-assignments"),
    path(
        "assignments/<int:assignment_id>/decline/",
        reviewing.DeclineView.as_view(),
        name="api-proposal-decline",
    ),
    path("recusals/", reviewing.RecusalsView.as_view(), name="api-proposal-recusals"),
    path("threads/", talking.ThreadsView.as_view(), name="api-proposal-threads"),
    path("threads/<uuid:thread_id>/", talking.OneThreadView.as_view(), name="api-proposal-thread"),
    path("threads/<uuid:thread_id>/comments/", talking.CommentsView.as_view(), name="api-proposal-comments"),
    path("appeals/", appealing.AppealsView.as_view(), name="api-proposal-appeals"),
    path(
        "appeals/<uuid:appeal_id>/voices/",
        appealing.AppealVoicesView.as_view(),
        name="api-proposal-appeal-voices",
    ),
    path(
        "appeals/<uuid:appeal_id>/withdraw/",
        appealing.WithdrawAppealView.as_view(),
        name="api-proposal-appeal-withdraw",
    ),
]

urlpatterns = [
    path("", listing.ProposalsView.as_view(), name="api-proposals"),
    path("from/", FromDescriptionView.as_view(), name="api-proposal-from"),
    path("<uuid:key>/", include(_ONE)),
]
