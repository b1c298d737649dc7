from django.urls import path

from catalog.pages.notifications import browse, feeds, settings, unsubscribe

urlpatterns = [
    path("notifications/", browse.browse_notifications, name="notifications"),
    path("notifications/read/", browse.mark, name="notifications-read"),
    path("notifications/settings/", settings.edit_settings, name="notifications-settings"),
    path("notifications/settings/key/", settings.renew_key, name="notifications-key"),
    path("notifications/unsubscribe/<str:token>/", unsubscribe.unsubscribe, name="notifications-unsubscribe"),
    path("notifications/<uuid:key>/", browse.follow, name="notification"),
    path("feeds/reviews/<str:feed_key>.atom", feeds.reviews_feed, name="feed-reviews"),
    path("feeds/notifications/<str:feed_key>.atom", feeds.notifications_feed, name="feed-notifications"),
]
