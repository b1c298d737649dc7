"""The computing child: one loop for every objective, its checkpoints, its measurements."""
