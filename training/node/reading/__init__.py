"""From the files of a job to batches of tokens, streamed, mixed, shuffled and packed."""
