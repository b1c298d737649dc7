"""What bench/merge.py measures: files, our ways to merge them, and those of peers."""
