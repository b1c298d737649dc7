"""Pages of the training floor, at the paths that DESIGN §5 fixes."""

from django.urls import path, re_path

from training.checkpoints.jsonld import checkpoint_jsonld
from training.derivatives.jsonld import derivative_jsonld
from training.pages.checkpoints import show as checkpoints
from training.pages.contributions import appealing
from training.pages.contributions import show as contributions
from training.pages.contributions.again import ask
from training.pages.derivatives import change as derivative_changes
from training.pages.derivatives.lists import browse_derivatives
from training.pages.derivatives.lists import show_of_member as show_derivatives_of_member
from training.pages.derivatives.show import readme as derivative_readme
from training.pages.derivatives.show import show_derivative
from training.pages.models import show as models
from training.pages.models.series import found_new_series, join_one_series, show_series
from training.pages.nodes import browse as nodes
from training.pages.nodes.show import show_node
from training.pages.nodes.standing import STEPS, change_standing
from training.pages.retention.wish import wish as retention_wish
from training.pages.rollbacks import browse as rollbacks
from training.pages.rollbacks import show as rollback
from training.pages.rollbacks.propose import propose
from training.pages.rounds import browse, deciding, show, voting
from training.pages.rounds.show_job import show_job
from training.pages.rounds.steering import TURNS, steer
from training.pages.withdrawals import show as withdrawals

DIGEST = r"(?P<digest>[0-9a-f]{64})"
UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

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
    re_path(rf"^contributions/{DIGEST}/ask/$", contributions.ask_question, name="ask-contributor"),
    re_path(
        rf"^contributions/{DIGEST}/questions/(?P<key>{UUID})/$", contributions.answer, name="answer-request"
    ),
    re_path(rf"^contributions/{DIGEST}/appeal/$", appealing.show_appeal, name="contribution-appeal"),
    re_path(rf"^contributions/{DIGEST}/appeal/voice/$", appealing.speak, name="contribution-appeal-voice"),
    re_path(
        rf"^contributions/{DIGEST}/appeal/withdraw/$",
        appealing.withdraw,
        name="contribution-appeal-withdraw",
    ),
    path("checkpoints/", checkpoints.browse_checkpoints, name="checkpoints"),
    re_path(rf"^checkpoints/{DIGEST}\.jsonld$", checkpoint_jsonld, name="checkpoint-jsonld"),
    re_path(rf"^checkpoints/{DIGEST}/$", checkpoints.show_checkpoint, name="checkpoint"),
    path("rollbacks/", rollbacks.browse_rollbacks, name="rollbacks"),
    path("rollbacks/propose/", propose, name="propose-rollback"),
    path("rollbacks/<uuid:key>/", rollback.show_rollback, name="rollback"),
    path("rollbacks/<uuid:key>/vote/", rollback.speak, name="speak-on-rollback"),
    path(
        "rollbacks/<uuid:key>/descendants/<uuid:descendant>/done/",
        rollback.finish,
        name="finish-descendant",
    ),
    *(
        path(f"rollbacks/<uuid:key>/{turn}/", rollback.steer, {"turn": turn}, name=f"{turn}-rollback")
        for turn in rollback.TURNS
    ),
    path("derivatives/", browse_derivatives, name="derivatives"),
    path("derivatives/register/", derivative_changes.register, name="register-derivative"),
    path("derivatives/<slug:slug>.jsonld", derivative_jsonld, name="derivative-jsonld"),
    path("derivatives/<slug:slug>/", show_derivative, name="derivative"),
    path("derivatives/<slug:slug>/README.md", derivative_readme, name="derivative-readme"),
    path("derivatives/<slug:slug>/retire/", derivative_changes.retire, name="retire-derivative"),
    path("members/<slug:slug>/derivatives/", show_derivatives_of_member, name="derivatives-of-member"),
    path("members/<slug:slug>/retention/", retention_wish, name="member-retention"),
    path("series/new/", found_new_series, name="found-series"),
    path("series/<slug:slug>/", show_series, name="series"),
    path("series/<slug:slug>/join/", join_one_series, name="join-series"),
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
