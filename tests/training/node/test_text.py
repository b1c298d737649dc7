from hypothesis import given
from hypothesis import strategies as st

from training.node.reading.text import windows


@given(st.lists(st.integers(0, 255)), st.integers(1, 40))
def test_each_token_is_predicted_exactly_once(tokens, length):
    pieces = list(windows(tokens, begin=256, length=length))
    assert [token for piece in pieces for token in piece[1:]] == tokens
    assert all(2 <= len(piece) <= length + 1 for piece in pieces)
