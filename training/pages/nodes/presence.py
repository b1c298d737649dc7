"""Is a node there, and does it speak as the coordinator does? Read from what its last requests left."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext

from training.manifest.protocol import LEAST, PROTOCOL
from training.nodes.models import Node
from training.nodes.states import NodeState
from training.rounds.missing import AWAY_AFTER


def away_since(node: Node) -> datetime | None:
    """Return since when nothing was heard of a node that ought to ask for work; None while it is there.

    An attached node without a job has nothing to ask, so its silence means nothing.
    """
    asks = node.state == NodeState.ACTIVE and node.form == Node.Form.SOVEREIGN
    seen = node.last_seen_at
    return seen if asks and seen is not None and timezone.now() - seen > AWAY_AFTER else None


def is_too_old(node: Node) -> bool:
    """Tell whether the coordinator turns its requests away."""
    return node.protocol is not None and node.protocol < LEAST


def warning_about(node: Node) -> str:
    """Say what is wrong with the node's program; nothing for one of today, or one that nobody has heard."""
    numbers = {"theirs": node.protocol, "least": LEAST, "ours": PROTOCOL}
    if is_too_old(node):
        text = gettext(
            "Its program is too old: it speaks protocol %(theirs)s, and the coordinator answers from "
            "%(least)s on. Nothing is lost: it works on as soon as its member has updated it."
        )
        return text % numbers
    if node.protocol is not None and node.protocol < PROTOCOL:
        text = gettext(
            "Its program is of before: it speaks protocol %(theirs)s, the coordinator %(ours)s. It is still "
            "answered, and its member should update it."
        )
        return text % numbers
    return ""
