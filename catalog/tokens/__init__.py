"""Personal tokens: how a person's own programs speak for them at the API."""
