"""What reviewers decide on: every figure with who measured it, and how."""
