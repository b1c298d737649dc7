from django.urls import include, path

from catalog.api import access, cards, comparing, downloads, facts, governance, log, notifications, views
from catalog.tokens import schema

__all__ = ["schema", "urlpatterns"]  # the first only has to be imported

urlpatterns = [
    path("access/", access.AccessRequestsView.as_view(), name="api-access"),
    path("log/", log.LogView.as_view(), name="api-log"),
    path("batches/", include("catalog.api.batch_urls")),
    path("notifications/", notifications.NotificationsView.as_view(), name="api-notifications"),
    path("notifications/read/", notifications.MarkView.as_view(), name="api-notifications-read"),
    path("datasets/", views.DatasetsView.as_view(), name="api-datasets"),
    path("datasets/<slug:slug>/", views.DatasetView.as_view(), name="api-dataset"),
    path("datasets/<slug:slug>/access/", access.AskForAccessView.as_view(), name="api-access-ask"),
    path("datasets/<slug:slug>/card/", cards.CardView.as_view(), name="api-card"),
    path("datasets/<slug:slug>/completeness/", cards.CompletenessView.as_view(), name="api-completeness"),
    path("datasets/<slug:slug>/compare/", comparing.ComparisonView.as_view(), name="api-compare"),
    path("datasets/<slug:slug>/versions/<int:number>/", views.VersionView.as_view(), name="api-version"),
    path("datasets/<slug:slug>/versions/<int:number>/facts/", facts.FactsView.as_view(), name="api-facts"),
    path(
        "datasets/<slug:slug>/versions/<int:number>/files/<path:path>",
        downloads.FileView.as_view(),
        name="api-file",
    ),
    path("proposals/", include("catalog.api.proposals.urls")),
    path("rules/", governance.RulesView.as_view(), name="api-rules"),
    path("motions/", governance.MotionsView.as_view(), name="api-motions"),
    path("motions/<uuid:key>/", governance.MotionView.as_view(), name="api-motion"),
    path("motions/<uuid:key>/ballots/", governance.BallotsView.as_view(), name="api-motion-ballots"),
    path("motions/<uuid:key>/withdraw/", governance.WithdrawMotionView.as_view(), name="api-motion-withdraw"),
]
