from django.urls import path

from catalog.api import downloads, views

urlpatterns = [
    path("datasets/", views.DatasetsView.as_view(), name="api-datasets"),
    path("datasets/<slug:slug>/", views.DatasetView.as_view(), name="api-dataset"),
    path("datasets/<slug:slug>/versions/<int:number>/", views.VersionView.as_view(), name="api-version"),
    path(
        "datasets/<slug:slug>/versions/<int:number>/files/<path:path>",
        downloads.FileView.as_view(),
        name="api-file",
    ),
]
