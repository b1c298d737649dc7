"""What a verdict against an update has to come with: published reasons, and words."""

from collections.abc import Sequence
from typing import Final

from provenance.errors import Invalid
from training.contributions.models import DecisionVerdict
from training.contributions.reason_codes import ReasonCode

NEEDS_REASONS: Final = (DecisionVerdict.REJECT, DecisionVerdict.QUARANTINE)


def require_reasons(verdict: DecisionVerdict, codes: Sequence[str], note: str) -> list[str]:
    """Return the codes in their published order, each once.

    Raises:
        Invalid: ``reason-unknown``; where the verdict is against the update, ``reason-missing`` and
            ``note-missing``.
    """
    unknown = sorted(set(codes) - set(ReasonCode.values))
    if unknown:
        message = f"There is no reason {unknown[0]!r}."
        raise Invalid(message, code="reason-unknown", fields={"reason_codes": [message]})
    if verdict in NEEDS_REASONS and not codes:
        message = "Say for which of the published reasons."
        raise Invalid(message, code="reason-missing", requirement="INV-7", fields={"reason_codes": [message]})
    if verdict in NEEDS_REASONS and not note:
        message = "Say in words what you found: its maker reads it."
        raise Invalid(message, code="note-missing", requirement="INV-7", fields={"note": [message]})
    return [code for code in ReasonCode.values if code in codes]
