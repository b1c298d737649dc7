"""Every address of the house. Each floor owns its own pages and its part of the API."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from catalog.pages.addresses import OwnAddresses
from tapestry.health import views as health

# Swagger's own stylesheet sets styles from its script; the exception ends at this page.
docs = csp_update({"style-src": [SELF, UNSAFE_INLINE]})(
    SpectacularSwaggerSplitView.as_view(url_name="api-schema")
)

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/v1/docs/", docs, name="api-docs"),
    path("api/v1/", include("catalog.api_urls")),
    path("api/v1/", include("training.api_urls")),
    path("accounts/email/", OwnAddresses.as_view(), name="account_email"),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("catalog.urls")),
    path("", include("training.urls")),
    path("", include("provenance.urls")),
]
