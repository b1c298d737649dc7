"""Pages of the training floor, at the paths that DESIGN §5 fixes."""

from django.urls import path, re_path

from training.checkpoints.jsonld import checkpoint_jsonld
from training.pages.checkpoints import show as checkpoints
from training.pages.contributions import show as contributions
from training.pages.contributions.again import ask
from training.pages.models import show as models
from training.pages.nodes import browse as nodes
from training.pages.nodes.show import show_node
from training.pages.nodes.standing import STEPS, change_standing
from training.pages.rounds import browse, deciding, show, voting
from training.pages.rounds.show_job import show_job
from training.pages.rounds.steering import TURNS, steer
from training.pages.withdrawals import show as withdrawals

DIGEST = r"(?P<digest>[0-9a-f]{64})"

urlpatterns = [
    path("rounds/", browse.browse_rounds, name="rounds"),
    path("rounds/current/", browse.show_current, name="current-round"),
    path("rounds/new/", deciding.open_new_round, name="open-round"),
    path("rounds/<int:round_id>/", show.show_round, name="round"),
    path("rounds/<int:round_id>/live/", show.show_live, name="round-live"),
    path("rounds/<int:round_id>/vote/", voting.vote, name="vote-on-stragglers"),
    path("rounds/<int:round_id>/abandon/", deciding.abandon, name="abandon-round"),
    path("rounds/<int:round_id>/jobs/<uuid:job_id>/", show_job, name="job"),
    *(
        path(f"rounds/<int:round_id>/jobs/<uuid:job_id>/{verb}/", steer, {"verb": verb}, name=turn.route)
        for verb, turn in TURNS.items()
    ),
    re_path(rf"^contributions/{DIGEST}/$", contributions.show_contribution, name="contribution"),
    re_path(rf"^contributions/{DIGEST}/decide/$", contributions.decide, name="decide-contribution"),
    re_path(rf"^contributions/{DIGEST}/again/$", ask, name="ask-re-execution"),
    path("checkpoints/", checkpoints.browse_checkpoints, name="checkpoints"),
    re_path(rf"^checkpoints/{DIGEST}\.jsonld$", checkpoint_jsonld, name="checkpoint-jsonld"),
    re_path(rf"^checkpoints/{DIGEST}/$", checkpoints.show_checkpoint, name="checkpoint"),
    path("models/", models.browse_models, name="models"),
    re_path(rf"^models/{DIGEST}/$", models.show_model, name="model"),
    re_path(rf"^models/{DIGEST}/family/$", models.found_family, name="found-family"),
    path("datasets/<slug:slug>/withdrawal/", withdrawals.show_withdrawal, name="dataset-withdrawal"),
    path(
        "datasets/<slug:slug>/withdrawal/tasks/<uuid:key>/done/",
        withdrawals.finish,
        name="finish-withdrawal-task",
    ),
    path("grants/<uuid:key>/revoke/", withdrawals.revoke, name="revoke-grant"),
    path("nodes/", nodes.browse_nodes, name="nodes"),
    path("nodes/<slug:slug>/", show_node, name="node"),
    path("nodes/<slug:slug>/approve/", nodes.approve, name="approve-node"),
    *(
        path(f"nodes/<slug:slug>/{verb}/", change_standing, {"verb": verb}, name=step.route)
        for verb, step in STEPS.items()
    ),
    path("members/<slug:slug>/nodes/", nodes.show_of_member, name="nodes-of-member"),
]
