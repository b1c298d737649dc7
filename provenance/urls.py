from django.urls import path

from provenance.identity.views import show_did_document

urlpatterns = [path(".well-known/did.json", show_did_document, name="did-document")]
