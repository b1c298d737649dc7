"""What a rollback takes out, which bases it computes again, and from what: alike before and at the vote."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from provenance.errors import Conflict
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.families.head import head_of
from training.rollbacks.chain import Link, chain_of, digests_in
from training.rollbacks.models import Level, Rollback
from training.rollbacks.states import RollbackState


@dataclass(frozen=True, slots=True)
class Turn:
    """One base that is computed again: it had ``link.contributions``, and ``stays`` are merged anew.

    Nothing stays where the whole merge falls away: then the base before it takes its place.
    """

    link: Link
    stays: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class Removal:
    """A level's reach: ``start`` is the newest base that stays as it is, ``turns`` are the later ones.

    ``named`` are the contributions to take out, ``dropped`` those that level 2 leaves out as well, because
    they were trained, or taught, from a base that held one of the named.
    """

    head: Checkpoint
    level: Level
    start: Checkpoint
    turns: tuple[Turn, ...]
    named: tuple[Contribution, ...]
    dropped: tuple[Contribution, ...]
    trained_on_it: tuple[Contribution, ...]

    @property
    def goes_back(self) -> bool:
        """Whether no base has to be computed, because an earlier one takes the newest one's place."""
        return not any(turn.stays for turn in self.turns)


def plan_removal(head: Checkpoint, named: Collection[Contribution], level: Level) -> Removal:
    """Return what taking ``named`` out of ``head`` and its ancestors means at this level. Touches no weights.

    Raises:
        Conflict: ``not-in-base``, when nothing of it is in the newest base.
    """
    links = chain_of(head)
    digests = frozenset(each.digest for each in named)
    trained = tuple(_trained_from(links, digests))
    dropped = trained if level == Level.DESCENDANTS else ()
    gone = digests | {each.digest for each in dropped}
    first = next((place for place, link in enumerate(links) if gone & digests_in([link])), None)
    if first is None:
        raise Conflict(
            f"Nothing of it is in {head}.",
            code="not-in-base",
            remedy="It was taken out before; bases that people keep from then still hold it.",
        )
    while links[first - 1].base.weights_dropped_at is not None:
        first -= 1  # a step of an earlier rollback, whose bytes are gone: computed again with all that it had
    return Removal(
        head=head,
        level=Level(level),
        start=links[first - 1].base,
        turns=tuple(
            Turn(link, tuple(each for each in link.contributions if each.digest not in gone))
            for link in links[first:]
        ),
        named=tuple(sorted(named, key=lambda each: each.digest)),
        dropped=dropped,
        trained_on_it=trained,
    )


def removal_of(rollback: Rollback) -> Removal:
    """Return what a rollback takes out, or did: until the vote from the newest base of now, then of then.

    Bases do not change, so the same head gives the same plan for ever. Raises as `plan_removal` does.
    """
    is_open = rollback.state in (RollbackState.PROPOSED, RollbackState.FAILED)
    head = head_of(rollback.family) if is_open else rollback.head
    named = rollback.contributions.select_related("job__node__member", "round__family")
    return plan_removal(head, named, Level(rollback.level))


def _trained_from(links: list[Link], named: frozenset[str]) -> Iterable[Contribution]:
    """Return those of the chain whose training began from, or was taught by, a base that held one of them."""
    held = {link.base.pk: bool(digests_in(links[: place + 1]) & named) for place, link in enumerate(links)}
    teachers = _teachers(links)
    for link in links:
        for contribution in link.contributions:
            starts = [
                contribution.job.round.base,
                teachers.get(contribution.job.round.plan.get("teacher", "")),
            ]
            if contribution.digest not in named and any(_holds(held, start, named) for start in starts):
                yield contribution


def _holds(held: dict[int, bool], start: Checkpoint | None, named: frozenset[str]) -> bool:
    if start is None:
        return False
    if start.pk not in held:  # of before an earlier rollback, or of another family
        held[start.pk] = bool(digests_in(chain_of(start)) & named)
    return held[start.pk]


def _teachers(links: list[Link]) -> dict[str, Checkpoint]:
    asked = {each.job.round.plan.get("teacher", "") for link in links for each in link.contributions}
    return {base.digest: base for base in Checkpoint.objects.filter(digest__in=asked - {""})}
