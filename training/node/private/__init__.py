"""Sovereign builds: manifests that the node writes and signs itself."""
