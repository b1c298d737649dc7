"""To be included before the pages: `/datasets/<slug>.jsonld` stands beside `/datasets/<slug>/`."""

from django.urls import path

from catalog.interchange import views

urlpatterns = [
    path("catalog.jsonld", views.catalog_jsonld, name="catalog-jsonld"),
    path("datasets/<slug:slug>.jsonld", views.dataset_jsonld, name="dataset-jsonld"),
]
