"""Outer optimizers against plain formulas in float64, over several rounds and in pieces."""

import numpy as np
import pytest

from training.merge.rules.server import Adam, Nesterov, Plain, Yogi

F32 = np.float32
SIZE, ROUNDS = 300, 6


def updates():
    return np.random.default_rng(3).standard_normal((ROUNDS, SIZE)).astype(F32)


def run(server, chunk=SIZE):
    """The changes of all rounds, with the state kept from each to the next."""
    state, changes = np.zeros((server.arrays, SIZE), F32), np.zeros((ROUNDS, SIZE), F32)
    for number, update in enumerate(updates()):
        for start in range(0, SIZE, chunk):
            span = slice(start, start + chunk)
            changes[number, span] = server.step(update[span], state[:, span])
    return changes


def nesterov(rate=0.7, momentum=0.9):
    velocity = np.zeros(SIZE)
    for update in updates().astype(np.float64):
        velocity = momentum * velocity + update
        yield rate * (update + momentum * velocity)


def adaptive(sign, rate=0.01, first=0.9, second=0.99, adaptivity=1e-3):
    mean, spread = np.zeros(SIZE), np.zeros(SIZE)
    for update in updates().astype(np.float64):
        mean = first * mean + (1 - first) * update
        spread = spread - (1 - second) * update**2 * sign(spread - update**2)
        yield rate * mean / (np.sqrt(spread) + adaptivity)


def adam():
    mean, spread = np.zeros(SIZE), np.zeros(SIZE)
    for update in updates().astype(np.float64):
        mean, spread = 0.9 * mean + 0.1 * update, 0.99 * spread + 0.01 * update**2
        yield 0.01 * mean / (np.sqrt(spread) + 1e-3)


@pytest.mark.parametrize(
    ("server", "plain"), [(Nesterov(), nesterov()), (Adam(), adam()), (Yogi(), adaptive(np.sign))]
)
def test_each_is_its_papers_formula(server, plain):
    np.testing.assert_allclose(run(server), np.array(list(plain)), rtol=2e-4, atol=1e-6)


@pytest.mark.parametrize("server", [Plain(), Nesterov(), Adam(), Yogi()])
def test_pieces_give_the_same_bytes_as_the_whole(server):
    assert run(server, chunk=7).tobytes() == run(server).tobytes()


def test_the_plain_one_adds_what_came():
    np.testing.assert_array_equal(run(Plain()), updates())
