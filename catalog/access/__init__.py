"""Access on request: a member asks an entry's owner for one purpose and a time; the owner decides."""
