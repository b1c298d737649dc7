"""A package, so that what its tests share is over when the last of them has run."""
