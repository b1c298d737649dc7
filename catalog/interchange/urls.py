"""To be included before the pages: `/datasets/<slug>.jsonld` stands beside `/datasets/<slug>/`."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path

from catalog.interchange import views
from catalog.interchange.feeds import DatasetFeed, DatasetSitemap

urlpatterns = [
    path("catalog.jsonld", views.catalog_jsonld, name="catalog-jsonld"),
    path("datasets/<slug:slug>.jsonld", views.dataset_jsonld, name="dataset-jsonld"),
    path("feeds/datasets.atom", DatasetFeed(), name="dataset-feed"),
    path("sitemap.xml", sitemap, {"sitemaps": {"datasets": DatasetSitemap}}, name="sitemap"),
]
