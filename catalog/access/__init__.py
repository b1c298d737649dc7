"""Access on request: a member asks the owner of an entry for one purpose and a time, and the owner decides."""
