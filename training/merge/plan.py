"""What is to be merged, and how: checked before a file is opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from training.merge.errors import MergeError
from training.merge.parameters import Parameters, parameters_of, server_of
from training.merge.rules import RULES, SERVERS, Rule
from training.merge.rules.server import Server

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class MergePlan:
    """A merge before it runs; `plan_merge` makes it.

    Attributes:
        updates: in the order of their digests, in which they are summed: float addition is not associative,
            so the order of arrival must not matter.
        server: the outer optimizer; `server_said` is what a recipe says of it, None for the plain one.
        state: the parent's server state; without it the optimizer starts from zeros.
    """

    base: Path
    updates: Mapping[str, Path]
    rule: Rule
    parameters: Parameters
    server: Server
    server_said: Mapping[str, Any] | None
    state: Path | None
    codec: str

    @property
    def digests(self) -> list[str]:
        """Of the contributions, in the order in which they are summed."""
        return list(self.updates)

    @property
    def arrays(self) -> tuple[str, ...]:
        """Names of the numbers that the server keeps for each element."""
        return () if self.server_said is None else SERVERS[self.server_said["name"]].arrays


def plan_merge(
    base: Path,
    updates: Mapping[str, Path],
    *,
    rule: str = "mean",
    parameters: Mapping[str, Any] = NOTHING,
    server: Mapping[str, Any] | None = None,
    state: Path | None = None,
    codec: str = "fp32",
) -> MergePlan:
    """Check rule, parameters and outer optimizer for these contributions (path of the update by digest).

    Raises:
        MergeError: no-contributions, rule-unknown, parameters-invalid, weights-mismatch, state-mismatch.
    """
    if not updates:
        raise MergeError("no-contributions", "a merge needs at least one accepted contribution")
    ordered = {digest: updates[digest] for digest in sorted(updates)}
    checked = parameters_of(rule, parameters, list(ordered))
    outer, said = server_of(server)
    if state is not None and said is None:
        raise MergeError("state-mismatch", "the plain server has no state")
    if (
        said is not None
        and server is not None
        and "state" in server
        and (said["state"] is None) != (state is None)
    ):
        raise MergeError("state-mismatch", "the recipe's state and the given one: both or none")
    return MergePlan(base, ordered, RULES[rule], checked, outer, said, state, codec)
