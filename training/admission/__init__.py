"""Admission: what is wrong with an uploaded weight update, in one report and before any merge (INF-6).

Findings are facts for maintainers and for the published rules of a round; nothing is weighed here.
"""

from training.admission.admit import admit
from training.admission.findings import Admission, Finding, FindingCode, TensorMeasure
from training.admission.limits import DEFAULT_LIMITS, Limits
from training.admission.reading import CHUNK_BYTES

__all__ = [
    "CHUNK_BYTES",
    "DEFAULT_LIMITS",
    "Admission",
    "Finding",
    "FindingCode",
    "Limits",
    "TensorMeasure",
    "admit",
]
