"""The pages of a review, below `/proposals/<id>/`."""

from django.urls import path

from catalog.pages.proposals import decide
from catalog.pages.review import appeal, assign, discuss, history, recuse

urlpatterns = [
    path("review/", decide.review, name="proposal-review"),
    path("take-up/", decide.take_up, name="proposal-take-up"),
    path("recuse/", recuse.recuse, name="proposal-recuse"),
    path("assign/", assign.ask_reviewer, name="proposal-assign"),
    path("assignments/<int:assignment_id>/decline/", assign.give_back, name="proposal-decline"),
    path("threads/new/", discuss.begin, name="proposal-thread-new"),
    path("threads/<uuid:thread_id>/", discuss.talk, name="proposal-thread"),
    path("appeal/", appeal.show_appeal, name="proposal-appeal"),
    path("appeal/voice/", appeal.speak, name="proposal-appeal-voice"),
    path("appeal/withdraw/", appeal.withdraw, name="proposal-appeal-withdraw"),
    path("history/", history.show_history, name="proposal-history"),
    path("history.json", history.history_json, name="proposal-history-json"),
    path("history.md", history.history_markdown, name="proposal-history-md"),
]
