"""`/api/v1/proposals/`: everything that the proposal's pages can do, for a person's own programs."""
