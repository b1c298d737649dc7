"""Only gathers the rooms' models for Django."""

from provenance.events.models import Event
from provenance.identity.models import UsedNonce
from provenance.lineage.models import Artifact, Edge, Statement

__all__ = ["Artifact", "Edge", "Event", "Statement", "UsedNonce"]
