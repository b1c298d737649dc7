"""The commands of ``tapestry-node``, by what they are about."""
