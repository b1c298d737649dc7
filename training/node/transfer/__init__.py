"""Large bytes between a node and its coordinator: several streams, resumable, hashed while they come."""

from training.node.transfer.limiting import Bucket
from training.node.transfer.wire import Wire

__all__ = ["Bucket", "Wire"]
