"""What is happening in a round now, in one sentence; and the way that every round goes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext, ngettext

from training.checkpoints.models import Checkpoint
from training.pages.rounds.strands import Strands
from training.rounds.models import Round
from training.rounds.states import RoundState

WAY: Final = tuple(state for state in RoundState if state != RoundState.ABANDONED)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the way; its tone says whether it is behind the round (good), lasts (active) or waits."""

    name: str
    tone: str
    here: bool


def way_of(round_: Round) -> list[Stage]:
    """Return the stages from open to closed; of an abandoned round the row does not tell, so all wait."""
    at = WAY.index(RoundState(round_.state)) if round_.state in WAY else -1
    closed = round_.state == RoundState.CLOSED
    return [
        Stage(str(stage.label).capitalize(), _tone(place, at, closed=closed), here=place == at)
        for place, stage in enumerate(WAY)
    ]


def stages_done(round_: Round) -> int:
    """Return how many stages lie behind the round, of ``len(WAY)``."""
    if round_.state not in WAY:
        return 0
    at = WAY.index(RoundState(round_.state))
    return at + 1 if round_.state == RoundState.CLOSED else at


def what_happens(round_: Round, strands: Strands) -> str:
    """Return the sentence that answers the page's first question."""
    return _SENTENCES[RoundState(round_.state)](round_, strands)


def _tone(place: int, at: int, *, closed: bool) -> str:
    if place < at or (closed and place == at):
        return "good"
    return "active" if place == at else "waiting"


def _opening(_round: Round, _strands: Strands) -> str:
    return gettext("Policy is being asked which node may train on which dataset.")


def _distributing(_round: Round, strands: Strands) -> str:
    count = len(strands.training)
    text = ngettext(
        "One signed job is on its way to its node.", "%(n)s signed jobs are on their way to the nodes.", count
    )
    return text % {"n": count}


def _collecting(round_: Round, strands: Strands) -> str:
    text = gettext("%(running)s of %(all)s nodes train now, %(come)s have sent their weight update.")
    if round_.ballot_open:
        text = gettext(
            "The deadline has passed and nodes are missing: members vote on going on without them."
        )
    elif round_.mode == Round.Mode.ASYNCHRONOUS:
        text = gettext(
            "Its window is open: %(running)s of %(all)s nodes train now, %(come)s have sent their weight "
            "update."
        )
    return text % {"running": strands.running, "all": len(strands.training), "come": strands.arrived}


def _reviewing(_round: Round, strands: Strands) -> str:
    count = strands.undecided
    if not count:
        return gettext("Each contribution is decided; the merge comes next.")
    text = ngettext(
        "One contribution waits for the word of maintainers of other members.",
        "%(n)s contributions wait for the word of maintainers of other members.",
        count,
    )
    return text % {"n": count}


def _merging(_round: Round, strands: Strands) -> str:
    count = strands.in_states("accepted")
    text = ngettext(
        "One accepted contribution is being woven into the next base.",
        "%(n)s accepted contributions are being woven into the next base.",
        count,
    )
    return text % {"n": count}


def _evaluating(_round: Round, _strands: Strands) -> str:
    return gettext(
        "All that came in is merged for a trial; nodes now measure it on text that nobody trained on."
    )


def _promoting(round_: Round, _strands: Strands) -> str:
    if round_.result_id is not None and round_.result_id == round_.candidate_id:
        text = gettext("All was accepted, so %(base)s is the candidate that was measured before the review.")
        return text % {"base": _label(round_.result)}
    text = gettext("%(base)s is made; nodes now measure it on text that nobody trained on.")
    return text % {"base": _label(round_.result)}


def _closed(round_: Round, strands: Strands) -> str:
    count = strands.in_states("merged")
    text = ngettext(
        "It is over: one contribution became %(base)s.",
        "It is over: %(n)s contributions became %(base)s.",
        count,
    )
    return text % {"n": count, "base": _label(round_.result)}


def _abandoned(round_: Round, _strands: Strands) -> str:
    text = gettext("It was abandoned, and %(base)s stays the newest base. The cause: %(cause)s")
    return text % {"base": round_.base.label, "cause": round_.waiting_for}


def _label(base: Checkpoint | None) -> str:
    return base.label if base else ""


_SENTENCES: Final[dict[RoundState, Callable[[Round, Strands], str]]] = {
    RoundState.OPEN: _opening,
    RoundState.DISTRIBUTING: _distributing,
    RoundState.COLLECTING: _collecting,
    RoundState.EVALUATING: _evaluating,
    RoundState.REVIEWING: _reviewing,
    RoundState.MERGING: _merging,
    RoundState.PROMOTING: _promoting,
    RoundState.CLOSED: _closed,
    RoundState.ABANDONED: _abandoned,
}
