"""What this node has used: a small file that is only ever added to, and what of the budgets is left."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from training.node.durable import append_line
from training.node.policy.local_policy import Budget, LocalPolicy

FILE: Final = "ledger.jsonl"
UNITS: Final = {"seconds": "s", "tokens": "tokens", "joules": "J", "bytes_out": "bytes sent"}


class Used(BaseModel):
    """One line of the ledger: what a job used since its line before, or a sum of such lines."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: AwareDatetime
    job: str = ""
    seconds: float = 0.0
    tokens: int = 0
    joules: float = 0.0
    bytes_out: int = 0


class Ledger:
    """``<home>/ledger.jsonl``."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    def add(
        self, job: str, *, seconds: float = 0.0, tokens: int = 0, joules: float = 0.0, bytes_out: int = 0
    ) -> None:
        """Note what a job used just now."""
        spent = {"seconds": round(seconds, 3), "tokens": tokens, "joules": round(joules, 3)}
        line = {"at": datetime.now(UTC).isoformat(), "job": job, **spent, "bytes_out": bytes_out}
        append_line(self.path, json.dumps({name: value for name, value in line.items() if value}))

    def lines(self) -> Iterator[Used]:
        """Every line; the last one may have been cut short by a death and is passed over."""
        if not self.path.exists():
            return
        with self.path.open(encoding="utf-8") as file:
            for line in file:
                try:
                    yield Used.model_validate_json(line)
                except ValidationError:
                    continue

    def since(self, begin: datetime) -> Used:
        """Return the sum of what was used from ``begin`` on.

        What a clock that ran ahead wrote into the future counts as well: a budget errs to the strict side.
        """
        total = dict.fromkeys(UNITS, 0.0)
        for line in self.lines():
            if line.at >= begin:
                for unit in UNITS:
                    total[unit] += getattr(line, unit)
        return Used(
            at=begin,
            seconds=total["seconds"],
            joules=total["joules"],
            tokens=int(total["tokens"]),
            bytes_out=int(total["bytes_out"]),
        )


def beginnings(now: datetime, zone: str) -> dict[str, datetime]:
    """Return when the running day and month began in the time zone."""
    midnight = now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return {"day": midnight, "month": midnight.replace(day=1)}


def used_up(
    ledger: Ledger, policy: LocalPolicy, *, now: datetime, tokens: int = 0, bytes_out: int = 0
) -> str:
    """Say which budget has no room for so many more tokens and bytes, or return "" when all have.

    Seconds and joules are known only when they are spent: their budgets end a job where it stands.
    """
    asked = {"seconds": 0, "joules": 0, "tokens": tokens, "bytes_out": bytes_out}
    for span, begin in beginnings(now, policy.time_zone).items():
        budget: Budget = getattr(policy.budget, span)
        if not budget.model_dump(exclude_none=True):
            continue
        used = ledger.since(begin)
        for unit, name in UNITS.items():
            most, have = getattr(budget, unit), getattr(used, unit)
            if most is not None and (have >= most or have + asked[unit] > most):
                return f"{have:,.0f} of {most:,} {name} a {span} are used"
    return ""
