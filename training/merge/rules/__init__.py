"""Rules of aggregation: what several weight updates become together, as plain functions of numbers (INV-5).

Three kinds, each in a module of its own:

coefficients  one number for each update, found from their dot products alone; the result is a weighted sum.
order         the order of the values of one coordinate; no number says how much an update counts.
sparse        few values of each update count: the largest (TIES), or drawn ones (DARE).

`server` holds what is done with the result before it moves the base: plain addition, or an outer optimizer
that remembers earlier rounds. All of it is float32, rounded to nearest at every step, in the order given: the
bytes depend on neither chunks, threads nor machine. Coefficients are float64 and written into the recipe, so
that whoever computes a base again uses the same ones, and can hold them against the rule.
"""

from training.merge.rules.catalogue import RULES, SERVERS, VOTED, Rule, ServerRule

__all__ = ["RULES", "SERVERS", "VOTED", "Rule", "ServerRule"]
