"""The parameters of each rule and of each outer optimizer, checked before a byte is read."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from training.merge.errors import MergeError
from training.merge.exact import Exact, Shares, said
from training.merge.rules import RULES
from training.merge.rules.server import Adam, Nesterov, Plain, Server, Yogi

_SAFE: Final = 2**53 - 1  # the largest whole number that every reader of JSON keeps
_MOST: Final = 10_000  # updates in one merge

Count = Annotated[int, Field(ge=0, le=_MOST)]


class Parameters(BaseModel):
    """What a recipe states beside the rule's name; the mean and the coordinate median state nothing.

    `coefficients` are there when a rule that finds them is replayed.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    def said(self) -> dict[str, Any]:
        """Return them as a recipe writes them: what is absent is left out."""
        return {name: said(value) for name, value in self if value is not None}


class Weighted(Parameters):
    """Of the weighted mean."""

    influence_cap: Annotated[int, Field(ge=1, le=100)] | None = None
    weights: Shares


class Clipped(Parameters):
    """Of the norm-clipped mean: norms above `clip` × their median are scaled down to that."""

    clip: Annotated[Exact, Field(gt=0, le=1000)] = Fraction(1)
    weights: Shares | None = None
    coefficients: Shares | None = None


class Krum(Parameters):
    """Of Krum, for which one is chosen."""

    hostile: Count
    coefficients: Shares | None = None


class MultiKrum(Krum):
    """Of multi-Krum."""

    chosen: Annotated[int, Field(ge=1, le=_MOST)]


class Median(Parameters):
    """Of the geometric median."""

    weights: Shares | None = None
    coefficients: Shares | None = None


class Trimmed(Parameters):
    """Of the trimmed mean: how many are cut off at each end."""

    trim: Count


class Ties(Parameters):
    """Of TIES: which part of each update is kept."""

    density: Annotated[Exact, Field(gt=0, le=1)] = Fraction(1, 5)


class Dare(Parameters):
    """Of DARE: which part of each update is dropped, and what the draws begin from."""

    drop: Annotated[Exact, Field(ge=0, le=Fraction(999, 1000))] = Fraction(1, 2)
    seed: Annotated[int, Field(ge=0, le=_SAFE)]


class _Outer(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")
    rate: Annotated[Exact, Field(gt=0, le=100)]
    state: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


class _Nesterov(_Outer):
    name: Literal["nesterov"]
    rate: Annotated[Exact, Field(gt=0, le=100)] = Fraction(7, 10)
    momentum: Annotated[Exact, Field(ge=0, lt=1)] = Fraction(9, 10)

    def server(self) -> Server:
        return Nesterov(float(self.rate), float(self.momentum))


class _Adaptive(_Outer):
    name: Literal["adam", "yogi"]
    rate: Annotated[Exact, Field(gt=0, le=100)] = Fraction(1, 100)
    first: Annotated[Exact, Field(ge=0, lt=1)] = Fraction(9, 10)
    second: Annotated[Exact, Field(ge=0, lt=1)] = Fraction(99, 100)
    adaptivity: Annotated[Exact, Field(gt=0, le=1)] = Fraction(1, 1000)

    def server(self) -> Server:
        kind = Adam if self.name == "adam" else Yogi
        return kind(float(self.rate), float(self.first), float(self.second), float(self.adaptivity))


_PARAMETERS: Final[Mapping[str, type[Parameters]]] = {
    "weighted-mean": Weighted,
    "norm-clipped-mean": Clipped,
    "krum": Krum,
    "multi-krum": MultiKrum,
    "geometric-median": Median,
    "trimmed-mean": Trimmed,
    "ties": Ties,
    "dare": Dare,
}
_OUTER: Final[Mapping[str, type[_Nesterov | _Adaptive]]] = {
    "nesterov": _Nesterov,
    "adam": _Adaptive,
    "yogi": _Adaptive,
}
_Model = TypeVar("_Model", bound=BaseModel)


def parameters_of(rule: str, given: Mapping[str, Any], digests: Sequence[str]) -> Parameters:
    """Return a rule's parameters, checked, for the contributions with these digests.

    Raises:
        MergeError: rule-unknown, parameters-invalid, weights-mismatch.
    """
    if rule not in RULES:
        raise MergeError("rule-unknown", f"{str(rule)[:50]!r} is none of {', '.join(RULES)}")
    found = _checked(_PARAMETERS.get(rule, Parameters), given, rule)
    _check_weights(getattr(found, "weights", None), digests)
    _check_coefficients(getattr(found, "coefficients", None), digests, rule)
    _check_counts(found, len(digests))
    return found


def server_of(given: Mapping[str, Any] | None) -> tuple[Server, dict[str, Any] | None]:
    """Return an outer optimizer, and what a recipe says of it: nothing for the plain one.

    Raises:
        MergeError: rule-unknown, parameters-invalid.
    """
    if given is None or given == {"name": "plain"}:
        return Plain(), None
    name = given.get("name")
    if not isinstance(name, str) or name not in _OUTER:
        raise MergeError("rule-unknown", f"{str(name)[:50]!r} is no outer optimizer")
    found = _checked(_OUTER[name], given, name)
    return found.server(), {key: said(value) for key, value in found}


def _checked(model: type[_Model], given: Mapping[str, Any], name: str) -> _Model:
    try:
        return model.model_validate(dict(given))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])[:100]
        raise MergeError("parameters-invalid", f"{name}: {place}: {first['msg']}") from None


def _check_weights(weights: Mapping[str, Fraction] | None, digests: Sequence[str]) -> None:
    if weights is None:
        return
    if weights.keys() != set(digests) or sum(weights.values()) != 1 or min(weights.values()) <= 0:
        raise MergeError("weights-mismatch", "one positive weight for each contribution, one in all")


def _check_coefficients(found: Mapping[str, Fraction] | None, digests: Sequence[str], rule: str) -> None:
    if found is None:
        return
    total = sum(found.values())
    if found.keys() != set(digests) or not (total == 1 or (rule == "norm-clipped-mean" and total < 1)):
        raise MergeError("weights-mismatch", "one coefficient for each contribution, one in all")


def _check_counts(found: Parameters, count: int) -> None:
    if isinstance(found, Krum) and count < 2 * found.hostile + 3:
        least = 2 * found.hostile + 3
        raise MergeError(
            "parameters-invalid", f"{found.hostile} hostile ones take {least} updates, not {count}"
        )
    if isinstance(found, MultiKrum) and found.chosen > count - found.hostile:
        raise MergeError("parameters-invalid", f"{count - found.hostile} can be chosen, not {found.chosen}")
    if isinstance(found, Trimmed) and 2 * found.trim >= count:
        raise MergeError("parameters-invalid", f"{found.trim} cannot be cut off at both ends of {count}")
