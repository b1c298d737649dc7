from django.urls import path

from catalog.pages.tokens import views

urlpatterns = [
    path("accounts/tokens/", views.browse_tokens, name="account_tokens"),
    path("accounts/tokens/new/", views.make, name="account_token_new"),
    path("accounts/tokens/<uuid:key>/revoke/", views.revoke, name="account_token_revoke"),
]
