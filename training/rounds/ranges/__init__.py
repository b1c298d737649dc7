"""Large merges: ranges of the file, computed by several workers, joined by one (INV-5, INV-8).

`looking.compute_in_ranges` is an idempotent step function of rows, like a round's conductor. Each look asks
for the ranges that are missing, in a Celery chord whose body is the next look; what the broker loses, a later
look asks for again. A range is a row once its work is kept, and a base is there once it is whole.
"""
