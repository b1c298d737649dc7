"""Who may learn how much, written down apart from the policy, which has to agree (FIELD.md §2)."""

from tests.leaks.canaries import Level

NOTHING: frozenset[Level] = frozenset()
EXISTS = frozenset({Level.EXISTENCE})
TOMBSTONE = EXISTS | {Level.TITLE}
SUMMARY = TOMBSTONE | {Level.SUMMARY}
RECORD = SUMMARY | {Level.DETAILS, Level.MANIFEST}
ROWS = frozenset({Level.COLUMNS, Level.BYTES})
ALL = RECORD | ROWS
ASKED = frozenset({Level.REQUEST})

OUTSIDE = ("anonymous",)
ASKERS = ("other_researcher", "other_steward")
CONSORTIUM = (*ASKERS, "maintainer")
OWN = ("own_researcher", "owner")
FOREIGN_NODE = ("foreign_node",)
OWN_NODE = ("owner_node",)
ACTORS = (*OUTSIDE, *CONSORTIUM, *OWN, *FOREIGN_NODE, *OWN_NODE)


def _row(*, outside, consortium, own, foreign_node=None, own_node=None):
    """Nodes have the API and, on pages, what anybody has."""
    return {
        **dict.fromkeys(OUTSIDE, outside),
        **dict.fromkeys(CONSORTIUM, consortium),
        **dict.fromkeys(OWN, own),
        **dict.fromkeys(FOREIGN_NODE, outside if foreign_node is None else foreign_node),
        **dict.fromkeys(OWN_NODE, outside if own_node is None else own_node),
    }


def _asked(row):
    """A request for access is between the member that asks and the one that owns."""
    return {who: levels | ASKED if who in (*ASKERS, *OWN) else levels for who, levels in row.items()}


EXPECTED = {
    ("open", "draft"): _row(outside=NOTHING, consortium=NOTHING, own=RECORD),
    ("train-only", "draft"): _row(outside=NOTHING, consortium=NOTHING, own=RECORD),
    ("local-only", "draft"): _row(outside=NOTHING, consortium=NOTHING, own=RECORD),
    ("private", "draft"): _row(outside=NOTHING, consortium=NOTHING, own=EXISTS),
    ("open", "published"): _row(outside=ALL, consortium=ALL, own=ALL),
    ("train-only", "published"): _asked(
        _row(
            outside=SUMMARY,
            consortium=RECORD,
            own=RECORD,
            foreign_node=SUMMARY | {Level.MANIFEST, Level.BYTES},
            own_node=SUMMARY | {Level.MANIFEST, Level.BYTES},
        )
    ),
    ("local-only", "published"): _asked(
        _row(outside=SUMMARY | {Level.MANIFEST}, consortium=RECORD, own=RECORD)
    ),
    ("private", "published"): _row(outside=NOTHING, consortium=NOTHING, own=EXISTS),
    # The owner keeps the preview of its own open rows; nobody downloads a withdrawn file.
    ("open", "withdrawn"): _row(outside=TOMBSTONE, consortium=TOMBSTONE, own=ALL),
    ("train-only", "withdrawn"): _row(outside=TOMBSTONE, consortium=TOMBSTONE, own=RECORD),
    ("local-only", "withdrawn"): _row(outside=TOMBSTONE, consortium=TOMBSTONE, own=RECORD),
    ("private", "withdrawn"): _row(outside=NOTHING, consortium=NOTHING, own=EXISTS),
}
