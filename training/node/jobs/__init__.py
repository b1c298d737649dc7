"""A job on the node, arrow by arrow, from its id to its delivered result."""
