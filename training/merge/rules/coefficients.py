"""How much each update counts, found from the dot products of all of them (the Gram matrix).

Each function takes ``gram``, shape (updates, updates), float64: ``gram[i, j]`` is the dot product of updates
i and j over all elements. It gives one coefficient for each, float64. Distances between updates, and from any
weighted sum of them, follow from the matrix, so one pass over the bytes is enough whatever the rule.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

WEISZFELD_STEPS = 200
WEISZFELD_CLOSE = 1e-12


def norms(gram: Matrix) -> Vector:
    """Return the Euclidean norm of each update."""
    return np.sqrt(gram.diagonal())


def squared_distances(gram: Matrix) -> Matrix:
    """Return the squared Euclidean distance between each two updates, never below zero."""
    squares = gram.diagonal()
    found: Matrix = np.maximum(squares[:, None] + squares[None, :] - 2 * gram, 0)
    np.fill_diagonal(found, 0)
    return found


def norm_clipped(gram: Matrix, weights: Sequence[float], bound: float) -> Vector:
    """Return the weights, each scaled down so that its update's norm counts as ``bound`` at most.

    Raises:
        ValueError: the bound is not above zero.
    """
    if not bound > 0:
        raise ValueError("a norm is bounded by something above zero")
    lengths = norms(gram)
    scales = np.minimum(1.0, np.divide(bound, lengths, out=np.ones_like(lengths), where=lengths > 0))
    return np.asarray(weights, np.float64) * scales


def krum_scores(gram: Matrix, hostile: int) -> Vector:
    """Return for each update the sum of squared distances to its n - f - 2 nearest (Blanchard et al. 2017).

    Raises:
        ValueError: fewer than 2 f + 3 updates.
    """
    count = len(gram)
    if hostile < 0 or count < 2 * hostile + 3:
        raise ValueError(f"{hostile} hostile ones take {2 * hostile + 3} updates at least, not {count}")
    nearest = np.sort(squared_distances(gram), axis=1)[:, 1 : count - hostile - 1]
    scores: Vector = nearest.sum(axis=1)
    return scores


def multi_krum(gram: Matrix, hostile: int, chosen: int) -> Vector:
    """Return equal coefficients for the ``chosen`` updates of the lowest scores, zero for the others.

    Krum is the choice of one. Of scores with the same nine digits the earlier update is chosen, so that the
    last digits of a sum do not decide between equal updates. Raises ValueError: as `krum_scores`, and where
    not between 1 and n - f are to be chosen.
    """
    scores = [float(f"{score:.8e}") for score in krum_scores(gram, hostile)]
    if not 1 <= chosen <= len(gram) - hostile:
        raise ValueError(f"between 1 and {len(gram) - hostile} updates are chosen, not {chosen}")
    found = np.zeros(len(gram))
    found[np.argsort(scores, kind="stable")[:chosen]] = 1 / chosen
    return found


def geometric_median(gram: Matrix, weights: Sequence[float]) -> Vector:
    """Return coefficients of the point with the least weighted sum of distances to all updates.

    Smoothed Weiszfeld steps (Pillutla et al. 2019), with the point kept as a weighted sum of the updates. The
    smoothing is a millionth of the largest norm: closer than that to an update, all points are the same.
    """
    given = np.asarray(weights, np.float64)
    least = 1e-6 * float(norms(gram).max(initial=0.0))
    found: Vector = given / given.sum()
    if least == 0:
        return found
    for _ in range(WEISZFELD_STEPS):
        scaled = given / np.maximum(_distances(gram, found), least)
        following = scaled / scaled.sum()
        moved = float(np.abs(following - found).max())
        found = following
        if moved < WEISZFELD_CLOSE:
            break
    return found


def _distances(gram: Matrix, point: Vector) -> Vector:
    """Distance of each update from the weighted sum whose coefficients are ``point``."""
    along = gram @ point
    squares = gram.diagonal() - 2 * along + point @ along
    found: Vector = np.sqrt(np.maximum(squares, 0))
    return found
