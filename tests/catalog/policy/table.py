"""Every answer of the policy to its characters, as data: `python -m tests.catalog.policy.table` writes it.

A cell is empty where the policy allows, else it holds the reasons. Each operation is asked with the purpose,
the party and the grants that stand in ``CASES``.
"""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from catalog.policy import Facts, Operation
from catalog.proposals.states import AcceptedFor
from catalog.tiers import Purpose, Stage, Tier
from tests.catalog.policy.characters import ACTORS, ask, facts, grant

KEPT = Path(__file__).with_name("decisions.json")
SHARED, BUILD = {"purpose": Purpose.CONTRIBUTED_CPT}, {"purpose": Purpose.SOVEREIGN_BUILD}
CASES = {
    **{operation.value: (operation, SHARED) for operation in Operation},
    "request-access for a sovereign build": (Operation.REQUEST_ACCESS, BUILD),
    "serve-to-node for evaluation": (Operation.SERVE_TO_NODE, {"purpose": Purpose.EVALUATION}),
    "serve-to-node for a sovereign build": (Operation.SERVE_TO_NODE, BUILD),
    "dispatch for a sovereign build": (Operation.DISPATCH, BUILD),
    "dispatch for a sovereign build of another": (Operation.DISPATCH, {**BUILD, "party": "other"}),
    "dispatch for a sovereign build with a grant": (
        Operation.DISPATCH,
        {**BUILD, "party": "other", "grants": (grant(),)},
    ),
    "derive something open": (Operation.DERIVE, {"output": Tier.OPEN}),
    "derive something local-only": (Operation.DERIVE, {"output": Tier.LOCAL_ONLY}),
}


def states(tier: Tier) -> dict[str, Facts]:
    """The version as published, embargoed, withdrawn, and so on: what an answer may depend on."""
    permitted = frozenset({Stage.CPT, Stage.EVALUATION})
    published = facts(tier, stages=permitted)
    return {
        "published": published,
        "embargoed": replace(published, embargo_until=date(2027, 1, 1)),
        "withdrawn": replace(published, withdrawn=True),
        "rights unknown": replace(published, model_training=False, terms_unknown=True),
        "sealed since": replace(published, entry_sealed=True),
        "accepted for evaluation": replace(published, accepted_for=AcceptedFor.EVALUATION),
        "accepted for metadata": replace(published, accepted_for=AcceptedFor.METADATA),
    }


def table() -> dict[str, dict[str, dict[str, str]]]:
    """Return case → "tier, state" → actor → reasons."""
    return {
        case: {
            f"{tier}, {state}": {
                name: " ".join(ask(operation, actor, about, **given).reason_codes)
                for name, actor in ACTORS.items()
            }
            for tier in Tier
            for state, about in states(tier).items()
        }
        for case, (operation, given) in CASES.items()
    }


def written() -> str:
    """Return the table as it is kept: one line for each tier and state."""
    cases = []
    for case, rows in table().items():
        lines = [f"    {json.dumps(row)}: {json.dumps(cells)}" for row, cells in rows.items()]
        cases.append(f"  {json.dumps(case)}: {{\n" + ",\n".join(lines) + "\n  }")
    return "{\n" + ",\n".join(cases) + "\n}\n"


if __name__ == "__main__":
    KEPT.write_text(written(), "utf-8")
