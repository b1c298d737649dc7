"""What the benchmark of training compares: our loop, and the one that anyone would write."""
