"""The verbs of batches."""

from catalog.batches.repairing import repair_row, skip_row, unskip_row
from catalog.batches.starting import forget_batch, set_columns, start_batch
from catalog.batches.submitting import submit_rows

__all__ = [
    "forget_batch",
    "repair_row",
    "set_columns",
    "skip_row",
    "start_batch",
    "submit_rows",
    "unskip_row",
]
