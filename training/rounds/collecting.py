"""Collecting: until each node has contributed or ended. Going on without one is the members' decision."""

from django.utils import timezone

from training.jobs.states import CONTRIBUTES, JobState
from training.rounds.ballots import are_voted_on, await_ballot, close_ballot
from training.rounds.leaving_out import AT_DEADLINE, describe_end, leave_out
from training.rounds.missing import Missing, await_all, causes_of, missing_in
from training.rounds.models import Round
from training.rounds.record import record_round_event
from training.rounds.states import RoundState
from training.rounds.verdicts import Abandon, Go, Verdict
from training.rounds.windows import collected_in, end_unclaimed, outstanding


def collect(round_: Round) -> Verdict:
    """Wait for what the nodes bring, until the deadline; what then happens is decided by the round's mode."""
    if round_.mode == Round.Mode.ASYNCHRONOUS:
        return _keep_window(round_)
    missing = missing_in(round_)
    if missing and timezone.now() < round_.deadline:
        return await_all(missing, f"Until {_until(round_)} for contributions: {{}}.")
    if missing and are_voted_on(round_):
        return await_ballot(round_, missing)
    return _conclude(round_, missing)


def _conclude(round_: Round, missing: list[Missing]) -> Verdict:
    """Go on with what came in, if it is enough; who is missing is left out, with the cause in the log."""
    close_ballot(round_)
    leave_out(round_, missing, code=AT_DEADLINE)
    received = collected_in(round_).count()
    if received < round_.minimum_contributions:
        ended = round_.jobs.filter(kind__in=CONTRIBUTES).exclude(state=JobState.SUCCEEDED)
        causes = "; ".join(describe_end(job) for job in ended.select_related("node"))
        return _too_few(round_, received, causes)
    return Go(RoundState.EVALUATING)


def _keep_window(round_: Round) -> Verdict:
    """Take what arrives until the window closes or nobody works any more; who still works goes on working."""
    missing = causes_of(outstanding(round_))
    if missing and timezone.now() < round_.deadline:
        return await_all(missing, f"The window is open until {_until(round_)}. Still to come: {{}}.")
    going_on = end_unclaimed(round_)
    received = collected_in(round_).count()
    details = {"received": received, "goingOn": sorted(job.node.slug for job in going_on)}
    record_round_event(round_, "round.window-closed", details=details)
    if received < round_.minimum_contributions:
        return _too_few(round_, received, "The window is closed.", keeps_jobs=True)
    return Go(RoundState.EVALUATING)


def _too_few(round_: Round, received: int, causes: str, *, keeps_jobs: bool = False) -> Abandon:
    cause = f"{received} contributions came in, {round_.minimum_contributions} are needed. {causes}"
    return Abandon("too-few-contributions", cause, keeps_jobs)


def _until(round_: Round) -> str:
    return f"{round_.deadline:%Y-%m-%d %H:%M:%S} UTC"
