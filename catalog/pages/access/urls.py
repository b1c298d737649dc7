from django.urls import path

from catalog.pages.access import ask, browse, decide, end, show

urlpatterns = [
    path("datasets/<slug:slug>/access/", ask.ask_for_access, name="access-ask"),
    path("access/", browse.browse_requests, name="access"),
    path("access/<uuid:key>/", show.show_request, name="access-request"),
    path("access/<uuid:key>/decide/", decide.decide_request, name="access-decide"),
    path("access/<uuid:key>/renew/", decide.renew, name="access-renew"),
    path("access/<uuid:key>/revoke/", end.revoke, name="access-revoke"),
    path("access/<uuid:key>/withdraw/", end.withdraw, name="access-withdraw"),
]
