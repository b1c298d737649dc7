from django.urls import path

from catalog.pages.governance import browse, new, show, withdraw

urlpatterns = [
    path("governance/", browse.show_governance, name="governance"),
    path("governance/motions/new/", new.new_motion, name="motion-new"),
    path("governance/motions/<uuid:key>/", show.show_motion, name="motion"),
    path("governance/motions/<uuid:key>/withdraw/", withdraw.withdraw, name="motion-withdraw"),
]
