"""The experiment: four nodes on four languages, rounds of several lengths, honest and with hostile members.

``python -m training.experiment`` (``make experiment``) starts each node as a process of its own (as root in a
network namespace of its own), trains with the node's own code, admits and merges with the coordinator's,
counts what goes over the wire, and writes a report. No Django and no database: what is measured is training,
admission and merging, and nothing else. How to read it: docs/experiment.md.
"""
